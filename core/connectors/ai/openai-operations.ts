import { isJsonList, type Json, textOf } from '../../domain/values/json.ts'
import type { ServiceFiles } from '../app-parts.ts'
import { readPath, valueAt } from '../kit/path.ts'
import { file, json, longText, number, text, texts } from '../service/fields.ts'
import { listOf, operation } from '../service/operation.ts'
import type { Entered, ServiceFields } from '../service/request.ts'

/** What is said of an operation that several makers have: in the words of each. */
type Said = {
  readonly name?: string
  readonly title: string
  readonly keywords: readonly string[]
  /** What a model is called there. */
  readonly model: string
  /** What this maker takes besides, in the body. */
  readonly fields?: ServiceFields
}

/** Minutes that a model may think. */
const PATIENCE_MS = 300_000

export const modelField = (placeholder: string) => text('Model', { placeholder, from: { list: 'models' } })

/** The models of a maker that speaks as OpenAI, for a field to choose from. */
export const modelList = (label = 'id') =>
  listOf({ request: 'GET /models', pages: { items: 'data' }, value: 'id', label })

export const systemField = longText('Instructions', { optional: true })
export const schemaField = json('Answer as JSON', {
  optional: true,
  advanced: true,
  help: 'A JSON schema that the answer has to fit.',
  placeholder:
    '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}',
})
export const messagesField = json('Messages before', {
  optional: true,
  advanced: true,
  placeholder: '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]',
})
export const imageField = file('Image', { optional: true, advanced: true, help: 'That the model looks at.' })
export const tokensField = number('Tokens at most', { min: 1, optional: true, advanced: true })
export const temperatureField = number('Temperature', {
  min: 0,
  max: 2,
  whole: false,
  optional: true,
  advanced: true,
  help: 'Models that think refuse it.',
})

/** What was said before, as a list; nothing for what is none. */
export const messagesOf = ({ messages = null }: Entered): readonly Json[] => (isJsonList(messages) ? messages : [])

/** An image as base64; null where the step has none. */
export async function imageOf(
  { image }: Entered,
  files: ServiceFiles,
): Promise<{ type: string; base64: string } | null> {
  if (image === undefined) return null
  const { contentType, content } = await files.read(image, 'image')
  return { type: contentType, base64: Buffer.from(content).toString('base64') }
}

/** The JSON that a model wrote; its words where they are none. */
export function jsonIn(words: string): Json {
  try {
    // What JSON.parse makes of a text is JSON.
    return JSON.parse(words) as Json
  } catch {
    return words
  }
}

/** What the entered fields of one maker put into a body. */
function ownOf(fields: ServiceFields, input: Entered): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { as = name, send }]) => {
      const value = input[name]
      const sent = value === undefined || send === undefined ? value : send(value)
      return sent === undefined ? [] : [[as, sent]]
    }),
  )
}

/** Chat completions (https://platform.openai.com/docs/api-reference/chat). `most` is what this maker calls the tokens of an answer. */
export function chatOperation(
  said: Said & { readonly path?: string; readonly description?: string; readonly most?: string },
): ReturnType<typeof operation> {
  const { name = 'chat', title, keywords, model, fields = {}, most = 'max_completion_tokens' } = said
  const { path = 'chat/completions', description = 'Answers a prompt, as chat completions.' } = said
  return operation({
    name,
    title,
    description,
    keywords,
    summary: '{prompt}',
    effect: 'idempotent',
    timeoutMs: PATIENCE_MS,
    fields: {
      model: modelField(model),
      prompt: longText('Prompt'),
      system: systemField,
      messages: messagesField,
      image: imageField,
      schema: schemaField,
      most: tokensField,
      temperature: temperatureField,
      ...fields,
    },
    sample: { text: 'Paris.', finish: 'stop', usage: { prompt_tokens: 12, completion_tokens: 2 } },
    async run({ http, files, input }) {
      const { most: tokens, temperature, schema, system, prompt = '' } = input
      const image = await imageOf(input, files)
      const content: Json = image
        ? [
            { type: 'text', text: prompt },
            { type: 'image_url', image_url: { url: `data:${image.type};base64,${image.base64}` } },
          ]
        : prompt
      const body = {
        model: input.model ?? '',
        messages: [
          ...(system === undefined ? [] : [{ role: 'system', content: system }]),
          ...messagesOf(input),
          { role: 'user', content },
        ],
        ...(tokens !== undefined && { [most]: tokens }),
        ...(temperature !== undefined && { temperature }),
        ...(schema !== undefined && {
          response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
        }),
        ...ownOf(fields, input),
      }
      const answer = (await http({ method: 'POST', path, body })).body
      const words = textOf(valueAt(answer, readPath('choices[0].message.content')) ?? '')
      return {
        text: words,
        ...(schema !== undefined && { data: jsonIn(words) }),
        finish: valueAt(answer, readPath('choices[0].finish_reason')) ?? null,
        usage: valueAt(answer, readPath('usage')) ?? null,
      }
    },
  })
}

/** Responses (https://platform.openai.com/docs/api-reference/responses). */
export function respondOperation({ title, keywords, model, fields = {} }: Said): ReturnType<typeof operation> {
  return operation({
    name: 'respond',
    title,
    description: 'Answers a prompt, as responses: with a search of the web, or what was asked before.',
    keywords,
    summary: '{prompt}',
    effect: 'idempotent',
    timeoutMs: PATIENCE_MS,
    fields: {
      model: modelField(model),
      prompt: longText('Prompt'),
      system: systemField,
      tools: json('Tools', { optional: true, advanced: true, placeholder: '[{"type":"web_search"}]' }),
      previous: text('After the answer', { optional: true, advanced: true, help: 'The id of one before.' }),
      schema: schemaField,
      most: tokensField,
      ...fields,
    },
    sample: {
      id: 'resp_67ccd2bed1ec',
      text: 'Paris.',
      status: 'completed',
      usage: { input_tokens: 12, output_tokens: 2 },
    },
    async run({ http, input }) {
      const { system, tools, previous, most, schema } = input
      const body = {
        model: input.model ?? '',
        input: input.prompt ?? '',
        ...(system !== undefined && { instructions: system }),
        ...(tools !== undefined && { tools }),
        ...(previous !== undefined && { previous_response_id: previous }),
        ...(most !== undefined && { max_output_tokens: most }),
        ...(schema !== undefined && {
          text: { format: { type: 'json_schema', name: 'answer', schema, strict: true } },
        }),
        // Answers are kept unless the maker is told not to; one that is gone on with has to be kept.
        store: true,
        ...ownOf(fields, input),
      }
      const answer = (await http({ method: 'POST', path: 'responses', body })).body
      const output = valueAt(answer, readPath('output')) ?? null
      const contents = (isJsonList(output) ? output : []).flatMap((one) => {
        const content =
          valueAt(one, readPath('type')) === 'message' ? (valueAt(one, readPath('content')) ?? null) : null
        return isJsonList(content) ? [...content] : []
      })
      const words = contents.map((one) => textOf(valueAt(one, readPath('text')) ?? '')).join('')
      const kept = ['id', 'status', 'usage'].map((name) => [name, valueAt(answer, readPath(name)) ?? null] as const)
      return { text: words, ...(schema !== undefined && { data: jsonIn(words) }), ...Object.fromEntries(kept) }
    },
  })
}

/** Embeddings (https://platform.openai.com/docs/api-reference/embeddings). */
export const embedOperation = ({ title, keywords, model }: Said): ReturnType<typeof operation> =>
  operation({
    name: 'embed',
    title,
    description: 'Makes vectors of texts, by which like ones are found.',
    keywords,
    request: 'POST /embeddings',
    effect: 'idempotent',
    timeoutMs: PATIENCE_MS,
    fields: {
      model: modelField(model),
      input: texts('Texts', { most: 2_000, help: 'One a line.' }),
      size: number('Numbers of a vector', { as: 'dimensions', min: 1, optional: true, advanced: true }),
    },
    body: { encoding_format: 'float' },
    result: 'data',
    sample: { items: [{ index: 0, embedding: [0.0023, -0.0093] }], count: 1 },
  })

/** Transcriptions (https://platform.openai.com/docs/api-reference/audio/createTranscription). */
export const transcribeOperation = ({ title, keywords, model }: Said): ReturnType<typeof operation> =>
  operation({
    name: 'transcribe',
    title,
    description: 'Makes a text of a sound or a video.',
    keywords,
    summary: '{file}',
    effect: 'idempotent',
    timeoutMs: 600_000,
    fields: {
      model: modelField(model),
      file: file('Sound', { help: 'Up to 25 MB; the ending of its name says what it is.' }),
      language: text('Language', { optional: true, advanced: true, placeholder: 'de' }),
      prompt: longText('Words that come in it', { optional: true, advanced: true }),
    },
    sample: { text: 'Hello, Ada.' },
    async run({ http, files, input }) {
      const read = await files.read(input.file ?? '', 'file')
      const words = { model: input.model, language: input.language, prompt: input.prompt }
      const parts = Object.entries(words).flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, value: textOf(value) }],
      )
      const asked = {
        method: 'POST',
        path: 'audio/transcriptions',
        parts: [...parts, { name: 'file', ...read }],
      } as const
      return (await http(asked)).body
    },
  })

/** The models that an account may use. */
export const modelsOperation = (said: {
  readonly title: string
  readonly keywords: readonly string[]
  readonly sample: Json
}): ReturnType<typeof operation> =>
  operation({
    name: 'models',
    title: said.title,
    description: 'Reads which models the account may use.',
    keywords: said.keywords,
    request: 'GET /models',
    result: 'data',
    sample: { items: [said.sample], count: 1 },
  })
