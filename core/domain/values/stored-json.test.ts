import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from './json.ts'
import { adoptReferences, holdsLarge, isLargeValue, type LargeValueFacts, reference } from './large-value.ts'
import { fromStored, memberText, storedKey, toStored } from './stored-json.ts'

const facts: LargeValueFacts = { $blob: 'a'.repeat(64), bytes: 7, type: 'text' }

const key = fc.oneof(fc.constantFrom('$blob', '$$blob', '$$$blob', 'blob', '$blobs', '__proto__', 'bytes'), fc.string())
const { value: outside } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
    fc.constant<Json>({ ...facts }),
  ),
}))

test('outside data comes back as it was, whatever its keys are, and refers to nothing', () => {
  fc.assert(
    fc.property(outside, (value) => {
      const back = fromStored(toStored(value))
      expect(JSON.stringify(back)).toBe(JSON.stringify(value))
      expect(holdsLarge(back)).toBe(false)
    }),
  )
})

test('a reference of ours comes back as one, also beside data that looks the same', () => {
  const value: Json = { ours: reference(facts), theirs: { ...facts }, deep: [{ $$blob: [reference(facts)] }] }
  const back = fromStored(toStored(value))
  expect(back).toEqual(value)
  const { ours, theirs } = back as { ours: Json; theirs: Json }
  expect(isLargeValue(ours)).toBe(true)
  expect(isLargeValue(theirs)).toBe(false)
})

test('what holds no such key is stored as plain JSON', () => {
  expect(toStored({ text: 'a $blob": here', list: [1] })).toBe('{"text":"a $blob\\": here","list":[1]}')
  expect(storedKey('$blob')).toBe('$$blob')
  expect(storedKey('blob')).toBe('blob')
})

test('a copy of a reference is data, and a reference cannot be pointed elsewhere', () => {
  const ours = reference(facts)
  expect(isLargeValue({ ...ours })).toBe(false)
  expect(isLargeValue(structuredClone(ours))).toBe(false)
  expect(() => Object.assign(ours, { $blob: 'b'.repeat(64) })).toThrow()
})

test('of what a person sends back, only references that were shown are taken for such', () => {
  const known: Json = { body: reference(facts) }
  const edited: Json = { body: { ...facts }, note: 'edited', other: { ...facts, $blob: 'c'.repeat(64) } }
  const adopted = adoptReferences(edited, [known]) as { body: Json; other: Json }
  expect(isLargeValue(adopted.body)).toBe(true)
  expect(isLargeValue(adopted.other)).toBe(false)
  expect(adopted).toEqual(edited)
})

test('the text of a member is found, whatever stands in the object', () => {
  fc.assert(
    fc.property(fc.dictionary(key, outside), fc.nat(), (object, n) => {
      const names = Object.keys(object)
      const name = names[n % Math.max(1, names.length)] ?? 'none'
      const found = memberText(JSON.stringify(object), name)
      expect(found).toBe(Object.hasOwn(object, name) ? JSON.stringify(object[name]) : undefined)
    }),
  )
})

test('of a text that is cut off, or no object, no member is found', () => {
  for (const text of ['', '{', '{}', '[]', '"text"', '{"a', '{"a":"b']) expect(memberText(text, 'b')).toBeUndefined()
})
