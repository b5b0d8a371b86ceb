import type { Setting } from '../../core/contract/values.ts'
import { isJsonList, isJsonObject, type Json } from '../../core/domain/values/json.ts'

type Schema = Setting['schema']

/** The types that a JSON Schema takes. */
function typesOf(schema: Schema): readonly Json[] {
  const { anyOf } = schema
  const choices = anyOf !== undefined && isJsonList(anyOf) ? anyOf : []
  return [schema, ...choices].flatMap((one) => (isJsonObject(one) && one.type !== undefined ? [one.type].flat() : []))
}

/** The control that a setting has. */
export function kindOf(schema: Schema): 'switch' | 'number' | 'list' | 'choice' | 'text' {
  const types = typesOf(schema)
  if (choicesOf(schema).length > 0) return 'choice'
  if (types.includes('boolean')) return 'switch'
  if (types.includes('array')) return 'list'
  return types.includes('integer') || types.includes('number') ? 'number' : 'text'
}

/** The texts that a setting may be, where it is one of a few. */
export function choicesOf({ enum: choices }: Schema): readonly string[] {
  return isJsonList(choices ?? null) ? [choices ?? []].flat().map(typedText) : []
}

/** What a control of a number may take. */
export function limitsOf(schema: Schema): { min?: number; max?: number; step: number | 'any' } {
  const { minimum, maximum } = schema
  return {
    ...(typeof minimum === 'number' ? { min: minimum } : {}),
    ...(typeof maximum === 'number' ? { max: maximum } : {}),
    step: typesOf(schema).includes('integer') ? 1 : 'any',
  }
}

/** A value as a control shows it. */
export function typedText(value: Json): string {
  if (value === null) return ''
  if (isJsonList(value)) return value.map(typedText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The value of what was typed. What does not fit goes to the host as it is, which says what does. */
export function typedValue(text: string, schema: Schema): Json {
  const types = typesOf(schema)
  switch (kindOf(schema)) {
    case 'switch':
      return text === 'true'
    case 'list':
      return text.split(/[\s,]+/).filter((part) => part !== '')
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
    case 'choice':
      return text
    case 'text':
      return text === '' && types.includes('null') ? null : text
  }
}
