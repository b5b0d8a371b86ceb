import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject, jsonEquals } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { matchKeyAt, type Path, pathsSchema, valueAt } from '../kit/path.ts'
import { listOutput, listSchema, rowOf } from '../kit/rows.ts'
import { dropAt } from '../kit/shape-object.ts'

/** Says what became different from one list to another. */
export const listCompare = defineComputation({
  id: 'list.compare',
  title: 'Compare lists',
  description: 'Finds what was added, removed and changed between two lists.',
  keywords: ['diff', 'difference', 'compare datasets', 'changes', 'added', 'removed', 'sync', 'what changed'],
  icon: 'git-compare',
  category: 'data',
  summary: 'by {key}',
  input: z.strictObject({
    before: listSchema.meta({ title: 'Before', ui: { widget: 'template', placeholder: '{{ yesterday.rows }}' } }),
    after: listSchema.meta({ title: 'After', ui: { widget: 'template', placeholder: '{{ today.rows }}' } }),
    key: pathsSchema.min(1, { error: 'is needed: the field by which an item is known again' }).meta({
      title: 'Known by',
      description: 'The name of the field by which an item is known again; several, one a line.',
      ui: { widget: 'text-list', placeholder: 'id' },
    }),
    ignore: pathsSchema.optional().meta({
      title: 'Ignore',
      description: 'Fields that may differ, one a line.',
      ui: { widget: 'text-list', placeholder: 'updated_at', advanced: true },
    }),
  }),
  output: z.object({ added: listOutput, removed: listOutput, changed: listOutput, same: listOutput }),
  sample: {
    added: [{ id: 9, amount: 5 }],
    removed: [],
    changed: [{ key: 7, before: { id: 7, amount: 3 }, after: { id: 7, amount: 120 }, fields: ['amount'] }],
    same: [{ id: 8, amount: 3 }],
  },
  streams: ['before', 'after'],
  *compute({ before, after, key, ignore = [] }, { lists }) {
    // A key that is a number once and text the next time is the same key: it has not changed.
    const passedOver = [...key, ...ignore]
    /** Those before that have not been found again, by key, in order. */
    const left = new Map<string, JsonObject[]>()
    let place = 0
    for (const item of lists.read(before)) {
      yield
      const index = place++
      const row = rowOf(item, index, '“Before”')
      const shared = matchKeyAt(row, key)
      const id = shared === undefined ? `n${index}` : `k${shared}`
      const known = left.get(id)
      if (known === undefined) left.set(id, [row])
      else known.push(row)
    }
    const [added, removed, changed, same] = [lists.make(), lists.make(), lists.make(), lists.make()]
    place = 0
    for (const item of lists.read(after)) {
      yield
      const row = rowOf(item, place++, '“After”')
      const shared = matchKeyAt(row, key)
      const old = shared === undefined ? undefined : left.get(`k${shared}`)?.shift()
      if (old === undefined) added.push(row)
      else {
        const fields = differing(old, row, passedOver)
        if (fields.length === 0) same.push(row)
        else changed.push({ key: shownKey(row, key), before: old, after: row, fields })
      }
    }
    for (const rows of left.values()) {
      yield
      for (const row of rows) removed.push(row)
    }
    return { added: added.done(), removed: removed.done(), changed: changed.done(), same: same.done() }
  },
})

function shownKey(row: JsonObject, key: readonly Path[]): Json {
  const values = key.map((path) => valueAt(row, path) ?? null)
  return values.length === 1 ? (values[0] ?? null) : values
}

/** The names of the fields in which two rows differ. */
function differing(before: JsonObject, after: JsonObject, ignore: readonly Path[]): string[] {
  const [old, now] = [without(before, ignore), without(after, ignore)]
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].filter((name) => {
    const [a, b] = [own(old, name), own(now, name)]
    return a === undefined || b === undefined || !jsonEquals(a, b)
  })
}

const own = (row: JsonObject, name: string): Json | undefined => (Object.hasOwn(row, name) ? row[name] : undefined)

/** A copy without what is at these paths. */
function without(row: JsonObject, paths: readonly Path[]): JsonObject {
  const rest = dropAt(row, paths)
  return isJsonObject(rest) ? rest : row
}
