import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { newItems, newItemsOfPages } from './new-items.ts'

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

/** A list of a service, the newest first, in pages. */
async function* pagesOf(keys: readonly string[], size: number) {
  for (let at = 0; at === 0 || at < keys.length; at += size) {
    yield { items: listOf(keys.slice(at, at + size)), hasNext: at + size < keys.length }
  }
}

const poll = (keys: readonly string[], cursor: Json | null, { size = 10, usual = 20 } = {}) =>
  newItemsOfPages(pagesOf(keys, size), cursor, { usual, now: () => 0 })

test('of a list in pages each item is new once, however many come at a time and whatever is deleted', async () => {
  const change = fc.record({ came: fc.nat(45), deleted: fc.array(fc.nat(200), { maxLength: 3 }) })
  const old = fc.nat(90)
  const size = fc.integer({ min: 5, max: 30 })
  await fc.assert(
    fc.asyncProperty(old, size, fc.array(change, { maxLength: 8 }), async (there, size, changes) => {
      let last = there
      let list = Array.from({ length: there }, (_, at) => `item ${there - at}`)
      let { cursor } = await poll(list, null, { size })
      const expected: string[] = []
      const found: string[] = []
      for (const { came, deleted } of changes) {
        const fresh = Array.from({ length: came }, (_, at) => `item ${last + came - at}`)
        last += came
        list = [...fresh, ...list.filter((_, at) => !deleted.includes(at))]
        expected.push(...fresh)
        const next = await poll(list, JSON.parse(JSON.stringify(cursor)), { size })
        found.push(...next.events.map(({ key }) => key))
        cursor = next.cursor
      }
      expect(found.toSorted()).toEqual(expected.toSorted())
    }),
  )
})

test('what is pinned to the top hides nothing that came below it', async () => {
  const old = Array.from({ length: 60 }, (_, at) => `old ${at}`)
  const { cursor } = await poll(['pinned', ...old], null)
  const fresh = Array.from({ length: 45 }, (_, at) => `new ${at}`)
  const next = await poll(['pinned', ...fresh, ...old], cursor)
  expect(next.events.map(({ key }) => key)).toEqual(fresh)
})

test('a list that has nothing known any more is read up to a bound, and that is said', async () => {
  const { cursor } = await poll(['a', ...Array.from({ length: 50 }, (_, at) => `old ${at}`)], null)
  const others = Array.from({ length: 2_000 }, (_, at) => `new ${at}`)
  const next = await poll(others, cursor)
  expect(next.events).toHaveLength(520)
  expect(next.note).toContain('520 items were taken')
  expect((await poll(others, next.cursor)).events).toEqual([])
})

test('a cursor of an earlier version, which does not say whether the list went on, makes nothing old new', async () => {
  const list = Array.from({ length: 90 }, (_, at) => `item ${at}`)
  const cursor = (await newItems(listOf(list.slice(0, 20)), null)).cursor
  const next = await poll(list.slice(1), cursor, { size: 50 })
  expect(next.events.map(({ key }) => key)).toEqual(['item 20'])
  expect((await poll(['new', ...list.slice(3)], next.cursor, { size: 50 })).events.map(({ key }) => key)).toEqual([
    'new',
  ])
})

test('a list of what came since a time is read to its end, also where it begins with what is known', async () => {
  const known = Array.from({ length: 30 }, (_, at) => `known ${at}`)
  const terms = { usual: 'a page', now: () => 0, isAllNew: true } as const
  const { cursor } = await newItemsOfPages(pagesOf(known, 40), null, terms)
  const next = await newItemsOfPages(pagesOf([...known, 'a', 'b'], 10), cursor, terms)
  expect(next.events.map(({ key }) => key)).toEqual(['a', 'b'])
})

test('pages without items in between neither end a list nor make what is old new', async () => {
  async function* withGaps(keys: readonly string[]) {
    for (const key of keys) {
      yield { items: [], hasNext: true }
      yield { items: listOf([key]), hasNext: key !== keys.at(-1) }
    }
  }
  for (const usual of ['a page', 2] as const) {
    const terms = { usual, now: () => 0 }
    const { cursor } = await newItemsOfPages(withGaps(['c', 'b', 'a']), null, terms)
    const next = await newItemsOfPages(withGaps(['e', 'd', 'c', 'b', 'a']), cursor, terms)
    expect(next.events.map(({ key }) => key)).toEqual(['e', 'd'])
  }
})

test('a list that begins with its oldest and grows over a page is read to its end', async () => {
  const list = ['1', '2']
  let { cursor } = await poll(list, null, { size: 10, usual: 10 })
  for (let n = 3; n < 40; n++) {
    list.push(String(n))
    const next = await poll(list, JSON.parse(JSON.stringify(cursor)), { size: 10, usual: 10 })
    expect(next.events.map(({ key }) => key)).toEqual([String(n)])
    cursor = next.cursor
  }
})
