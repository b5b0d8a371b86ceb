import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOut } from './share-out.ts'

const members = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), fc.array(fc.integer({ min: -2, max: 40 })), {
  minKeys: 1,
  maxKeys: 8,
})

test('each partition is at one member at most, and none is read by two', () => {
  fc.assert(
    fc.property(fc.nat(32), members, (count, owned) => {
      const shares = shareOut(count, new Map(Object.entries(owned)))
      const all = [...shares.values()].flatMap(({ partitions }) => [...partitions])
      expect(new Set(all).size).toBe(all.length)
      for (const partition of all) expect(partition).toBeLessThan(count)
      for (const { partitions, release } of shares.values())
        for (const one of release) expect(partitions.has(one)).toBe(true)
    }),
  )
})

test('when members release what they are told to, all is divided evenly after a few rounds, and then nothing moves', () => {
  fc.assert(
    fc.property(fc.nat(32), members, (count, owned) => {
      let state = new Map<string, readonly number[]>(Object.entries(owned))
      let shares = shareOut(count, state)
      for (let round = 0; round < 3; round++) {
        state = new Map(
          [...shares].map(([name, share]) => [name, [...share.partitions].filter((one) => !share.release.has(one))]),
        )
        shares = shareOut(count, state)
      }
      const sizes = [...shares.values()].map(({ partitions }) => partitions.size)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      expect(sizes.reduce((a, b) => a + b)).toBe(count)
      for (const { release } of shares.values()) expect(release.size).toBe(0)
      const again = shareOut(count, new Map([...shares].map(([name, { partitions }]) => [name, [...partitions]])))
      for (const [name, { partitions }] of again) expect(partitions).toEqual(shares.get(name)?.partitions)
    }),
  )
})

test('one that leaves releases everything and gets nothing', () => {
  const shares = shareOut(
    4,
    new Map([
      ['a', [0, 1]],
      ['b', [2]],
    ]),
    new Set(['a']),
  )
  expect([...(shares.get('a')?.release ?? [])]).toEqual([0, 1])
  expect([...(shares.get('b')?.partitions ?? [])].toSorted()).toEqual([2, 3])
})
