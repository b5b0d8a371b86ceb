import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formSubmitted } from '../../../core/connectors/form/submitted.trigger.ts'
import { fieldOf, nameFor, rowOf, typeFor } from './form-field-rows.ts'

it.each([
  ['Your name', 'your_name'],
  ['Größe (cm)?', 'gro_e_cm'],
  ['2nd address', 'nd_address'],
  ['日本語', 'field'],
  ['', 'field'],
])('the field %j is known as %s', (label, name) => {
  expect(nameFor(label, [])).toBe(name)
  expect(nameFor(label, [name, `${name}_2`])).toBe(`${name}_3`)
})

it('every label makes a name that a form takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (label, taken) => {
      const fields = [{ name: nameFor(label, taken), label: 'x' }]
      expect(formSubmitted.input.safeParse({ title: 'x', fields }).success).toBe(true)
    }),
  )
})

it.each([
  ['E-mail', 'email'],
  ['Arrived on (date)', 'date'],
  ['How many pieces', 'number'],
  ['Photo of the damage', 'file'],
  ['Message', 'long'],
  ['I agree to the terms', 'checkbox'],
  ['Order', 'text'],
])('%j asks for %s', (label, type) => {
  expect(typeFor(label)).toBe(type)
})

it('whatever a draft holds is shown as a field, and stored as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const row = rowOf(JSON.parse(JSON.stringify(value)))
      expect(rowOf(fieldOf(row))).toEqual({
        ...row,
        options: row.type === 'choice' || row.type === 'choices' ? row.options : [],
      })
    }),
  )
  const field = { name: 'a', label: 'A', type: 'choice', required: true, options: ['x, y', 'z'], help: 'h' }
  expect(fieldOf(rowOf(field))).toEqual(field)
})
