import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { newItems } from './new-items.ts'

const listOf = (keys: readonly string[]) => keys.map((key) => ({ key, data: key }))

test('an item is new once, however lists overlap, come back or repeat themselves', async () => {
  const keys = fc.oneof(fc.string(), fc.string({ minLength: 15, maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(keys, { maxLength: 12 }), { maxLength: 8 }), async (polls) => {
      let cursor: Json | null = null
      const found: string[] = []
      for (const poll of polls) {
        const next = await newItems(listOf(poll), cursor)
        found.push(...next.events.map(({ key }) => key))
        // As it is stored and read again.
        cursor = JSON.parse(JSON.stringify(next.cursor))
      }
      expect(found).toEqual([...new Set(polls.flat())])
    }),
  )
})

test('of items that are gone the newest ten thousand are remembered, of those that are there all', async () => {
  const many = Array.from({ length: 30_000 }, (_, at) => `item number ${at}`)
  const first = await newItems(listOf(many), null)
  expect(first.events).toHaveLength(30_000)
  const second = await newItems(listOf(['another']), first.cursor)
  expect((second.cursor as { seen: string[] }).seen).toHaveLength(10_000)
  expect((await newItems(listOf(many.slice(0, 9_000)), second.cursor)).events).toEqual([])
})

test('what is no cursor of ours counts as none', async () => {
  for (const cursor of [{}, [], 'x', { seen: 7 }, { seen: [7] }]) {
    expect((await newItems(listOf(['a']), cursor)).events).toHaveLength(1)
  }
})
