import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { encodedPart } from '../../domain/values/address-text.ts'
import type { Json } from '../../domain/values/json.ts'
import type { AppClient, AppRequest } from '../app-request.ts'
import { readPath, valueAt } from '../kit/path.ts'
import type { AnswerRule } from '../service/answers.ts'
import { wholeOfAnthropic, wholeOfGemini, wholeOfOpenai } from './streamed.ts'

/** Whom an account speaks to. Those after Gemini speak as OpenAI does, each at an address of its own. */
export type MakerKind = 'openai' | 'anthropic' | 'gemini' | 'groq' | 'openrouter' | 'ollama' | 'lmstudio'

/** A file that a model looks at: a picture or a PDF. */
export type AskedFile = { readonly filename: string; readonly contentType: string; readonly base64: string }

/** One turn of a conversation. */
export type Turn = { readonly by: 'person' | 'model'; readonly text: string; readonly files?: readonly AskedFile[] }

export type Question = {
  readonly model: string
  readonly system: string | undefined
  readonly turns: readonly Turn[]
  /** A JSON Schema that the answer is to fit. */
  readonly schema: Json | undefined
  readonly temperature: number | undefined
  readonly maxTokens: number | undefined
  /** Piece by piece: a long answer then hits no time limit of what lies between. */
  readonly isStreamed: boolean
}

export type ModelAnswer = {
  readonly text: string
  readonly model: string
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
}

/** A maker of models: where it is, and how it is asked. */
export type Maker = {
  readonly title: string
  readonly address: string
  readonly answers: AnswerRule
  signIn(key: string): Record<string, string>
  models(http: AppClient): Promise<{ id: string; title: string }[]>
  request(question: Question): AppRequest
  /** Throws a {@link StepError} for an answer that was cut off, or refused by the model. */
  read(body: Json): ModelAnswer
  /** What {@link read} takes, of an answer that came in pieces. */
  whole(events: readonly Json[], isDone: boolean): Json
}

/** Tokens that an answer may have where the step says nothing, at the maker that has to be told. */
const MAX_TOKENS = 4_096

const cutOff = (): StepError =>
  new StepError({
    code: 'too-long',
    message: 'The answer was cut off, as it has as many tokens as it may: raise "Tokens at most", or ask for less.',
    retryable: false,
  })

function refused(by: string, why: string): StepError {
  const message = `The model of ${by} did not answer${why === '' ? '' : `: ${why}`}. Ask in another way, or another model.`
  return new StepError({ code: 'refused', message, retryable: false })
}

/** Not "too many requests": the account has no money left. */
function isOutOfMoney(status: number, body: Json): boolean {
  const code = valueAt(body, readPath('error.code')) ?? valueAt(body, readPath('error.type'))
  return status === 402 || code === 'insufficient_quota' || code === 'billing_error'
}

const openaiSchema = z.object({
  model: z.string().default(''),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().default(0), completion_tokens: z.number().default(0) }).nullish(),
})

/** A maker that speaks OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat). `most` is what it calls the tokens that an answer may have. */
function speaksOpenai({ title, address, most }: Pick<Maker, 'title' | 'address'> & { readonly most: string }): Maker {
  return {
    title,
    address,
    answers: { means: (status, body) => (isOutOfMoney(status, body) ? 402 : status) },
    signIn: (key) => ({ authorization: `Bearer ${key}` }),
    async models(http) {
      const body = (await http({ path: 'models' })).as(z.object({ data: z.array(z.object({ id: z.string() })) }))
      return body.data.map(({ id }) => ({ id, title: id }))
    },
    request: ({ model, system, turns, schema, temperature, maxTokens, isStreamed }) => ({
      method: 'POST',
      path: 'chat/completions',
      body: {
        model,
        messages: [
          ...(system === undefined ? [] : [{ role: 'system', content: system }]),
          ...turns.map(({ by, text, files = [] }) => ({
            role: by === 'person' ? 'user' : 'assistant',
            content: files.length === 0 ? text : [{ type: 'text', text }, ...files.map(openaiFile)],
          })),
        ],
        ...(schema !== undefined && {
          response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
        }),
        ...(temperature !== undefined && { temperature }),
        ...(maxTokens !== undefined && { [most]: maxTokens }),
        ...(isStreamed && { stream: true, stream_options: { include_usage: true } }),
      },
    }),
    whole: (events, isDone) => wholeOfOpenai(events, title, isDone),
    read(body) {
      const { model, choices, usage } = openaiSchema.parse(body)
      const { message, finish_reason: reason } = choices[0] ?? { message: {} }
      if (message.refusal) throw refused(title, message.refusal)
      if (reason === 'content_filter') throw refused(title, 'its filter held the answer back')
      if (reason === 'length') throw cutOff()
      return {
        text: message.content ?? '',
        model,
        usage: { inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 },
      }
    },
  }
}

function openaiFile({ filename, contentType, base64 }: AskedFile): Json {
  const data = `data:${contentType};base64,${base64}`
  return contentType.startsWith('image/')
    ? { type: 'image_url', image_url: { url: data } }
    : { type: 'file', file: { filename, file_data: data } }
}

const anthropicSchema = z.object({
  model: z.string().default(''),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
  usage: z.object({ input_tokens: z.number().default(0), output_tokens: z.number().default(0) }),
})

/**
 * Anthropic's messages. Header and version are a pair: with a Bearer token it is the version of 2026-10-21, which has schemas for answers and
 * no temperature any more (@anthropic-ai/sdk 1.14).
 */
const anthropic: Maker = {
  title: 'Anthropic',
  address: 'https://api.anthropic.com',
  answers: { means: (status, body) => (isOutOfMoney(status, body) ? 402 : status === 529 ? 503 : status) },
  signIn: (key) => ({ authorization: `Bearer ${key}`, 'anthropic-version': '2026-10-21' }),
  async models(http) {
    const answer = await http({ path: 'v1/models', query: { limit: 1_000 } })
    const { data } = answer.as(
      z.object({ data: z.array(z.object({ id: z.string(), display_name: z.string().optional() })) }),
    )
    return data.map(({ id, display_name: title = id }) => ({ id, title }))
  },
  request({ model, system, turns, schema, temperature, maxTokens, isStreamed }) {
    if (temperature !== undefined) {
      const message = 'Models of Anthropic take no temperature: leave it empty.'
      throw new StepError({ code: 'bad-input', message, retryable: false })
    }
    return {
      method: 'POST',
      path: 'v1/messages',
      body: {
        model,
        max_tokens: maxTokens ?? MAX_TOKENS,
        ...(system !== undefined && { system }),
        messages: turns.map(({ by, text, files = [] }) => ({
          role: by === 'person' ? 'user' : 'assistant',
          content: files.length === 0 ? text : [...files.map(anthropicFile), { type: 'text', text }],
        })),
        ...(schema !== undefined && { output_config: { format: { type: 'json_schema', schema } } }),
        ...(isStreamed && { stream: true }),
      },
    }
  },
  whole: (events) => wholeOfAnthropic(events, 'Anthropic'),
  read(body) {
    const { model, content, stop_reason: reason, usage } = anthropicSchema.parse(body)
    if (reason === 'refusal') throw refused('Anthropic', '')
    if (reason === 'max_tokens') throw cutOff()
    return {
      text: content.flatMap(({ type, text = '' }) => (type === 'text' ? [text] : [])).join(''),
      model,
      usage: { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens },
    }
  },
}

function anthropicFile({ contentType, base64 }: AskedFile): Json {
  const source = { type: 'base64', media_type: contentType, data: base64 }
  return { type: contentType.startsWith('image/') ? 'image' : 'document', source }
}

const geminiSchema = z.object({
  modelVersion: z.string().default(''),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  candidates: z
    .array(
      z.object({
        finishReason: z.string().optional(),
        content: z
          .object({
            parts: z.array(z.looseObject({ text: z.string().optional(), thought: z.boolean().optional() })).default([]),
          })
          .optional(),
      }),
    )
    .default([]),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().default(0),
      candidatesTokenCount: z.number().default(0),
      thoughtsTokenCount: z.number().default(0),
    })
    .optional(),
})

/** Google's Gemini (https://ai.google.dev/api/generate-content). A wrong key is a 400 there. */
const gemini: Maker = {
  title: 'Google Gemini',
  address: 'https://generativelanguage.googleapis.com/v1',
  answers: {
    means: (status, body) =>
      status === 400 && /api key/i.test(String(valueAt(body, readPath('error.message')) ?? '')) ? 401 : status,
  },
  signIn: (key) => ({ 'x-goog-api-key': key }),
  async models(http) {
    const answer = await http({ path: 'models', query: { pageSize: 1_000 } })
    const schema = z.object({
      models: z
        .array(
          z.object({
            name: z.string(),
            displayName: z.string().optional(),
            supportedGenerationMethods: z.array(z.string()).optional(),
          }),
        )
        .default([]),
    })
    return answer
      .as(schema)
      .models.flatMap(({ name, displayName, supportedGenerationMethods: can = ['generateContent'] }) => {
        const id = name.replace(/^models\//, '')
        return can.includes('generateContent') ? [{ id, title: displayName ?? id }] : []
      })
  },
  whole: (events) => wholeOfGemini(events, 'Google Gemini'),
  request: ({ model, system, turns, schema, temperature, maxTokens, isStreamed }) => ({
    method: 'POST',
    path: `models/${encodedPart(model)}:${isStreamed ? 'streamGenerateContent' : 'generateContent'}`,
    ...(isStreamed && { query: { alt: 'sse' } }),
    body: {
      contents: turns.map(({ by, text, files = [] }) => ({
        role: by === 'person' ? 'user' : 'model',
        parts: [
          { text },
          ...files.map(({ contentType, base64 }) => ({ inlineData: { mimeType: contentType, data: base64 } })),
        ],
      })),
      ...(system !== undefined && { systemInstruction: { parts: [{ text: system }] } }),
      ...((schema !== undefined || temperature !== undefined || maxTokens !== undefined) && {
        generationConfig: {
          ...(temperature !== undefined && { temperature }),
          ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
          ...(schema !== undefined && { responseMimeType: 'application/json', responseJsonSchema: schema }),
        },
      }),
    },
  }),
  read(body) {
    const { modelVersion, promptFeedback, candidates, usageMetadata } = geminiSchema.parse(body)
    const [first] = candidates
    if (first === undefined || promptFeedback?.blockReason !== undefined) {
      throw refused('Google', promptFeedback?.blockReason ?? '')
    }
    if (first.finishReason === 'MAX_TOKENS') throw cutOff()
    const parts = first.content?.parts ?? []
    const text = parts.flatMap((part) => (part.thought === true ? [] : [part.text ?? ''])).join('')
    if (text === '' && first.finishReason !== undefined && first.finishReason !== 'STOP')
      throw refused('Google', first.finishReason)
    const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usageMetadata ?? {}
    return {
      text,
      model: modelVersion,
      usage: { inputTokens: promptTokenCount, outputTokens: candidatesTokenCount + thoughtsTokenCount },
    }
  },
}

export const MAKERS: Readonly<Record<MakerKind, Maker>> = {
  openai: speaksOpenai({ title: 'OpenAI', address: 'https://api.openai.com/v1', most: 'max_completion_tokens' }),
  anthropic,
  gemini,
  groq: speaksOpenai({ title: 'Groq', address: 'https://api.groq.com/openai/v1', most: 'max_completion_tokens' }),
  openrouter: speaksOpenai({
    title: 'OpenRouter',
    address: 'https://openrouter.ai/api/v1',
    most: 'max_completion_tokens',
  }),
  // Servers of one's own know the older name alone.
  ollama: speaksOpenai({ title: 'Ollama', address: 'http://127.0.0.1:11434/v1', most: 'max_tokens' }),
  lmstudio: speaksOpenai({ title: 'LM Studio', address: 'http://127.0.0.1:1234/v1', most: 'max_tokens' }),
}
