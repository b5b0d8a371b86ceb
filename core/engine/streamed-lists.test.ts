import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Lists } from '../connectors/action-context.ts'
import { families } from '../connectors/families.ts'
import { atOnce } from '../connectors/kit/in-turns.ts'
import { createItemReader } from '../connectors/kit/json-items.ts'
import { plainLists } from '../connectors/kit/rows.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import { isLargeValue, reference } from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import { itemRenderer } from './item-renderer.ts'
import { createStreamedLists } from './streamed-lists.ts'

const json = fc.jsonValue({ maxDepth: 3 }).map((value): Json => JSON.parse(JSON.stringify(value)))

test('a list is read item by item, wherever its bytes are cut and however it is indented', () => {
  fc.assert(
    fc.property(fc.array(json), fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1), (list, size, indent) => {
      const bytes = Buffer.from(JSON.stringify(list, null, indent))
      const reader = createItemReader()
      const items: Json[] = []
      for (let at = 0; at < bytes.length; at += size) items.push(...reader.take(bytes.subarray(at, at + size)))
      reader.end()
      expect(items).toEqual(list)
    }),
  )
})

test.each(['[{"a":1}', '[1,"]', '', ' '])('the list %j is not whole', (text) => {
  const reader = createItemReader()
  reader.take(Buffer.from(text))
  expect(() => reader.end()).toThrow('ends too early')
})

const row = fc
  .record(
    { id: fc.integer({ min: 0, max: 9 }), amount: fc.integer({ min: -5, max: 5 }), $blob: json },
    { requiredKeys: [] },
  )
  .map((made): Json => JSON.parse(JSON.stringify(made)))
const rows = fc.array(row, { maxLength: 30 })

const STEPS: readonly (readonly [string, (list: Json, other: Json) => Record<string, Json>])[] = [
  ['list.filter', (items) => ({ items, all: [{ left: '{{ item.amount | default: 0 }}', op: 'gt', right: 0 }] })],
  ['list.map', (items) => ({ items, fields: { place: '{{ index }}' }, keep: true })],
  ['list.sort', (items) => ({ items, by: [{ path: 'amount', order: 'desc' }, { path: 'id' }] })],
  ['list.limit', (items) => ({ items, first: 5, skip: 2 })],
  ['list.limit', (items) => ({ items, last: 5, skip: 2 })],
  ['list.unique', (items) => ({ items })],
  ['list.group', (items) => ({ items, by: 'id' })],
  ['list.summarize', (items) => ({ items, by: ['id'], fields: [{ as: 'sum', path: 'amount' }] })],
  ['list.chunk', (items) => ({ items, size: 4 })],
  ['list.merge', (list, other) => ({ lists: [list, other, [{ id: 1 }]] })],
  ['list.merge', (list, other) => ({ lists: [list, other], mode: 'by-key', key: ['id'], keep: 'left' })],
  ['list.compare', (before, after) => ({ before, after, key: ['id'] })],
]

test.each(STEPS)(
  '%s makes the same of lists in files, of which it holds a few items only, as of lists in memory: %#',
  async (id, input) => {
    const family = await families.find((one) => one.id === 'list')?.load()
    const action = family?.connectors.find((one) => one.id === id)
    if (action?.kind !== 'action' || action.computes === undefined) throw new Error(`there is no computation ${id}`)
    const { computes, input: schema, streams } = action
    expect(streams?.length).toBeGreaterThan(0)
    const folder = temporaryFolder()
    let part = 0
    const kept = (list: Json): Json => {
      const text = toStored(list)
      const $blob = createHash('sha256').update(text).digest('hex')
      writeFileSync(join(folder, $blob), text)
      return reference({ $blob, bytes: text.length, type: 'value' })
    }
    const work = (given: Record<string, Json>, lists: Lists): Json =>
      atOnce(computes(schema.parse(given), { render: itemRenderer({}), lists }))
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        const streamed = createStreamedLists(
          folder,
          () => `${++part}.part`,
          (value) => value,
          () => undefined,
        )
        const output = work(input(kept(one), kept(other)), { ...streamed.lists, room: 60 })
        const whole = (value: Json): Json => {
          const name = isLargeValue(value) ? streamed.partOf(value) : undefined
          return name === undefined ? value : fromStored(readFileSync(join(folder, name), 'utf8'))
        }
        const members = isJsonObject(output) ? Object.entries(output) : []
        expect(Object.fromEntries(members.map(([name, member]) => [name, whole(member)]))).toEqual(
          work(input(one, other), plainLists),
        )
        streamed.close(true)
      }),
      { numRuns: 30 },
    )
    // What was put aside, and what nobody asked for any more, is gone.
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  },
)

test('a long list that is made is a file with its own hash, and long members of its rows are in it', () => {
  const folder = temporaryFolder()
  const streamed = createStreamedLists(
    folder,
    () => 'made.part',
    (value) => value,
    () => undefined,
  )
  const made = streamed.lists.make()
  const items = Array.from({ length: 50_000 }, (_, id) => ({ id, text: `ü "${id}", $blob` }))
  for (const item of items) made.push(item)
  made.pushLong({ key: 1, items: [], count: 2 }, 'items', items)
  made.pushLong({ key: 2, items: [], count: 0 }, 'items', [])
  const value = made.done()
  if (!isLargeValue(value)) throw new Error('it is a file')
  const content = readFileSync(join(folder, 'made.part'))
  expect(value).toMatchObject({
    bytes: content.length,
    type: 'json',
    $blob: createHash('sha256').update(content).digest('hex'),
  })
  const whole: Json = JSON.parse(content.toString('utf8'))
  expect(whole).toEqual([...items, { key: 1, items, count: 2 }, { key: 2, items: [], count: 0 }])
  expect(isJsonList(whole) && made.count).toBe(50_002)
  streamed.close(false)
})
