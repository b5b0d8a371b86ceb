import { type ConditionOp, conditionOps } from '../../core/domain/templates/condition.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/domain/values/json.ts'
import { plainTemplate } from './plain-template.ts'

const SIGNS: Readonly<Record<ConditionOp, string>> = {
  eq: '=',
  ne: '≠',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  contains: 'contains',
  'not-contains': 'lacks',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  'not-starts-with': 'does not start with',
  'not-ends-with': 'does not end with',
  matches: 'matches',
  'not-matches': 'does not match',
  before: 'before',
  after: 'after',
  'is-true': 'is true',
  'is-false': 'is false',
  in: 'in',
  has: 'has',
  'longer-than': 'longer than',
  'shorter-than': 'shorter than',
  exists: 'exists',
  'not-exists': 'is missing',
  'is-empty': 'is empty',
  'not-empty': 'is not empty',
}

const WITHOUT_RIGHT: ReadonlySet<string> = new Set(conditionOps.filter(({ right }) => !right).map(({ op }) => op))

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
  const op = typeof row.op === 'string' ? row.op : 'eq'
  const sign = Object.hasOwn(SIGNS, op) ? SIGNS[op as ConditionOp] : op // hasOwn has just said that it is one
  if (WITHOUT_RIGHT.has(op)) return `${left} ${sign}`
  return `${left} ${sign} ${operandText(row.right) || '…'}`
}

function operandText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? plainTemplate(value) : JSON.stringify(value)
}
