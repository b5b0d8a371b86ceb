import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { EVERY_ROW, type RowFilter, type RowPart } from '../../domain/tables/row-filter.ts'
import { TABLE_LIMITS } from '../../domain/tables/table.ts'
import { comparesWith, conditionOps } from '../../domain/templates/condition.ts'
import type { Touch } from '../../domain/trust/permissions.ts'
import { namedTouch } from '../../domain/trust/touches.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue, type LargeValue } from '../../domain/values/large-value.ts'
import type { ActionContext, ComputeTools } from '../action-context.ts'
import { numberField } from '../kit/from-text.ts'
import { orderFields } from '../kit/order.ts'
import { wordFor } from '../kit/rows.ts'
import { zoneFor } from '../kit/zap-zone.ts'
import type { RowBatches, RowQuery } from '../table-access.ts'

export const tableField = z
  .string()
  .max(TABLE_LIMITS.nameChars, { error: `has at most ${TABLE_LIMITS.nameChars} characters` })
  .refine((name) => name.trim() !== '', { error: 'needs a name' })
  .meta({ title: 'Table', ui: { widget: 'table', placeholder: 'Orders' } })

/** What a step on a table touches. */
export function tableTouches(table: Json | undefined, access: 'reads' | 'writes'): readonly Touch[] {
  return namedTouch('table', table, access)
}

const OPS = conditionOps.map(({ op }) => op)
const columnName = z.string().min(1, { error: 'needs the name of a column' }).max(TABLE_LIMITS.columnChars)

/** Conditions inside of one another at most. */
const MAX_DEPTH = 20

/**
 * Rows of conditions as one thing: a list of them; `{ all }` or `{ any }` of them; or an object, of which each column has to be equal to its value.
 * A condition names its column as `column`, or as `left` like those of other steps, and its other side as `right` or `value`.
 */
function asConditions(where: unknown): unknown {
  if (!isJsonObject(where)) return Array.isArray(where) ? where.map((part) => asCondition(part, 0)) : where
  const names = Object.keys(where)
  if (names.length === 1 && (isList(where.all) || isList(where.any))) return [asCondition(where, 0)]
  return names.map((column) => ({ column, op: 'eq', right: where[column] ?? null }))
}

function asCondition(part: unknown, depth: number): unknown {
  if (!isJsonObject(part) || depth > MAX_DEPTH) return part
  for (const word of ['all', 'any'] as const) {
    const parts = part[word]
    if (isList(parts)) return { ...part, [word]: parts.map((inner) => asCondition(inner, depth + 1)) }
  }
  const { left, field, path, value, ...rest } = part
  const column = rest.column ?? left ?? field ?? path
  const right = rest.right ?? value
  return { ...rest, ...(column === undefined ? {} : { column }), ...(right === undefined ? {} : { right }) }
}

const isList = (value: Json | undefined): value is readonly Json[] => value !== undefined && isJsonList(value)

type Condition = {
  column?: string | undefined
  op: (typeof OPS)[number]
  right?: Json | undefined
  all?: readonly Condition[] | undefined
  any?: readonly Condition[] | undefined
}

/** Conditions inside of one. The form knows nothing of them: a schema that refers to itself would have no fields there. */
function nestedSchema() {
  return z.unknown().transform((value, check): readonly Condition[] => {
    const parsed = z.array(conditionSchema).safeParse(value)
    if (parsed.success) return parsed.data
    for (const { path, message } of parsed.error.issues) check.addIssue({ code: 'custom', path, message })
    return z.NEVER
  })
}

const conditionSchema: z.ZodType<Condition> = z
  .strictObject({
    column: columnName.optional().meta({ title: 'Column', ui: { widget: 'table-column', placeholder: 'email' } }),
    op: z
      .enum(OPS)
      .default('eq')
      .meta({ title: 'Is', ui: { labels: Object.fromEntries(conditionOps.map(({ op, label }) => [op, label])) } }),
    right: jsonSchema.optional().meta({
      title: 'Value',
      ui: { widget: 'template', showIf: { field: 'op', in: OPS.filter((op) => comparesWith(op)) } },
    }),
    all: nestedSchema()
      .optional()
      .meta({ ui: { widget: 'hidden' } }),
    any: nestedSchema()
      .optional()
      .meta({ ui: { widget: 'hidden' } }),
  })
  .superRefine(({ column, op, right, all, any }, check) => {
    if (all !== undefined || any !== undefined) {
      if (column === undefined && (all === undefined) !== (any === undefined)) return
      check.addIssue({ code: 'custom', path: ['all'], message: 'stands alone: as "all", or as "any"' })
    } else if (column === undefined) {
      check.addIssue({ code: 'custom', path: ['column'], message: 'needs the name of a column' })
    } else if (comparesWith(op) && right === undefined) {
      check.addIssue({ code: 'custom', path: ['right'], message: 'needs a value to compare with' })
    }
  })

export const whereField = z
  .preprocess(asConditions, z.array(conditionSchema).max(100))
  .optional()
  .meta({ title: 'Which rows', ui: { widget: 'rows', noun: 'condition' } })

export const matchField = z
  .enum(['all', 'any'])
  .default('all')
  .meta({
    title: 'If several conditions',
    ui: { advanced: true, labels: { all: 'All of them must hold', any: 'Any of them is enough' } },
  })

/** A filter as it was read from {@link whereField}. */
export function filterOf(where: readonly Condition[] | undefined, match: 'all' | 'any'): RowFilter {
  if (where === undefined || where.length === 0) return EVERY_ROW
  const parts = where.map(partOf)
  return match === 'all' ? { all: parts } : { any: parts }
}

function partOf({ column = '', op, right, all, any }: Condition): RowPart {
  if (all !== undefined) return { all: all.map(partOf) }
  if (any !== undefined) return { any: any.map(partOf) }
  return { column, op, right }
}

/** `"amount"`, `"-amount"`, `"amount desc"`, or an object that names its column as `column` or `path`. */
function asOrders(sort: unknown): unknown {
  return (Array.isArray(sort) ? sort : [sort]).map((one: unknown) => {
    if (typeof one === 'string') {
      const written = one.trim()
      const hasMinus = written.length > 1 && written.startsWith('-')
      const [end = '', order = ''] = /\s(asc|desc)$/i.exec(written) ?? []
      const column = written.slice(hasMinus ? 1 : 0, written.length - end.length).trimEnd()
      return { column, order: hasMinus || order.toLowerCase() === 'desc' ? 'desc' : 'asc' }
    }
    if (!isJsonObject(one)) return one
    const { path, field, ...rest } = one
    const column = rest.column ?? path ?? field
    return { ...rest, ...(column === undefined ? {} : { column }) }
  })
}

export const sortField = z
  .preprocess(
    asOrders,
    z
      .array(
        z.strictObject({
          column: columnName.meta({ title: 'Column', ui: { widget: 'table-column', placeholder: 'amount' } }),
          ...orderFields,
        }),
      )
      .max(20),
  )
  .optional()
  .meta({
    title: 'Sort by',
    description: 'Without it, in the order in which they were added.',
    ui: { widget: 'rows', noun: 'column' },
  })

export const limitField = numberField(z.int().min(1).max(100_000))
  .prefault(100)
  .meta({ title: 'Rows at most', ui: { advanced: true } })

/** Names of columns: a list, or one alone. */
export const keyField = z.preprocess(
  (key) => (typeof key === 'string' && key !== '' ? [key] : key),
  z.array(columnName).max(10),
)

type Query = {
  where?: readonly Condition[] | undefined
  match: 'all' | 'any'
  sort?: RowQuery['sort'] | undefined
  limit: number
}

/** What a step looks for, in the zone of its zap. */
export function queryOf({ where, match, sort = [], limit }: Query, tools: Pick<ComputeTools, 'render'>): RowQuery {
  return { filter: filterOf(where, match), sort, limit, zone: zoneFor(tools) }
}

/** Rows that are written at once. */
const BATCH = 250

/**
 * The rows of an input: one object, or a list of them. A list that is too large for a run is read in parts.
 *
 * @throws StepError `bad-input` that says what came.
 */
export function batchesOf(
  rows: Json | LargeValue,
  field: string,
  ctx: Pick<ActionContext<unknown>, 'heavy' | 'large'>,
): RowBatches {
  if (isLargeValue(rows)) return largeBatches(rows, field, ctx)
  if (isJsonObject(rows)) return [[checkedRow(rows, field, null)]]
  if (!isJsonList(rows)) {
    throw refusal(
      `"${field}" takes a row, or a list of rows, but is ${wordFor(rows)}: each row is an object with a value for each column.`,
    )
  }
  return parts(rows.map((row, at) => checkedRow(row, field, at)))
}

function* parts(rows: readonly JsonObject[]): Iterable<readonly JsonObject[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH)
}

async function* largeBatches(
  rows: LargeValue,
  field: string,
  { heavy, large }: Pick<ActionContext<unknown>, 'heavy' | 'large'>,
): AsyncIterable<readonly JsonObject[]> {
  const content = rows.type === 'value' ? piece(await large.read(rows)) : large.stream(rows)
  let before = 0
  for await (const text of heavy('table.rows', content, { field, rows: BATCH })) {
    const batch: Json = JSON.parse(String(text))
    const list = isJsonList(batch) ? batch : []
    yield list.map((row, at) => checkedRow(row, field, before + at))
    before += list.length
  }
}

async function* piece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

function checkedRow(row: Json, field: string, at: number | null): JsonObject {
  const place = at === null ? `"${field}"` : `Row ${at + 1} of "${field}"`
  if (!isJsonObject(row) || isLargeValue(row)) {
    throw refusal(`${place} is ${wordFor(row)}: each row is an object with a value for each column.`)
  }
  const names = Object.keys(row)
  if (names.length === 0) throw refusal(`${place} has no values: name at least one column.`)
  for (const name of names) {
    if (name.trim() === '')
      throw refusal(`${place} has a value without the name of a column: give it one, or remove it.`)
  }
  return row
}

export function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}
