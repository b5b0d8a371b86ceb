import { z } from 'zod'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { matchKeyAt, type Path, pathsSchema } from '../kit/path.ts'
import { checkMade, listOutput, listSchema, rowOf } from '../kit/rows.ts'

type Clash = 'last' | 'first' | 'both'
type Keep = 'matches' | 'left' | 'all' | 'unmatched'
/** A row that is being put together of several lists: whether a row of each list so far is in it. */
type Joined = { readonly row: JsonObject; readonly isWhole: boolean; readonly isFirst: boolean }
type Work<Result> = Generator<undefined, Result, undefined>

/** Makes one list of several. */
export const listMerge = defineComputation({
  id: 'list.merge',
  title: 'Merge lists',
  description: 'Makes one list of several: one after the other, side by side, or by a field that they share.',
  keywords: [
    'merge',
    'join',
    'combine',
    'append',
    'concat',
    'lookup',
    'vlookup',
    'left join',
    'inner join',
    'zip',
    'enrich',
  ],
  icon: 'merge',
  category: 'data',
  summary: '{mode}',
  input: z
    .strictObject({
      lists: z
        .array(listSchema)
        .min(1, { error: 'needs the lists to merge' })
        .max(20)
        .meta({ title: 'Lists', ui: { widget: 'templates', noun: 'list', placeholder: '{{ hook.body.orders }}' } }),
      mode: z
        .enum(['append', 'by-position', 'by-key', 'combinations'])
        .default('append')
        .meta({
          title: 'How',
          ui: {
            labels: {
              append: 'One after the other',
              'by-position': 'Side by side: first with first',
              'by-key': 'By a field that they share',
              combinations: 'Each with each',
            },
          },
        }),
      key: pathsSchema.optional().meta({
        title: 'Shared field',
        description: 'The name of the field by which items belong together; several, one a line.',
        ui: { widget: 'text-list', placeholder: 'id', showIf: { field: 'mode', in: ['by-key'] } },
      }),
      keep: z
        .enum(['matches', 'left', 'all', 'unmatched'])
        .default('matches')
        .meta({
          title: 'Keep',
          ui: {
            showIf: { field: 'mode', in: ['by-key', 'by-position'] },
            labels: {
              matches: 'What is in every list',
              left: 'All of the first list',
              all: 'All of every list',
              unmatched: 'What has no partner',
            },
          },
        }),
      clash: z
        .enum(['last', 'first', 'both'])
        .default('last')
        .meta({
          title: 'When two have a field of one name',
          ui: {
            showIf: { field: 'mode', in: ['by-key', 'by-position', 'combinations'] },
            labels: {
              last: 'The later list counts',
              first: 'The earlier list counts',
              both: 'Keep both, the later as name_2',
            },
            advanced: true,
          },
        }),
    })
    .superRefine(({ mode, key }, check) => {
      if (mode === 'by-key' && (key === undefined || key.length === 0)) {
        check.addIssue({ code: 'custom', path: ['key'], message: 'is needed to merge by a shared field' })
      }
    }),
  output: z.object({ items: listOutput, count: z.int() }),
  sample: { items: [{ id: 7, amount: 120, name: 'Ada' }], count: 1 },
  streams: ['lists[]'],
  *compute({ lists: given, mode, key = [], keep, clash }, { lists }) {
    const items = lists.make()
    if (mode === 'append') {
      for (const list of given) {
        for (const item of lists.read(list)) {
          if (items.count % 1_024 === 0) yield
          items.push(item)
        }
      }
      return { items: items.done(), count: items.count }
    }
    // Rows meet rows of anywhere in another list.
    const all = given.map((list) => [...lists.read(list)])
    const made = yield* mode === 'combinations'
      ? combined(all, clash)
      : joined(all, mode === 'by-key' ? key : null, keep, clash)
    for (const item of made) {
      if (items.count % 1_024 === 0) yield
      items.push(item)
    }
    return { items: items.done(), count: items.count }
  },
})

function* combined(lists: readonly (readonly Json[])[], clash: Clash): Work<readonly Json[]> {
  checkMade(lists.reduce((product, list) => product * list.length, 1))
  let made: JsonObject[] = [{}]
  for (const [at, list] of lists.entries()) {
    const next: JsonObject[] = []
    for (const before of made) {
      for (const [index, item] of list.entries()) {
        yield
        next.push(both(before, rowOf(item, index, nameOf(at)), clash, []))
      }
    }
    made = next
  }
  return made
}

/** Puts rows together that belong together: those with the same key or, without one, at the same place. */
function* joined(
  lists: readonly (readonly Json[])[],
  key: readonly Path[] | null,
  keep: Keep,
  clash: Clash,
): Work<readonly Json[]> {
  /** Rows of the lists so far, by key: a key that is there several times joins each with each, as in a database. */
  let made = new Map<string, Joined[]>()
  for (const [at, list] of lists.entries()) {
    const rows = yield* byKey(list, key, at)
    const next = new Map<string, Joined[]>()
    let count = 0
    for (const [id, before] of made) {
      const found = rows.get(id)
      const pairs: Joined[] = []
      for (const one of before) {
        yield
        if (found === undefined) pairs.push({ ...one, isWhole: false })
        else {
          for (const row of found) pairs.push({ ...one, row: both(one.row, row, clash, key ?? []) })
        }
      }
      count += pairs.length
      checkMade(count)
      next.set(id, pairs)
    }
    for (const [id, found] of rows) {
      if (made.has(id)) continue
      yield
      next.set(
        id,
        found.map((row) => ({ row, isWhole: at === 0, isFirst: at === 0 })),
      )
    }
    made = next
  }
  const kept: Json[] = []
  for (const group of made.values()) {
    yield
    for (const { row, isWhole, isFirst } of group) {
      const isKept = keep === 'all' || (keep === 'left' ? isFirst : isWhole === (keep === 'matches'))
      if (isKept) kept.push(row)
    }
  }
  return kept
}

function* byKey(list: readonly Json[], key: readonly Path[] | null, at: number): Work<Map<string, JsonObject[]>> {
  const rows = new Map<string, JsonObject[]>()
  for (const [index, item] of list.entries()) {
    yield
    const row = rowOf(item, index, nameOf(at))
    const shared = key === null ? String(index) : matchKeyAt(row, key)
    const id = shared === undefined ? `n${at}.${index}` : `k${shared}`
    const known = rows.get(id)
    if (known === undefined) rows.set(id, [row])
    else known.push(row)
  }
  return rows
}

const nameOf = (at: number): string => `list ${at + 1}`

/** One row of two. With `both`, a field of the later one whose name is taken, and that is not part of the key, gets a number. */
function both(before: JsonObject, after: JsonObject, clash: Clash, key: readonly Path[]): JsonObject {
  const members = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(after)) {
    if (!members.has(name) || clash === 'last') members.set(name, value)
    else if (clash === 'both' && !key.some((path) => path.text === name)) members.set(freeName(members, name), value)
  }
  return Object.fromEntries(members)
}

function freeName(members: ReadonlyMap<string, Json>, name: string): string {
  let number = 2
  while (members.has(`${name}_${number}`)) number += 1
  return `${name}_${number}`
}
