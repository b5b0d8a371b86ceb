import { isDynamicText } from '../../../core/domain/templates/template.ts'
import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'
import type { Control, FormField } from '../../steps/form-fields.ts'
import { parseJson } from '../../ui/json/parse-json.ts'
import { textOfValue } from '../data/value-text.ts'

/**
 * What a field is as text. `template`: the very text that its pills stand for. `word`: one value, or a template that becomes it.
 * `json`: a value with parts, or a template that becomes all of it.
 */
export type TextKind = 'template' | 'word' | 'json'

const KINDS: Partial<Record<Control, TextKind>> = {
  template: 'template',
  'template-long': 'template',
  number: 'template',
  'file-path': 'template',
  'folder-path': 'template',
  'service-choice': 'template',
  select: 'word',
  switch: 'word',
  duration: 'word',
  choices: 'json',
  'key-value': 'json',
  'named-rows': 'json',
  conditions: 'json',
  'condition-group': 'json',
  paths: 'json',
  rows: 'json',
  'form-fields': 'json',
  templates: 'json',
}

/** How a control's field can be edited as text; null where that says no more than the control does. */
export function textKindOf(control: Control, isTrigger: boolean): TextKind | null {
  const kind = KINDS[control] ?? null
  // What a trigger is told is not rendered: there a word is one of those that the control offers.
  return kind === 'word' && isTrigger ? null : kind
}

/** Whether a field's control can show a value. One that it cannot is shown as text, or it would be hidden, and lost with a change. */
export function isShowable(field: FormField, value: Json | undefined): boolean {
  if (value === undefined) return true
  const isOption = (one: Json): boolean => field.options.some((option) => option.value === one)
  switch (field.control) {
    case 'select':
      return isOption(value)
    case 'switch':
      return typeof value === 'boolean'
    case 'duration':
      return typeof value === 'string' && !isDynamicText(value)
    case 'choices':
      return Array.isArray(value) && value.every(isOption)
    case 'key-value':
    case 'condition-group':
      return isJsonObject(value)
    case 'named-rows':
      return isJsonObject(value) && Object.values(value).every((one) => isJsonObject(one))
    case 'templates':
      return Array.isArray(value)
    case 'conditions':
    case 'paths':
    case 'rows':
    case 'form-fields':
      return Array.isArray(value) && value.every((one: Json) => isJsonObject(one))
    default:
      return true
  }
}

/** What a text says, or why it says nothing and where. */
export type FieldText =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly message: string; readonly line: number | null }

const NO_CONDITIONS: FieldText = {
  ok: false,
  message: 'This must be { "all": [ … ] } or { "any": [ … ] }.',
  line: null,
}

/** The value of a field's text, which `textOfValue` wrote or a person; an empty one stands for none. */
export function valueOfFieldText(field: FormField, kind: TextKind, text: string): FieldText {
  if (text.trim() === '') return { ok: true, value: undefined }
  if (kind !== 'json') {
    const word = text.trim()
    if (field.control === 'switch' && (word === 'true' || word === 'false')) return { ok: true, value: word === 'true' }
    const option = field.options.find((one) => one.value !== undefined && textOfValue(one.value) === word)
    return { ok: true, value: option?.value ?? text }
  }
  const parsed = parseJson(text)
  if (parsed.ok && field.control === 'conditions' && !isJsonObject(parsed.value)) return NO_CONDITIONS
  if (parsed.ok) return parsed
  if (field.control === 'conditions') return parsed
  // Text that begins as JSON and is none is being written, or a slip.
  return isDynamicText(text) && !/^\s*(\[|\{(?!\{))/.test(text) ? { ok: true, value: text } : parsed
}
