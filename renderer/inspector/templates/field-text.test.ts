import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testCatalogue } from '../../../core/connectors/test-catalogue.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { type Control, type FormField, formFields } from '../../steps/form-fields.ts'
import { textOfValue } from '../data/value-text.ts'
import { isShowable, textKindOf, valueOfFieldText } from './field-text.ts'

const field = (control: Control, values: readonly Json[] = []): FormField => ({
  name: 'field',
  title: 'Field',
  description: null,
  control,
  required: false,
  advanced: false,
  fallback: undefined,
  placeholder: null,
  noun: 'entry',
  jsonText: null,
  types: null,
  list: null,
  mustExist: false,
  unit: null,
  language: null,
  showIf: undefined,
  options: values.map((value) => ({ value, label: String(value) })),
  optional: true,
  choice: null,
  clears: [],
  fields: [],
})

describe('a field as text', () => {
  it('is read back as the value that it was written from', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text.trim() === text)
    const row = fc.record({ left: word, op: fc.constant('eq'), right: word })
    const cases = fc.oneof(
      fc.tuple(fc.constant(field('key-value')), fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()))),
      fc.tuple(fc.constant(field('condition-group')), fc.record({ all: fc.array(row) })),
      fc.tuple(fc.constant(field('paths')), fc.array(fc.record({ id: word, when: fc.record({ any: fc.array(row) }) }))),
      fc.tuple(fc.constant(field('switch')), fc.boolean()),
      fc.tuple(fc.constant(field('select', ['GET', 'POST'])), fc.constantFrom('GET', 'POST')),
      fc.tuple(fc.constant(field('select', [1, 2])), fc.constantFrom(1, 2)),
      fc.tuple(fc.constant(field('duration')), fc.constantFrom('5m', '1h30m')),
    )
    fc.assert(
      fc.property(cases, ([one, value]) => {
        const json = JSON.parse(JSON.stringify(value)) as Json // fast-check's objects may lack a prototype
        expect(isShowable(one, json)).toBe(true)
        const kind = textKindOf(one.control, false)
        expect(kind && valueOfFieldText(one, kind, textOfValue(json))).toEqual({ ok: true, value: json })
      }),
    )
  })

  it('may be a template in place of what the control offers, which the control then cannot show', () => {
    for (const one of [field('select', ['GET']), field('switch'), field('key-value'), field('duration')]) {
      const kind = textKindOf(one.control, false)
      expect(kind && valueOfFieldText(one, kind, '{{ hook.body.x }}')).toEqual({ ok: true, value: '{{ hook.body.x }}' })
      expect(isShowable(one, '{{ hook.body.x }}')).toBe(false)
    }
  })

  it('says in which line it breaks off, and is nothing when it is empty', () => {
    expect(valueOfFieldText(field('key-value'), 'json', '{\n  "a": {{ x }}\n}')).toMatchObject({ ok: false, line: 2 })
    expect(valueOfFieldText(field('key-value'), 'json', ' ')).toEqual({ ok: true, value: undefined })
    expect(valueOfFieldText(field('paths'), 'json', 'nonsense').ok).toBe(false)
  })

  it('is there for every field of every connector in which a template may stand', () => {
    const without = new Set<Control>([
      'text',
      // Their text is a view of their own.
      'json',
      'body',
      'item-field',
      'table',
      'table-column',
      'code',
      'text-list',
      'zap',
      'zaps',
      'credential',
      'credentials',
      'cron',
      'interval',
      'time-zone',
      'group',
    ])
    for (const { kind, input } of testCatalogue.manifests()) {
      if (kind === 'trigger') continue
      for (const one of formFields(input))
        expect([one.control, textKindOf(one.control, false) === null]).toEqual([one.control, without.has(one.control)])
    }
  })

  it('has fields in every card of rows', () => {
    for (const { id, input } of testCatalogue.manifests())
      for (const one of formFields(input))
        if (one.control === 'rows') expect([id, one.name, one.fields.length > 0]).toEqual([id, one.name, true])
  })
})
