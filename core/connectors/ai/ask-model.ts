import { createHash } from 'node:crypto'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import type { CredentialRef } from '../credential.ts'
import { appClient } from '../kit/app-client.ts'
import { openSources } from '../kit/file-value.ts'
import { readSecret } from './ai-account.ts'
import type { AskedFile, Maker, ModelAnswer, Turn } from './makers.ts'
import { eventsIn } from './streamed.ts'

/** What a step asks a model. */
export type Asked = {
  readonly account: CredentialRef
  readonly model: string
  readonly system?: string | undefined
  readonly prompt: string
  readonly files?: Json | undefined
  /** A JSON Schema that the answer is to fit. */
  readonly schema?: Json | undefined
  readonly temperature?: number | undefined
  readonly maxTokens?: number | undefined
  /** Whether the same question may be answered with what was answered before. */
  readonly cache: boolean
  /** Tokens that all steps of the zap may use up in a day; undefined for any number. */
  readonly dailyTokens?: number | undefined
}

export type Answered = {
  readonly text: string
  /** What the text says, where a schema was given; else null. */
  readonly json: Json
  readonly model: string
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
}

export const answeredSchema = z.object({
  text: z.string(),
  json: jsonSchema,
  model: z.string(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }),
})

/** How long an answer is kept for the same question. */
const CACHED_MS = 30 * 86_400_000
/** Bytes of all files of a question together: services take some 20 to 50 MB. */
const MOST_FILE_BYTES = 20_971_520
/** Pictures and PDFs are what all of them look at. */
const LOOKED_AT = /^image\/(png|jpe?g|gif|webp)$|^application\/pdf$/

type Context = Pick<
  ActionContext<unknown>,
  'http' | 'large' | 'clock' | 'idempotencyKey' | 'credential' | 'files' | 'store' | 'memory'
>

/**
 * Asks a model, once more where its answer does not fit the schema. The same question can be answered from what was answered before, so that a
 * replay costs nothing. What the zap has used up today is counted, once for each step and run.
 */
export async function askModel(ctx: Context, asked: Asked): Promise<Answered> {
  const opened = await ctx.credential(asked.account)
  if (opened.type !== 'ai') {
    const message = `The credential "${asked.account.$credential}" is not one for AI models: choose one of the type "AI model".`
    throw new StepError({ code: 'bad-credential', message, retryable: false })
  }
  const { maker, address, streams } = readSecret(opened.secret)
  const files = await readFiles(ctx, asked.files)
  const key = asked.cache ? keyOf(address, asked, files) : null
  if (key !== null) {
    const known = await cached(ctx, key, null)
    if (known !== null) return { ...known, usage: { inputTokens: 0, outputTokens: 0 } }
  }
  await checkBudget(ctx, asked.dailyTokens)
  const answered = await askTwice(ctx, { maker, address, streams }, asked, files)
  await countTokens(ctx, answered.usage)
  if (key !== null) await cached(ctx, key, answered)
  return answered
}

async function askTwice(
  ctx: Context,
  { maker, address, streams }: { readonly maker: Maker; readonly address: string; readonly streams: boolean },
  asked: Asked,
  files: readonly AskedFile[],
): Promise<Answered> {
  const { account, model, system, prompt, schema, temperature, maxTokens } = asked
  const { title, answers } = maker
  const http = appClient(ctx, { address, account, title, answers, takesKey: false })
  const ask = async (turns: readonly Turn[]): Promise<ModelAnswer> => {
    const answer = await http({
      ...maker.request({ model, system, turns, schema, temperature, maxTokens, isStreamed: streams }),
      maxBytes: 16_777_216,
    })
    try {
      const isStream = /^text\/event-stream\b/i.test(String(answer.headers['content-type'] ?? ''))
      if (!isStream) return maker.read(answer.body)
      const { events, isDone } = eventsIn(new TextDecoder().decode(answer.bytes))
      return maker.read(maker.whole(events, isDone))
    } catch (cause) {
      if (cause instanceof StepError) throw cause
      const message = `${title} answered something else than an answer of a model: look at the address and the model of the step.`
      throw new StepError({ code: 'bad-answer', message, retryable: true }, { cause })
    }
  }
  const question: Turn = { by: 'person', text: prompt, files }
  const first = await ask([question])
  if (schema === undefined) return { ...first, model: first.model || model, json: null }
  const check = checkFor(schema)
  const read = check(first.text)
  if (read.ok) return { ...first, model: first.model || model, json: read.value }
  // Once: a model that cannot do it after being told what is wrong cannot do it.
  const repair = `Your answer does not fit: ${read.why}. Answer again with the JSON alone.`
  const second = await ask([question, { by: 'model', text: first.text || '(nothing)' }, { by: 'person', text: repair }])
  const usage = {
    inputTokens: first.usage.inputTokens + second.usage.inputTokens,
    outputTokens: first.usage.outputTokens + second.usage.outputTokens,
  }
  const again = check(second.text)
  if (again.ok) return { text: second.text, model: second.model || model, usage, json: again.value }
  await countTokens(ctx, usage)
  const message = `The answer of the model does not fit the schema, the second one neither: ${again.why}. Ask for less, say more of what you want, or take another model.`
  throw new StepError({ code: 'bad-answer', message, retryable: false, facts: { text: second.text.slice(0, 10_000) } })
}

type Check = (text: string) => { ok: true; value: Json } | { ok: false; why: string }

/** Reads an answer as JSON that fits a schema. Models like to put it into a fence. */
function checkFor(schema: Json): Check {
  let wanted: z.ZodType
  try {
    // What is no schema, the library says.
    wanted = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const message = `"schema" is not a JSON Schema: ${why}.`
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause })
  }
  return (text) => {
    const bare = withoutFence(text.trim())
    let value: unknown
    try {
      value = JSON.parse(bare)
    } catch (error) {
      return { ok: false, why: `it is not JSON (${error instanceof Error ? error.message : String(error)})` }
    }
    const parsed = wanted.safeParse(value)
    if (parsed.success) return { ok: true, value: jsonSchema.parse(value) }
    const issues = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`)
    return { ok: false, why: issues.join('; ') }
  }
}

function withoutFence(text: string): string {
  const opened = text.replace(/^```(?:json)?/i, '')
  return opened === text ? text : (opened.endsWith('```') ? opened.slice(0, -3) : opened).trim()
}

async function readFiles(ctx: Context, given: Json | undefined): Promise<AskedFile[]> {
  if (given === undefined || given === null || (isJsonList(given) && given.length === 0)) return []
  const sources = await openSources(ctx, given, 'files')
  try {
    const bytes = sources.reduce((sum, source) => sum + source.bytes, 0)
    if (bytes > MOST_FILE_BYTES) {
      const message = `The files have ${Math.ceil(bytes / 1_048_576)} MB together, and a model takes ${MOST_FILE_BYTES / 1_048_576} at most: give it less.`
      throw new StepError({ code: 'too-large', message, retryable: false })
    }
    const read: AskedFile[] = []
    for (const source of sources) {
      const { filename, contentType } = source
      if (!LOOKED_AT.test(contentType)) {
        const message = `A model looks at pictures (PNG, JPEG, GIF, WebP) and PDFs, and "${filename}" is ${contentType}: read it with another step, and put its text into the prompt.`
        throw new StepError({ code: 'bad-input', message, retryable: false })
      }
      read.push({ filename, contentType, base64: Buffer.from(await source.read()).toString('base64') })
    }
    return read
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

/** Everything that the answer depends on. */
function keyOf(
  address: string,
  { model, system, prompt, schema, temperature, maxTokens }: Asked,
  files: readonly AskedFile[],
): string {
  const parts = [address, model, system ?? null, prompt, schema ?? null, temperature ?? null, maxTokens ?? null, files]
  return `answer:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`
}

/** The answer that is kept for a question; with `answer` that is kept. */
async function cached({ store, clock }: Context, key: string, answer: Answered | null): Promise<Answered | null> {
  return store.update(key, (known) => {
    const value = answer ?? answeredSchema.safeParse(known).data ?? null
    const now = clock.now()
    return { value, expiresAt: value === null ? now + 1_000 : now + CACHED_MS, result: value }
  })
}

/** Under what the tokens of a day are counted; a person sees it among what the steps of the zap keep. */
const budgetKey = (now: number): string => `ai tokens ${new Date(now).toISOString().slice(0, 10)}`

async function checkBudget({ memory, clock }: Context, most: number | undefined): Promise<void> {
  if (most === undefined) return
  const used = Number((await memory.read('zap', budgetKey(clock.now()))) ?? 0)
  if (used < most) return
  const message = `This zap has used up its ${most.toLocaleString('en')} tokens of today (${used.toLocaleString('en')}): it asks again tomorrow, or after you raise "Tokens a day".`
  throw new StepError({ code: 'budget', message, retryable: false })
}

async function countTokens(
  { memory, clock }: Context,
  { inputTokens, outputTokens }: Answered['usage'],
): Promise<void> {
  await memory.change('zap', budgetKey(clock.now()), (before, now) => {
    const value = Number(before ?? 0) + inputTokens + outputTokens
    return { value, expiresAt: now + 40 * 86_400_000, result: value }
  })
}

/** What of a step's field is an object; undefined for what is none. */
export function schemaOf(given: Json | undefined): Json | undefined {
  if (given === undefined || given === null || given === '') return undefined
  const value = typeof given === 'string' ? parsed(given) : given
  if (value !== undefined && isJsonObject(value)) return value
  const message = '"schema" takes a JSON Schema, such as {"type":"object","properties":{"total":{"type":"number"}}}.'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

function parsed(text: string): Json | undefined {
  try {
    return jsonSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
