import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { exceedsDepth, type Json, jsonSchema, MAX_JSON_DEPTH } from '../../domain/values/json.ts'
import { readJson } from '../../domain/values/lossless-json.ts'
import { defineComputation } from '../define-computation.ts'

/** Reads JSON out of a text. */
export const jsonParse = defineComputation({
  id: 'json.parse',
  title: 'Read JSON',
  description: 'Makes a value of a text that is JSON.',
  keywords: [
    'parse json',
    'json',
    'json to object',
    'deserialize',
    'decode json',
    'get dictionary from input',
    'string to json',
  ],
  icon: 'file-json',
  category: 'data',
  summary: '{text}',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long', placeholder: '{{ hook.body.payload }}' } }),
    onError: z
      .enum(['fail', 'keep'])
      .default('fail')
      .meta({
        title: 'When it is no JSON',
        ui: { labels: { fail: 'Fail this step', keep: 'Go on with the text as it is' } },
      }),
  }),
  output: z.object({ value: jsonSchema, ok: z.boolean() }),
  sample: { value: { id: 7, lines: [] }, ok: true },
  // biome-ignore lint/correctness/useYield: a long text is read by the thread, a short one at once
  *compute({ text, onError }) {
    // What is a value already was read by the step that gave it.
    if (typeof text !== 'string') return { value: text, ok: true }
    try {
      return { value: read(text), ok: true }
    } catch (error) {
      if (onError === 'keep') return { value: text, ok: false }
      throw error
    }
  },
})

function read(text: string): Json {
  const refuse = (reason: string, cause?: unknown): StepError =>
    new StepError({ code: 'bad-input', message: `The text is no JSON: ${reason}.`, retryable: false }, { cause })
  if (text.trim() === '') throw refuse('there is nothing in it')
  let value: Json
  try {
    // A byte mark at its start is no part of it (RFC 8259, 8.1). Numbers that a double would change stay text.
    value = readJson(text.replace(/^\ufeff/, '')).value
  } catch (error) {
    throw refuse(placeOf(text, error), error)
  }
  if (exceedsDepth(value, MAX_JSON_DEPTH)) throw refuse(`it nests deeper than ${MAX_JSON_DEPTH} levels`)
  return value
}

/** Where it is wrong, by line and column, of what the parser says: `Unexpected token 'x', ..."{ x }" is not valid JSON`. */
function placeOf(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const at = /at position (\d{1,9})/.exec(message)?.[1]
  if (at === undefined) return message.replace(/ in JSON$/, '')
  const before = text.slice(0, Number(at))
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  return `${message.replace(/ (?:in JSON )?at position.*$/, '')} at line ${line}, column ${column}`
}
