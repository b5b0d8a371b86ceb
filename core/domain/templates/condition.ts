import { z } from 'zod'
import { StepError } from '../runs/step-error.ts'
import { compareNumerics, numericOf, orderOf } from '../values/decimal.ts'
import { isJsonList, isJsonObject, type Json, jsonEquals, jsonSchema } from '../values/json.ts'
import { compilePattern } from './pattern.ts'
import { isDynamicText } from './template.ts'

/** What a condition may ask, in the order in which the screens offer it. `right`: whether it compares with a second value. */
export const conditionOps = [
  { op: 'eq', label: 'is equal to', right: true },
  { op: 'ne', label: 'is not equal to', right: true },
  { op: 'gt', label: 'is greater than', right: true },
  { op: 'gte', label: 'is at least', right: true },
  { op: 'lt', label: 'is less than', right: true },
  { op: 'lte', label: 'is at most', right: true },
  { op: 'contains', label: 'contains', right: true },
  { op: 'not-contains', label: 'does not contain', right: true },
  { op: 'starts-with', label: 'starts with', right: true },
  { op: 'ends-with', label: 'ends with', right: true },
  { op: 'matches', label: 'matches the pattern', right: true },
  { op: 'exists', label: 'exists', right: false },
  { op: 'not-exists', label: 'does not exist', right: false },
  { op: 'is-empty', label: 'is empty', right: false },
  { op: 'in', label: 'is one of', right: true },
] as const

export type ConditionOp = (typeof conditionOps)[number]['op']

/** One row of a filter. In a run, `left` is undefined where it reads something absent and the op may ask about that. */
export type ConditionRow = {
  readonly left?: Json | undefined
  readonly op: ConditionOp
  readonly right?: Json | undefined
}

/** All of the rows, or any of them; rows may be groups again. */
export type ConditionGroup = { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] }
export type Condition = ConditionRow | ConditionGroup

/** Ops that ask whether a value is there, so that a missing path is an answer and not an error. */
export function asksForPresence(op: ConditionOp): boolean {
  return op === 'exists' || op === 'not-exists' || op === 'is-empty'
}

const rowSchema = z
  .strictObject({
    left: jsonSchema,
    op: z.enum(conditionOps.map(({ op }) => op)),
    right: jsonSchema.optional(),
  })
  .superRefine((row, check) => {
    // A row that nobody has filled in would hold for every event.
    if (row.left === '') check.addIssue({ code: 'custom', path: ['left'], message: 'needs a value' })
    if (row.right === undefined && !asksForPresence(row.op)) {
      check.addIssue({ code: 'custom', path: ['right'], message: 'needs a value to compare with' })
    }
    if (row.op !== 'matches' || typeof row.right !== 'string' || isDynamicText(row.right)) return
    try {
      compilePattern(row.right)
    } catch (error) {
      check.addIssue({
        code: 'custom',
        path: ['right'],
        message: `holds a pattern that cannot be used. ${StepError.from(error).message}`,
      })
    }
  })

/** One row or group. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([rowSchema, z.strictObject({ all: conditionsSchema }), z.strictObject({ any: conditionsSchema })]),
)

/** Rows of a group: at least one. */
export const conditionsSchema = z.array(conditionSchema).min(1, { error: 'needs at least one condition' })

/** A whole condition, as `logic.filter` and the paths of `logic.paths` carry it. */
export const conditionGroupSchema: z.ZodType<ConditionGroup> = z.union([
  z.strictObject({ all: conditionsSchema }),
  z.strictObject({ any: conditionsSchema }),
])

/**
 * Whether rendered values fulfil a condition. Rows are looked at in order and only as far as needed; `test` may render
 * a row on the way. An empty `all` is fulfilled, an empty `any` is not. Throws a {@link StepError} `bad-input` for a
 * pattern that cannot be used, and for values of which only one is a number where an op asks which is larger.
 */
export function evaluateCondition(condition: Condition, test: (row: ConditionRow) => boolean = evaluateRow): boolean {
  if ('all' in condition) return condition.all.every((part) => evaluateCondition(part, test))
  if ('any' in condition) return condition.any.some((part) => evaluateCondition(part, test))
  return test(condition)
}

/**
 * Whether one rendered row holds. An absent value counts as null where the op does not ask about presence.
 *
 * - `eq`, `ne`: two texts must be the same letter for letter; a number and a numeric text are compared as numbers, a
 *   boolean and a text by the words `true` and `false`; lists and objects by their content.
 * - `gt` … `lte`: as numbers when both sides are numeric (numeric texts included), as texts when both are texts, so that
 *   ISO dates in the same zone compare by time. What is absent (null, an empty text) has no order, and no such op holds. A number beside
 *   anything else, such as the text `1,500.00`, is an error.
 * - `contains`: a part of a text, an item of a list, a key of an object.
 * - `in`: an item of a list, or of a text separated by commas.
 * - `exists`: neither absent nor null. `is-empty`: not `exists`, or an empty text, list or object.
 */
export function evaluateRow(row: ConditionRow): boolean {
  const left = row.left ?? null
  const right = row.right ?? null
  switch (row.op) {
    case 'eq':
      return equal(left, right)
    case 'ne':
      return !equal(left, right)
    case 'gt':
      return ordered(left, right, (order) => order > 0)
    case 'gte':
      return ordered(left, right, (order) => order >= 0)
    case 'lt':
      return ordered(left, right, (order) => order < 0)
    case 'lte':
      return ordered(left, right, (order) => order <= 0)
    case 'contains':
      return contains(left, right)
    case 'not-contains':
      return !contains(left, right)
    case 'starts-with':
      return compareTexts(left, right, (text, part) => text.startsWith(part))
    case 'ends-with':
      return compareTexts(left, right, (text, part) => text.endsWith(part))
    case 'matches':
      return compareTexts(left, right, (text, pattern) => compilePattern(pattern).test(text))
    case 'exists':
      return left !== null
    case 'not-exists':
      return left === null
    case 'is-empty':
      return isEmpty(left)
    case 'in':
      return isOneOf(left, right)
  }
}

function equal(left: Json, right: Json): boolean {
  if (typeof left === typeof right) return jsonEquals(left, right)
  if (typeof left === 'boolean' || typeof right === 'boolean') return scalarText(left) === scalarText(right)
  const numbers = [numericOf(left), numericOf(right)] as const
  return numbers[0] !== undefined && numbers[1] !== undefined && compareNumerics(numbers[0], numbers[1]) === 0
}

function ordered(left: Json, right: Json, holds: (order: number) => boolean): boolean {
  try {
    const order = orderOf(left, right)
    return order !== undefined && holds(order)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `The values cannot be compared by size. ${reason}.`
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
  }
}

function scalarText(value: Json): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

function compareTexts(left: Json, right: Json, holds: (left: string, right: string) => boolean): boolean {
  const a = scalarText(left)
  const b = scalarText(right)
  return a !== undefined && b !== undefined && holds(a, b)
}

function contains(left: Json, right: Json): boolean {
  if (isJsonList(left)) return left.some((item) => equal(item, right))
  if (isJsonObject(left)) return Object.hasOwn(left, scalarText(right) ?? '')
  return compareTexts(left, right, (text, part) => text.includes(part))
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function isOneOf(left: Json, right: Json): boolean {
  if (isJsonList(right)) return right.some((item) => equal(left, item))
  const items = scalarText(right)?.split(',') ?? []
  return items.some((item) => equal(left, item.trim()))
}
