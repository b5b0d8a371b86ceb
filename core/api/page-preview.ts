import { FORM_FIELD_TYPES, type FormField } from '../domain/runs/question.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, textOf } from '../domain/values/json.ts'
import { formPage } from '../ingress/forms/form-page.ts'
import { procedures } from './services.ts'

/** The page of a form or a question that is still being made: what is not said yet has a word in its place. */
export function pagePreviewProcedures() {
  return {
    pagePreview: procedures.zaps.pagePreview.handler(({ input: { input, asks } }) => {
      const text = (name: string, fallback: string): string => {
        const value = input[name]
        return value === undefined || value === null || value === '' ? fallback : textOf(value)
      }
      const [title = '', ...intro] = (asks ? text('message', 'Question') : text('title', 'Title')).split('\n')
      const fields = input.fields !== undefined && isJsonList(input.fields) ? input.fields.map(fieldOf) : []
      const page = formPage({
        title,
        intro: asks ? intro.join('\n') || null : text('intro', '') || null,
        details: asks ? (input.details ?? null) : null,
        fields,
        buttons: asks ? buttonsOf(input) : [{ label: text('send', 'Send'), value: null }],
        leadsTo: null,
        token: '',
        entered: new Map(
          (isJsonList(input.fields ?? null) ? (input.fields as readonly Json[]) : []).map((field, at) => [
            fields[at]?.name ?? '',
            { texts: firstOf(field), file: null, problem: null },
          ]),
        ),
        kept: new Map(),
        notice: null,
      })
      return { html: String(page.body) }
    }),
  }
}

function fieldOf(value: Json, at: number): FormField {
  const field: JsonObject = isJsonObject(value) ? value : {}
  const text = (name: string): string => (typeof field[name] === 'string' ? field[name] : '')
  const { options } = field
  return {
    name: `field${at}`,
    label: text('label') || 'New field',
    type: FORM_FIELD_TYPES.find((type) => type === field.type) ?? 'text',
    required: field.required === true,
    options: options !== undefined && isJsonList(options) ? options.map(textOf) : [],
    help: text('help') || null,
  }
}

function firstOf(field: Json): string[] {
  if (!isJsonObject(field) || field.value === undefined || field.value === null || field.type === 'file') return []
  return (isJsonList(field.value) ? field.value : [field.value]).map(textOf)
}

function buttonsOf(input: JsonObject): { label: string; value: string }[] {
  const word = (name: string, fallback: string): string => (typeof input[name] === 'string' ? input[name] : fallback)
  const choices = input.choices !== undefined && isJsonList(input.choices) ? input.choices : []
  const further = choices.flatMap((choice) => {
    if (!isJsonObject(choice)) return []
    const label = [choice.name, choice.id].find((one) => typeof one === 'string' && one !== '')
    return typeof label === 'string' ? [{ label, value: label }] : []
  })
  const { buttons } = input
  return [
    ...(buttons === 'none' ? [] : [{ label: word('approve', 'Approve'), value: 'approved' }]),
    ...further,
    ...(buttons === undefined || buttons === 'both' ? [{ label: word('decline', 'Decline'), value: 'declined' }] : []),
  ]
}
