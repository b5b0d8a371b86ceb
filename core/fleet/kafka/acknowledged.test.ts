import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOTE_OFFSETS, readAcknowledged } from './acknowledged.ts'

test('whatever order records are acknowledged in, the number and its note tell the same of each', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.uniqueArray(fc.nat(400)), (first, offsets) => {
      const here = readAcknowledged(first, '')
      for (const offset of offsets) here.add(first + offset)
      const elsewhere = readAcknowledged(here.committed, here.note())
      const done = new Set(offsets)
      for (let offset = 0; offset <= 401; offset++) {
        expect(here.has(first + offset)).toBe(done.has(offset))
        expect(elsewhere.has(first + offset)).toBe(done.has(offset))
      }
      expect(elsewhere.committed).toBe(here.committed)
      expect(elsewhere.open(first, first + 402)).toBe(402 - offsets.length)
    }),
  )
})

test('a note fits into what brokers keep, however far in front a record is acknowledged', () => {
  const acknowledged = readAcknowledged(7, '')
  acknowledged.add(acknowledged.limit - 1)
  expect(acknowledged.note().length).toBeLessThanOrEqual(4_096)
  expect(acknowledged.limit).toBe(7 + NOTE_OFFSETS)
})

test('offsets that hold no record are passed over, in front of the number and behind it', () => {
  const acknowledged = readAcknowledged(10, '')
  acknowledged.skip(10, 20)
  expect(acknowledged.committed).toBe(20)
  acknowledged.skip(22, 25)
  acknowledged.add(20)
  acknowledged.add(21)
  expect(acknowledged.committed).toBe(25)
  acknowledged.skip(3, 1_000_000)
  expect(acknowledged.committed).toBe(1_000_000)
})

test('a note of something else counts as none', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5_000 }), (note) => {
      const acknowledged = readAcknowledged(-1, note)
      expect(acknowledged.committed).toBeGreaterThanOrEqual(0)
      expect(acknowledged.note().length).toBeLessThanOrEqual(4_096)
    }),
  )
})
