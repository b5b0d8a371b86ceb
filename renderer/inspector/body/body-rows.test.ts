import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asJsonTemplate } from '../../../core/domain/templates/json-template.ts'
import { parseTemplate, renderValue } from '../../../core/domain/templates/template.ts'
import { bodyRows, moved, pathOfName, renamed, rowsBody, withRow } from './body-rows.ts'

const BODY = { order: '{{ a.id }}', customer: { name: 'x', mail: 'y' }, lines: [{ sku: 1 }] }

describe('the rows of a body', () => {
  test('are its values in order, with what is inside of each below it', () => {
    expect(bodyRows(BODY)?.map(({ name, depth, inside }) => [name, depth, inside])).toEqual([
      ['order', 0, null],
      ['customer', 0, 2],
      ['name', 1, null],
      ['mail', 1, null],
      ['lines', 0, 1],
      [0, 1, 1],
      ['sku', 2, null],
    ])
  })

  test.each([
    '{{ hook.body }}',
    'plain',
    '[1]',
    '{ "a": 12345678901234567890 }',
    '{ "a": 1.0 }',
    '{% if a %}{}{% endif %}',
    '{ "a"',
    '{ "{{ a }}": 1 }',
  ])('cannot say %s', (text) => {
    expect(rowsBody(text)).toBeNull()
  })

  test('of a text become what the text does, with the types of their values', () => {
    const scope = { a: { n: 5, s: 'say "hi"', o: { deep: [1] } } }
    const piece = fc.constantFrom(
      '{{ a.n }}',
      '"{{ a.n }}"',
      '"{{ a.s }}"',
      '"x {{ a.s | upcase }} y"',
      '{{ a.o }}',
      '{{ a.o | json }}',
      '7',
      'null',
      '"{{ a.s | replace: "hi", "ho" }}"',
    )
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), piece, { minKeys: 1 }), (members) => {
        const text = `{ ${Object.entries(members)
          .map(([name, value]) => `"${name}": ${value}`)
          .join(', ')} }`
        const body = rowsBody(text)
        expect(body).not.toBeNull()
        const sent = parseTemplate(asJsonTemplate(text) ?? text).render(scope)
        expect(renderValue(body ?? {}, scope)).toEqual(JSON.parse(String(sent)))
      }),
    )
  })
})

describe('a line', () => {
  test('with a dot in its name makes an object, and with brackets a list', () => {
    expect(pathOfName(BODY, [], 'a.b')).toEqual(['a', 'b'])
    expect(pathOfName(BODY, [], 'customer.phone')).toEqual(['customer', 'phone'])
    expect(pathOfName(BODY, [], 'tags[]')).toEqual(['tags', 0])
    expect(pathOfName(BODY, [], 'lines[]')).toEqual(['lines', 1])
    for (const name of ['', ' ', 'order', 'a..b', '.', 'order.x', 'customer.name'])
      expect(pathOfName(BODY, [], name)).toBeNull()
  })

  test('is renamed at its place, but for a name that is there', () => {
    expect(Object.keys(renamed(BODY, ['order'], 'id') ?? {})).toEqual(['id', 'customer', 'lines'])
    expect(renamed(BODY, ['customer', 'name'], 'full')).toMatchObject({ customer: { full: 'x', mail: 'y' } })
    expect(renamed(BODY, ['order'], 'customer')).toBeNull()
    expect(renamed(BODY, ['order'], 'meta.id')).toMatchObject({ meta: { id: '{{ a.id }}' } })
    expect(renamed(BODY, ['lines', 0], 'x')).toBeNull()
  })

  test('is moved among its neighbours, and goes with an object that it leaves empty', () => {
    expect(Object.keys(moved(BODY, ['lines'], -1))).toEqual(['order', 'lines', 'customer'])
    expect(moved(BODY, ['order'], -1)).toBe(BODY)
    expect(withRow({ a: { b: { c: 1 } }, d: 2 }, ['a', 'b', 'c'], undefined)).toEqual({ d: 2 })
  })

  test('called as a part of every object is a name like others', () => {
    const body = withRow({}, pathOfName({}, [], '__proto__') ?? [], 'x')
    expect(Object.entries(body)).toEqual([['__proto__', 'x']])
    expect(Object.entries(renamed(body, ['__proto__'], 'constructor') ?? {})).toEqual([['constructor', 'x']])
  })
})
