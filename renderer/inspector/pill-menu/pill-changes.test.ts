import { describe, expect, test } from 'vitest'
import { parseTemplate } from '../../../core/domain/templates/template.ts'
import type { Json } from '../../../core/domain/values/json.ts'
import { kindOf, type ValueKind } from '../data/value-kind.ts'
import { exampleOf, filtersBefore, resultOf, withDefault } from './pill-changes.ts'
import { changesOf, otherKinds } from './value-changes.ts'

const SAMPLES: Readonly<Record<ValueKind, Json>> = {
  date: '2026-11-27T09:43:41.504Z',
  number: 1234.5,
  text: ' Kestrel <b>Bikes</b>, 7 ',
  list: [
    { sku: 'SKU-70', price: 42 },
    { sku: 'SKU-71', price: 12.5 },
  ],
  object: { a: 1 },
  boolean: true,
}
const scopeOf = (value: Json) => ({ v: value, zap: { timezone: 'Europe/Berlin' }, now: '2026-11-30T10:00:00Z' })

describe.each(Object.entries(SAMPLES))('of a %s', (kind, value) => {
  test('every change is written in filters that work on the sample', () => {
    const scope = scopeOf(value)
    expect(kindOf(value)).toBe(kind)
    for (const change of changesOf(kind as ValueKind, value)) {
      expect(resultOf({ path: 'v', filters: change.filters }, scope), change.label).toMatchObject({ kind: 'value' })
      const filters = change.ask?.filtersOf(change.ask.start)
      if (change.ask) expect(filters).toEqual(change.filters)
    }
  })

  test('what is missing has a word in its place, or none', () => {
    expect(otherKinds(kind as ValueKind, value)).toContain('missing')
    for (const { filters, label } of changesOf('missing', value)) {
      if (label === 'Stop the run') continue
      expect(() => parseTemplate(`{{ v.no.no | ${filters.join(' | ')} }}`).render(scopeOf(value))).not.toThrow()
    }
  })
})

test.each<[string, Json, string, Json]>([
  ['Day, in words', SAMPLES.date, 'date', '27 Nov 2026'],
  ['Day and time', SAMPLES.date, 'date', '27 Nov 2026, 10:43'],
  ['How long ago', SAMPLES.date, 'date', '3 days ago'],
  ['With dots', 1234.5, 'number', '1.234,50'],
  ['Dollar', 1234.5, 'number', '$1,234.50'],
  ['For addresses', 'Kestrel Bikes', 'text', 'kestrel-bikes'],
  ['sku, joined', SAMPLES.list, 'list', 'SKU-70, SKU-71'],
  ['price, added up', SAMPLES.list, 'list', 54.5],
  ['1.500,75 is a number', '1.500,75', 'number', 1500.75],
])('“%s”', (label, value, kind, result) => {
  const change = changesOf(kind as ValueKind, value).find((one) => one.label === label)
  expect(exampleOf({ path: 'v', filters: change?.filters ?? [] }, scopeOf(value))).toEqual(result)
})

test('the menu is about the value before the change that was made with it', () => {
  const before = (value: Json, ...filters: string[]): number => filtersBefore({ path: 'v', filters }, scopeOf(value))
  expect(before(SAMPLES.list, 'map: "sku"', 'join: ", "')).toBe(0)
  expect(before(SAMPLES.list, 'first', 'json')).toBe(1)
  expect(before(SAMPLES.date, 'date: "%j"')).toBe(0)
  expect(before(SAMPLES.date, 'date: "%H:%M"', 'default: "never"')).toBe(0)
})

test('there is one stand-in for what is missing, at the end', () => {
  expect(withDefault(['default: ""', 'upcase'], ['default: "x"'])).toEqual(['upcase', 'default: "x"'])
  expect(withDefault(['upcase', 'default: ""'], [])).toEqual(['upcase'])
})
