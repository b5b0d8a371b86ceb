import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { readPath, valueAt } from '../kit/path.ts'

/**
 * The data of each event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), as JSON; what is none is left out.
 * `isDone`: it came to OpenAI's word for its end.
 */
export function eventsIn(text: string): { readonly events: Json[]; readonly isDone: boolean } {
  const events: Json[] = []
  let isDone = false
  let data: string[] = []
  const end = (): void => {
    const written = data.join('\n')
    isDone ||= written.trim() === '[DONE]'
    const event = parsed(written)
    if (event !== undefined) events.push(event)
    data = []
  }
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (line === '') end()
    else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
  }
  // The last one counts, too, where its blank line is missing.
  end()
  return { events, isDone }
}

function parsed(text: string): Json | undefined {
  try {
    return text === '' ? undefined : jsonSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/**
 * The answer that pieces of OpenAI's form make: that which it is without streaming. Throws a {@link StepError} for a stream that broke off, or
 * says what went wrong on the way. Servers of the same form may end (`isDone`) without a word of why.
 */
export function wholeOfOpenai(events: readonly Json[], title: string, isDone: boolean): Json {
  let text = ''
  let refusal = ''
  let reason: string | null = null
  let model = ''
  let usage: Json = null
  for (const event of events) {
    failedOn(event, title)
    const { choices = [], ...more } = openaiPiece.parse(event)
    model = more.model || model
    usage = more.usage ?? usage
    const [first] = choices
    text += first?.delta?.content ?? ''
    refusal += first?.delta?.refusal ?? ''
    reason = first?.finish_reason ?? reason
  }
  if (reason === null && isDone && text !== '') reason = 'stop'
  if (reason === null) throw brokeOff(title)
  return { model, choices: [{ finish_reason: reason, message: { content: text, refusal: refusal || null } }], usage }
}

const openaiPiece = z.looseObject({
  model: z.string().nullish(),
  usage: z.record(z.string(), jsonSchema).nullish(),
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        delta: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
      }),
    )
    .nullish()
    .transform((choices) => choices ?? []),
})

/** The same of Anthropic's events (https://docs.anthropic.com/en/docs/build-with-claude/streaming). */
export function wholeOfAnthropic(events: readonly Json[], title: string): Json {
  const texts = new Map<number, string>()
  let message: Record<string, Json> = {}
  let usage: Record<string, Json> = {}
  let hasEnded = false
  for (const event of events) {
    failedOn(event, title)
    const { type, index = 0, delta = {}, ...more } = anthropicEvent.parse(event)
    if (more.message !== undefined) message = more.message
    usage = { ...usage, ...Object(more.message?.usage ?? {}), ...more.usage }
    if (type === 'content_block_start' && more.content_block?.type === 'text')
      texts.set(index, more.content_block.text ?? '')
    if (delta.type === 'text_delta') texts.set(index, (texts.get(index) ?? '') + (delta.text ?? ''))
    if (type === 'message_delta') message = { ...message, stop_reason: delta.stop_reason ?? null }
    hasEnded ||= type === 'message_stop'
  }
  if (!hasEnded) throw brokeOff(title)
  return { ...message, content: [...texts.values()].map((text) => ({ type: 'text', text })), usage }
}

const anthropicEvent = z.looseObject({
  type: z.string(),
  index: z.number().optional(),
  message: z.record(z.string(), jsonSchema).optional(),
  usage: z.record(z.string(), jsonSchema).optional(),
  content_block: z.looseObject({ type: z.string(), text: z.string().optional() }).optional(),
  delta: z
    .looseObject({
      type: z.string().optional(),
      text: z.string().optional(),
      stop_reason: z.string().nullish(),
    })
    .optional(),
})

/** The same of Gemini's pieces, each of which is an answer as far as it goes. */
export function wholeOfGemini(events: readonly Json[], title: string): Json {
  const parts: Json[] = []
  let whole: Record<string, Json> = {}
  let reason: Json | undefined
  for (const event of events) {
    failedOn(event, title)
    if (!isJsonObject(event)) continue
    whole = { ...whole, ...event }
    const found = valueAt(event, readPath('candidates[0].content.parts'))
    if (Array.isArray(found)) parts.push(...found)
    reason = valueAt(event, readPath('candidates[0].finishReason')) ?? reason
  }
  const isBlocked = valueAt(whole, readPath('promptFeedback.blockReason')) !== undefined
  if (isBlocked) return whole
  if (reason === undefined) throw brokeOff(title)
  return { ...whole, candidates: [{ finishReason: reason, content: { parts } }] }
}

function failedOn(event: Json, title: string): void {
  const error = isJsonObject(event) ? event.error : undefined
  if (error === undefined || error === null) return
  const words = isJsonObject(error) ? (error.message ?? error.type) : error
  const message = `${title} stopped in the middle of its answer: ${typeof words === 'string' ? words : JSON.stringify(words ?? null)}`
  throw new StepError({ code: 'bad-answer', message, retryable: true })
}

function brokeOff(title: string): StepError {
  const message = `The answer of ${title} broke off before its end.`
  return new StepError({ code: 'bad-answer', message, retryable: true })
}
