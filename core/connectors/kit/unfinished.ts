import type { z } from 'zod'
import { conditionOps } from '../../domain/templates/condition.ts'
import { isDynamicText } from '../../domain/templates/template.ts'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'
import type { ConnectorInfo } from '../../domain/zap/connector-info.ts'
import type { Step } from '../../domain/zap/zap-file.ts'
import type { Connector } from '../define.ts'

type InputIssue = ReturnType<ConnectorInfo['checkInput']>[number]

/**
 * What is only half filled in, though a run could make something of it: needed texts that are blank, rows without a name, and what the
 * connector itself knows. It keeps a draft from being published; what was published before goes on as it did.
 */
export function unfinishedIn(connector: Connector, input: Step['input']): InputIssue[] {
  return [...inShape(connector.input.shape, input, []), ...(connector.unfinished?.(input) ?? [])]
}

function inShape(shape: z.ZodObject['shape'], values: Step['input'], before: readonly string[]): InputIssue[] {
  return Object.entries(shape).flatMap(([name, schema]): InputIssue[] => {
    const value = values[name]
    const path = [...before, name]
    if (isBlank(value)) return schema.safeParse(undefined).success ? [] : [{ path, message: 'needs a value' }]
    if (value === undefined || !isJsonObject(value)) return []
    if (widgetOf(schema) !== 'key-value') return inShape(shapeIn(schema), value, path)
    return Object.keys(value)
      .filter((key) => key.trim() === '')
      .map((key) => ({ path: [...path, key], message: 'has a row without a name; give it one, or remove it' }))
  })
}

/** Text with nothing to be seen in it. */
export const isBlank = (value: Json | undefined): boolean => typeof value === 'string' && value.trim() === ''

/** The fields of a group of fields, whether it may be left out or not; none for anything else. */
function shapeIn(schema: z.core.$ZodType): z.ZodObject['shape'] {
  if ('shape' in schema) return (schema as z.ZodObject).shape // only objects have one
  return 'unwrap' in schema && typeof schema.unwrap === 'function' ? shapeIn(schema.unwrap()) : {}
}

/** The control that a field's form shows. */
export function widgetOf(schema: z.ZodObject['shape'][string]): string | undefined {
  const ui: unknown = 'meta' in schema && typeof schema.meta === 'function' ? schema.meta()?.ui : undefined
  return typeof ui === 'object' && ui !== null && 'widget' in ui && typeof ui.widget === 'string'
    ? ui.widget
    : undefined
}

/** Named values, of which there must be at least one, and none without a value. */
export function unfinishedFields(fields: Json | undefined): InputIssue[] {
  if (fields === undefined || (isJsonObject(fields) && Object.keys(fields).length === 0)) {
    return [{ path: ['fields'], message: 'needs at least one value to set' }]
  }
  if (!isJsonObject(fields)) return []
  return Object.entries(fields)
    .filter(([, value]) => isBlank(value))
    .map(([name]) => ({ path: ['fields', name], message: 'needs a value; {{ "" }} is an empty text' }))
}

/** Rows of conditions of which a half is missing. What is no condition at all is left to the schema. */
export function unfinishedConditions(group: Json | undefined, path: readonly (string | number)[]): InputIssue[] {
  if (group === undefined || !isJsonObject(group)) return []
  return (['all', 'any'] as const).flatMap((word) => {
    const rows = group[word]
    if (rows === undefined || !isJsonList(rows)) return []
    return rows.flatMap((row, index) => unfinishedRow(row, [...path, word, index]))
  })
}

function unfinishedRow(row: Json, path: readonly (string | number)[]): InputIssue[] {
  if (!isJsonObject(row)) return []
  if ('all' in row || 'any' in row) return unfinishedConditions(row, path)
  const issues: InputIssue[] = []
  if (row.left === undefined || isBlank(row.left)) issues.push({ path: [...path, 'left'], message: 'needs a value' })
  const known = conditionOps.find(({ op }) => op === row.op)
  if (known?.right === true && (row.right === undefined || isBlank(row.right))) {
    const message = 'needs a value to compare with; whether something is there is asked by "exists" and "is empty"'
    issues.push({ path: [...path, 'right'], message })
  }
  return issues
}

/** An address that is not whole, such as `https://` alone. One with templates in it is known only in a run. */
export function unfinishedAddress(address: Json | undefined, path: readonly string[]): InputIssue[] {
  if (typeof address !== 'string' || isDynamicText(address) || !/^\s*https?:/i.test(address)) return []
  return URL.canParse(address.trim())
    ? []
    : [{ path, message: 'is not a whole address, such as https://example.com/orders' }]
}
