import { z } from 'zod'
import { StepError } from '../runs/step-error.ts'
import { readDate } from '../time/read-date.ts'
import { checkSameStyle, compareNumerics, notANumber, numericOf, orderOf } from '../values/decimal.ts'
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
  { op: 'not-starts-with', label: 'does not start with', right: true },
  { op: 'ends-with', label: 'ends with', right: true },
  { op: 'not-ends-with', label: 'does not end with', right: true },
  { op: 'matches', label: 'matches the pattern', right: true },
  { op: 'not-matches', label: 'does not match the pattern', right: true },
  { op: 'before', label: 'is before', right: true },
  { op: 'after', label: 'is after', right: true },
  { op: 'is-true', label: 'is true', right: false },
  { op: 'is-false', label: 'is false', right: false },
  { op: 'exists', label: 'exists', right: false },
  { op: 'not-exists', label: 'does not exist', right: false },
  { op: 'is-empty', label: 'is empty', right: false },
  { op: 'not-empty', label: 'is not empty', right: false },
  { op: 'in', label: 'is one of', right: true },
  { op: 'has', label: 'has (a list or an object)', right: true },
  { op: 'longer-than', label: 'is longer than', right: true },
  { op: 'shorter-than', label: 'is shorter than', right: true },
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
  return op === 'exists' || op === 'not-exists' || op === 'is-empty' || op === 'not-empty'
}

/** Whether an op compares with a second value. */
export function comparesWith(op: ConditionOp): boolean {
  return conditionOps.find((one) => one.op === op)?.right === true
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
    if (row.right === undefined && comparesWith(row.op)) {
      check.addIssue({ code: 'custom', path: ['right'], message: 'needs a value to compare with' })
    }
    if (row.right === undefined || (typeof row.right === 'string' && isDynamicText(row.right))) return
    const message = rightProblem(row.op, row.right)
    if (message !== null) check.addIssue({ code: 'custom', path: ['right'], message })
  })

/** What is wrong with the right side of a row as it is written, as the end of a sentence. */
function rightProblem(op: ConditionOp, right: Json): string | null {
  switch (op) {
    case 'matches':
    case 'not-matches':
      try {
        if (typeof right === 'string') compilePattern(right)
        return null
      } catch (error) {
        return `holds a pattern that cannot be used. ${StepError.from(error).message}`
      }
    case 'before':
    case 'after':
      return isBlank(right) || readDate(right, 'UTC') !== undefined
        ? null
        : 'must be a date, such as 2026-11-26 or 2026-11-26T09:30:00+01:00'
    case 'longer-than':
    case 'shorter-than':
      return isBlank(right) || numericOf(right) !== undefined ? null : 'must be a number'
    default:
      return null
  }
}

/** Text with nothing in it, which is told as such elsewhere. */
const isBlank = (value: Json): boolean => typeof value === 'string' && value.trim() === ''

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
 * pattern that cannot be used, and for values that an op cannot compare.
 */
export function evaluateCondition(condition: Condition, test: (row: ConditionRow) => boolean = evaluateRow): boolean {
  if ('all' in condition) return condition.all.every((part) => evaluateCondition(part, test))
  if ('any' in condition) return condition.any.some((part) => evaluateCondition(part, test))
  return test(condition)
}

/**
 * Whether one rendered row holds. An absent value counts as null where the op does not ask about presence. Dates without a zone are of `zone`.
 *
 * - `eq`, `ne`: two texts must be the same letter for letter; a number and a numeric text are compared as numbers, a
 *   boolean and a text by the words `true` and `false`; lists and objects by their content. A number and a text that is a number written in another
 *   way (`1,500.00`) are an error (see `checkSameStyle`).
 * - `gt` … `lte`: as numbers when both sides are numeric (numeric texts included), as texts when both are texts, so that
 *   ISO dates in the same zone compare by time. What is absent (null, an empty text) has no order, and no such op holds. A number beside
 *   anything else, such as the text `1,500.00`, is an error.
 * - `contains`: a part of a text, an item of a list, a key of an object.
 * - `in`: an item of a list, or of a text separated by commas.
 * - `before`, `after`: by time. What is absent is neither; what is no date is an error.
 * - `is-true`, `is-false`: a boolean, or the words in any case.
 * - `has`: an item of a list, a key of an object. What is absent has nothing; anything else is an error.
 * - `longer-than`, `shorter-than`: characters of a text or number, items of a list, keys of an object. What is absent is neither.
 * - `exists`: neither absent nor null. `is-empty`: not `exists`, or an empty text, list or object.
 */
export function evaluateRow(row: ConditionRow, zone: () => string = () => 'UTC'): boolean {
  const left = row.left ?? null
  const right = row.right ?? null
  switch (row.op) {
    case 'eq':
      return sameOrRefused(left, right)
    case 'ne':
      return !sameOrRefused(left, right)
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
    case 'not-starts-with':
      return !compareTexts(left, right, (text, part) => text.startsWith(part))
    case 'ends-with':
      return compareTexts(left, right, (text, part) => text.endsWith(part))
    case 'not-ends-with':
      return !compareTexts(left, right, (text, part) => text.endsWith(part))
    case 'matches':
      return compareTexts(left, right, (text, pattern) => compilePattern(pattern).test(text))
    case 'not-matches':
      return !compareTexts(left, right, (text, pattern) => compilePattern(pattern).test(text))
    case 'before':
      return timed(left, right, zone, (a, b) => a < b)
    case 'after':
      return timed(left, right, zone, (a, b) => a > b)
    case 'is-true':
      return booleanOf(left) === true
    case 'is-false':
      return booleanOf(left) === false
    case 'exists':
      return left !== null
    case 'not-exists':
      return left === null
    case 'is-empty':
      return isEmpty(left)
    case 'not-empty':
      return !isEmpty(left)
    case 'in':
      return isOneOf(left, right)
    case 'has':
      return has(left, right)
    case 'longer-than':
      return sized(left, right, (order) => order > 0)
    case 'shorter-than':
      return sized(left, right, (order) => order < 0)
  }
}

function refusal(message: string, cause?: unknown): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false }, { cause })
}

function sameOrRefused(left: Json, right: Json): boolean {
  if (equal(left, right)) return true
  try {
    checkSameStyle(left, right)
  } catch (error) {
    throw refusal(`The values cannot be compared. ${error instanceof Error ? error.message : String(error)}.`, error)
  }
  return false
}

function timed(left: Json, right: Json, zone: () => string, holds: (a: number, b: number) => boolean): boolean {
  const [a, b] = [left, right].map((value) => {
    if (value === null || isBlank(value)) return undefined
    const at = readDate(value, zone())
    if (at === undefined) {
      throw refusal(
        `The values cannot be compared by time. ${excerpt(value)} is not a date such as 2026-11-26T09:30:00+01:00.`,
      )
    }
    return at
  })
  return a !== undefined && b !== undefined && holds(a, b)
}

function booleanOf(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' && value.length <= 10 ? value.trim().toLowerCase() : ''
  return word === 'true' ? true : word === 'false' ? false : undefined
}

function has(left: Json, right: Json): boolean {
  if (left === null) return false
  if (typeof left === 'object') return contains(left, right)
  throw refusal(
    `Only a list or an object has something, and ${excerpt(left)} is neither; a text is asked with "contains".`,
  )
}

function sized(left: Json, right: Json, holds: (order: number) => boolean): boolean {
  const size = sizeOf(left)
  const limit = numericOf(right)
  if (limit === undefined) throw refusal(`The length cannot be compared. ${notANumber(right)}.`)
  return size !== undefined && holds(compareNumerics(size, limit))
}

function sizeOf(value: Json): number | undefined {
  if (value === null || typeof value === 'boolean') return undefined
  if (isJsonList(value)) return value.length
  if (isJsonObject(value)) return Object.keys(value).length
  // By characters, as a reader counts them, and not by the two halves of an emoji.
  let count = 0
  for (const _ of String(value)) count += 1
  return count
}

function excerpt(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`
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
    throw refusal(`The values cannot be compared by size. ${reason}.`, error)
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
  if (isJsonList(right))
    return right.some((item) => equal(left, item)) || right.some((item) => sameOrRefused(left, item))
  const items = scalarText(right)?.split(',') ?? []
  return items.some((item) => equal(left, item.trim()))
}
