import { isJsonObject, type Json, type JsonObject } from '../../core/domain/json.ts'
import { plainTemplate } from './plain-template.ts'

/** The comparisons of `logic.filter`, in the order in which the form offers them: the sign for cards, the words for forms. */
export const OPERATORS = {
  eq: { sign: '=', words: 'is' },
  ne: { sign: '≠', words: 'is not' },
  gt: { sign: '>', words: 'is greater than' },
  gte: { sign: '≥', words: 'is at least' },
  lt: { sign: '<', words: 'is less than' },
  lte: { sign: '≤', words: 'is at most' },
  contains: { sign: 'contains', words: 'contains' },
  'not-contains': { sign: 'lacks', words: 'does not contain' },
  'starts-with': { sign: 'starts with', words: 'starts with' },
  'ends-with': { sign: 'ends with', words: 'ends with' },
  matches: { sign: 'matches', words: 'matches pattern' },
  in: { sign: 'in', words: 'is one of' },
  exists: { sign: 'exists', words: 'exists' },
  'not-exists': { sign: 'is missing', words: 'does not exist' },
  'is-empty': { sign: 'is empty', words: 'is empty' },
} as const satisfies Record<string, { sign: string; words: string }>

/** A comparison of `logic.filter`. */
export type Operator = keyof typeof OPERATORS

const WITHOUT_RIGHT: ReadonlySet<string> = new Set<Operator>(['exists', 'not-exists', 'is-empty'])

/** Whether a comparison has a value on its right. */
export function takesRight(op: string): boolean {
  return !WITHOUT_RIGHT.has(op)
}

/** Whether a word is one of the comparisons. */
export function isOperator(op: unknown): op is Operator {
  return typeof op === 'string' && Object.hasOwn(OPERATORS, op)
}

/** A group of conditions (`{ all: […] }` or `{ any: […] }`) in one line: `amount > 50 and currency = INR`. */
export function conditionsText(group: JsonObject): string {
  return groupText(group, false)
}

function groupText(group: JsonObject, inside: boolean): string {
  const rows: Json = group.all ?? group.any ?? []
  if (!Array.isArray(rows)) return ''
  const parts = rows
    .map((row: Json) => (isJsonObject(row) ? rowText(row, rows.length > 1) : ''))
    .filter((part) => part !== '')
  const text = parts.join(group.all === undefined ? ' or ' : ' and ')
  return inside && parts.length > 1 ? `(${text})` : text
}

function rowText(row: JsonObject, inside: boolean): string {
  if (row.all !== undefined || row.any !== undefined) return groupText(row, inside)
  const left = operandText(row.left)
  if (left === '') return ''
  const op = isOperator(row.op) ? OPERATORS[row.op].sign : String(row.op ?? '=')
  if (isOperator(row.op) && !takesRight(row.op)) return `${left} ${op}`
  return `${left} ${op} ${operandText(row.right) || '…'}`
}

function operandText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? plainTemplate(value) : JSON.stringify(value)
}
