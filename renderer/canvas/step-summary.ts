import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/domain/json.ts'
import type { Step } from '../../core/domain/zap-file.ts'
import { conditionsText } from './condition-text.ts'
import { cronInWords } from './cron-in-words.ts'
import { plainTemplate } from './plain-template.ts'

/**
 * One line about what a configured step does, from its connector's `summary` with the values of its input filled in:
 * `POST 127.0.0.1:8080/ledger`, `amount > 50`. Null while nothing that the line would tell has been filled in.
 */
export function stepSummary(step: Step, manifest: ConnectorManifest): string | null {
  let told = 0
  const line = manifest.summary.replace(/(\/?)\{(\w+)\}/g, (_, slash: string, field: string) => {
    const text = fieldText(field, step.input, manifest)
    if (text !== '') told++
    // The end of a path that is not known yet.
    return `${slash}${text === '' && slash !== '' ? '…' : text}`
  })
  const tidy = line.replace(/\s+/g, ' ').trim()
  const speaksOfFields = /\{\w+\}/.test(manifest.summary)
  return (speaksOfFields && told === 0) || tidy === '' ? null : tidy
}

function fieldText(field: string, input: JsonObject, manifest: ConnectorManifest): string {
  if (field === 'all' || field === 'any' || field === 'conditions') return conditionsText(input)
  const value = input[field] ?? defaultOf(field, manifest)
  if (value === undefined || value === null) return ''
  if (field === 'cron' && typeof value === 'string') return cronInWords(value)
  if (field === 'every' && typeof value === 'string') return `every ${value}`
  return valueText(value)
}

function valueText(value: Json): string {
  if (typeof value === 'string') return plainTemplate(value.replace(/^https?:\/\//, ''))
  if (Array.isArray(value)) return value.map((item: Json) => (typeof item === 'object' ? '…' : String(item))).join(', ')
  if (!isJsonObject(value)) return String(value)
  if (typeof value.$credential === 'string') return value.$credential
  return Object.keys(value).join(', ')
}

function defaultOf(field: string, manifest: ConnectorManifest): Json | undefined {
  const properties = manifest.input.properties
  const schema = isJsonObject(properties) ? properties[field] : undefined
  return isJsonObject(schema) ? schema.default : undefined
}
