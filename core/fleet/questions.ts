import { z } from 'zod'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Json } from '../domain/values/json.ts'
import type { FleetLog } from './log.ts'
import { decode, encode } from './records.ts'

/** What hosts ask each other, by mail that is answered at once. */
const questionSchema = z.discriminatedUnion('ask', [
  /** The sender's answer, as a step gave it, for the request that the host of origin holds. */
  z.object({ ask: z.literal('respond'), runId: z.string().max(40), answer: z.string() }),
  z.object({ ask: z.literal('version'), zap: z.string().max(100), version: z.int() }),
  /** A part of an event's stored data. */
  z.object({ ask: z.literal('event'), event: z.string().max(40), offset: z.int().min(0) }),
  /** A part of a large value. */
  z.object({ ask: z.literal('blob'), hash: z.string().regex(/^[0-9a-f]{64}$/), offset: z.int().min(0) }),
  /** Takes no more events, or takes them again. */
  z.object({ ask: z.literal('drain'), on: z.boolean() }),
  /** A question of the screens about that host's runs, as its own contract answers it. */
  z.object({ ask: z.literal('runs'), of: z.enum(['list', 'get']), input: z.string().max(10_000) }),
  /** A page on which a person answers a question, as JSON; null where it is none of that host's. */
  z.object({ ask: z.literal('page'), request: z.string().max(1_000_000) }),
])
export type Question = z.infer<typeof questionSchema>

/** What a host answers. Bytes are sent as they are. */
export type Answers = {
  respond(runId: string, answer: SenderAnswer): boolean
  version(zap: string, version: number): Promise<string | undefined>
  event(event: string, offset: number): Promise<Uint8Array>
  blob(hash: string, offset: number): Promise<Uint8Array>
  drain(on: boolean): void
  runs(of: 'list' | 'get', input: Json): Promise<Json>
  page(request: string): Promise<string | null>
}

const ASK_MS = 10_000
const answerSchema = z.object({ answer: z.json() })
const senderAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.json().optional(),
  bytes: z.string().optional(),
  allowScripts: z.boolean().optional(),
})

/** Asks another host; rejects with a LogError `no-answer`, or another error where its answer cannot be read. */
export async function ask(log: FleetLog, to: string, question: Question): Promise<Json> {
  const bytes = await log.mail.ask(to, await encode(question), ASK_MS)
  return (await decode(answerSchema, bytes)).answer
}

/** As {@link ask}, for what is answered with bytes. */
export async function askBytes(log: FleetLog, to: string, question: Question): Promise<Uint8Array> {
  return log.mail.ask(to, await encode(question), ASK_MS)
}

/** Answers what other hosts ask of this one. */
export async function answerQuestion(bytes: Uint8Array, answers: Answers): Promise<Uint8Array> {
  const question = await decode(questionSchema, bytes)
  switch (question.ask) {
    case 'respond':
      return encode({ answer: answers.respond(question.runId, readSenderAnswer(question.answer)) })
    case 'version':
      return encode({ answer: (await answers.version(question.zap, question.version)) ?? null })
    case 'event':
      return answers.event(question.event, question.offset)
    case 'blob':
      return answers.blob(question.hash, question.offset)
    case 'drain':
      answers.drain(question.on)
      return encode({ answer: true })
    case 'page':
      return encode({ answer: await answers.page(question.request) })
    case 'runs':
      return encode({ answer: await answers.runs(question.of, JSON.parse(question.input)) })
  }
}

/** A sender's answer as text; its body may be bytes. */
export function writeSenderAnswer({ body, ...answer }: SenderAnswer): string {
  const isBytes = body instanceof Uint8Array
  return JSON.stringify(isBytes ? { ...answer, bytes: Buffer.from(body).toString('base64') } : { ...answer, body })
}

function readSenderAnswer(text: string): SenderAnswer {
  const { bytes, body, allowScripts, ...answer } = senderAnswerSchema.parse(JSON.parse(text))
  return {
    ...answer,
    body: bytes === undefined ? (body ?? null) : Buffer.from(bytes, 'base64'),
    ...(allowScripts !== undefined && { allowScripts }),
  }
}
