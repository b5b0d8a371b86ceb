import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { cronInWords } from '../../core/domain/time/schedule-in-words.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/domain/values/json.ts'
import type { Step } from '../../core/domain/zap/zap-file.ts'
import { conditionsText } from './condition-text.ts'
import { plainTemplate } from './plain-template.ts'

/**
 * One line about what a configured step does, from its connector's `summary` with the values of its input filled in:
 * `POST 127.0.0.1:8080/ledger`, `amount > 50`. Null while nothing that the line would tell has been filled in, and while it would only tell defaults beside a field that is
 * needed. Fields that hold
 * the ids of zaps are told by `zapNames`.
 */
export function stepSummary(
  step: Step,
  manifest: ConnectorManifest,
  zapNames: ReadonlyMap<string, string> = new Map(),
): string | null {
  let told = 0
  let written = 0
  let isMissing = false
  const line = manifest.summary.replace(/(\/?)\{(\w+)\}/g, (_, slash: string, field: string) => {
    const text = fieldText(field, step.input, manifest, zapNames)
    if (text !== '') told++
    if (text !== '' && step.input[field] !== undefined) written++
    if (text === '' && isNeeded(field, manifest)) isMissing = true
    // The end of a path that is not known yet.
    return `${slash}${text === '' && slash !== '' ? '…' : text}`
  })
  const tidy = line.replace(/\s+/g, ' ').trim()
  const speaksOfFields = /\{\w+\}/.test(manifest.summary)
  if (speaksOfFields && (told === 0 || (isMissing && written === 0))) return null
  return tidy === '' ? null : tidy
}

const isNeeded = (field: string, { input: { required } }: ConnectorManifest): boolean =>
  Array.isArray(required) && required.includes(field)

function fieldText(
  field: string,
  input: JsonObject,
  manifest: ConnectorManifest,
  zapNames: ReadonlyMap<string, string>,
): string {
  if (field === 'all' || field === 'any' || field === 'conditions') return conditionsText(input)
  const value = input[field] ?? defaultOf(field, manifest)
  if (value === undefined || value === null) return ''
  if (field === 'cron' && typeof value === 'string') return cronInWords(value)
  if (field === 'every' && typeof value === 'string') return `every ${value}`
  if (field === manifest.portsFrom) return portNames(value)
  if (isZapField(field, manifest)) return zapsText(value, zapNames)
  return valueText(value)
}

function valueText(value: Json): string {
  if (typeof value === 'string') return plainTemplate(value.replace(/^https?:\/\//, ''))
  if (Array.isArray(value)) return value.map(entryText).join(', ')
  if (!isJsonObject(value)) return String(value)
  if (Array.isArray(value.all) || Array.isArray(value.any)) return conditionsText(value)
  if (typeof value.$credential === 'string') return value.$credential
  return Object.keys(value).join(', ')
}

/** An entry of a list; of rows, what is written in them: `amount desc`. */
function entryText(entry: Json): string {
  if (typeof entry === 'string') return plainTemplate(entry)
  if (!isJsonObject(entry)) return typeof entry === 'object' ? '…' : String(entry)
  const words = Object.values(entry).filter((member) => typeof member === 'string' && member !== '')
  return words.length === 0 ? '…' : words.join(' ')
}

/** The ways out of a step, as its author called them. */
function portNames(list: Json): string {
  if (!Array.isArray(list)) return ''
  return list
    .filter(isJsonObject)
    .map((entry) => (typeof entry.name === 'string' && entry.name !== '' ? entry.name : entry.id))
    .filter((name) => typeof name === 'string')
    .join(', ')
}

function isZapField(field: string, manifest: ConnectorManifest): boolean {
  const widget = uiOf(field, manifest)?.widget
  return widget === 'zap' || widget === 'zaps'
}

function zapsText(value: Json, zapNames: ReadonlyMap<string, string>): string {
  const ids: readonly Json[] = Array.isArray(value) ? value : [value]
  return ids
    .filter((id) => typeof id === 'string')
    .map((id) => zapNames.get(id) ?? id)
    .join(', ')
}

function uiOf(field: string, manifest: ConnectorManifest): JsonObject | undefined {
  const { properties } = manifest.input
  const schema = isJsonObject(properties) ? properties[field] : undefined
  return isJsonObject(schema) && isJsonObject(schema.ui) ? schema.ui : undefined
}

function defaultOf(field: string, manifest: ConnectorManifest): Json | undefined {
  const properties = manifest.input.properties
  const schema = isJsonObject(properties) ? properties[field] : undefined
  return isJsonObject(schema) ? schema.default : undefined
}
