import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonText } from '../../domain/templates/json-template.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../domain/values/json.ts'

/**
 * A request's body as text, with its content type; null for none. Without a type, text that is no JSON object or list is sent
 * as text, and everything else as JSON. Throws a {@link StepError} `bad-input` for what cannot be written in the type that was asked for.
 */
export function encodeBody(
  body: Json | undefined,
  type: 'json' | 'form' | 'text' | undefined,
): { content: string; contentType: string } | null {
  if (body === undefined || (body === null && type !== 'json')) return null
  switch (type ?? (typeof body === 'string' && !isJsonText(body) ? 'text' : 'json')) {
    case 'json':
      return { content: jsonText(body), contentType: 'application/json' }
    case 'form':
      return { content: formText(body), contentType: 'application/x-www-form-urlencoded' }
    case 'text':
      return { content: textOf(body), contentType: 'text/plain; charset=utf-8' }
  }
}

/** A text that is JSON already, as one gets by writing JSON around templates, is sent as it is. */
function jsonText(body: Json): string {
  if (typeof body !== 'string') return JSON.stringify(body)
  try {
    JSON.parse(body)
    return body
  } catch (error) {
    if (!/^\s*[[{]/.test(body)) return JSON.stringify(body)
    const reason = error instanceof Error ? error.message : String(error)
    throw refusal(`is not valid JSON (${reason}); use "| json" for values inside it`)
  }
}

function formText(body: Json): string {
  if (typeof body === 'string') return body
  if (!isJsonObject(body)) throw refusal('must be an object to be sent as a form')
  const form = new URLSearchParams()
  for (const [name, values] of Object.entries(body)) {
    for (const value of isJsonList(values) ? values : [values]) if (value !== null) form.append(name, textOf(value))
  }
  return form.toString()
}

function refusal(reason: string): StepError {
  return new StepError({ code: 'bad-input', message: `The body ${reason}.`, retryable: false })
}
