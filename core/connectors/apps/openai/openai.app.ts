import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, file, json, longText, number, text, texts } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.openai.com/v1'

const model = (placeholder: string) => text('Model', { placeholder, from: { list: 'models' } })
const schema = json('Answer as JSON', {
  optional: true,
  advanced: true,
  help: 'A JSON schema that the answer has to fit.',
  placeholder:
    '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}',
})

/** Pictures come as base64, or as an address where they are kept. */
async function keepPictures(
  answer: Json,
  format: string,
  keep: (name: string, content: Uint8Array, type: string) => Promise<Json>,
): Promise<Json> {
  const data = valueAt(answer, readPath('data')) ?? null
  const found = isJsonList(data) ? data : []
  const files: Json[] = []
  for (const [at, one] of found.entries()) {
    const coded = valueAt(one, readPath('b64_json'))
    if (typeof coded === 'string')
      files.push(await keep(`image-${at + 1}.${format}`, Buffer.from(coded, 'base64'), `image/${format}`))
  }
  const [first] = found
  const address = valueAt(first ?? null, readPath('url'))
  return {
    ...(files.length > 0 && { file: files[0] ?? null, files }),
    ...(typeof address === 'string' && { url: address }),
  }
}

/** OpenAI (https://platform.openai.com/docs/api-reference). */
export const openai = defineApp({
  id: 'openai',
  title: 'OpenAI',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'openai',
      title: 'OpenAI key',
      secret: { title: 'API key', placeholder: 'sk-…' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', link: { title: 'API keys', url: 'https://platform.openai.com/api-keys' } },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      // A key has no name: which models it may use is what there is to say of it.
      async test({ at }) {
        const models = valueAt((await at(ADDRESS)({ path: 'models' })).body, readPath('data')) ?? null
        return `${isJsonList(models) ? models.length : 0} models`
      },
    }),
  ],
  answers: {
    says: ['error.message'],
    // Without money another try does not help.
    means: (status, body) =>
      status === 429 && valueAt(body, readPath('error.code')) === 'insufficient_quota' ? 402 : status,
    waits: (_body, headers) => {
      const ms = Number(headers['retry-after-ms'])
      return ms > 0 ? ms : undefined
    },
  },
  lists: { models: listOf({ request: 'GET /models', pages: { items: 'data' }, value: 'id', label: 'id' }) },
  actions: [
    operation({
      name: 'chat',
      title: 'Chat with OpenAI',
      description: 'Answers a prompt, as chat completions.',
      keywords: ['gpt', 'chatgpt', 'completion', 'model'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: model('gpt-…'),
        prompt: longText('Prompt'),
        system: longText('Instructions', { optional: true }),
        messages: json('Messages before', {
          optional: true,
          advanced: true,
          placeholder: '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]',
        }),
        schema,
        most: number('Tokens at most', { min: 1, optional: true, advanced: true }),
        temperature: number('Temperature', {
          min: 0,
          max: 2,
          whole: false,
          optional: true,
          advanced: true,
          help: 'Models that think refuse it.',
        }),
        effort: choice(
          'Effort',
          { minimal: 'Least', low: 'Low', medium: 'Medium', high: 'High' },
          { optional: true, advanced: true },
        ),
      },
      sample: { text: 'Paris.', finish: 'stop', usage: { prompt_tokens: 12, completion_tokens: 2 } },
      async run({ http, input }) {
        const before = isJsonList(input.messages ?? null) ? Object.values(Object(input.messages)) : []
        const { most, temperature, effort } = input
        const body = {
          model: input.model ?? '',
          messages: [
            ...(input.system === undefined ? [] : [{ role: 'system', content: input.system }]),
            ...before.map((one) => one as Json),
            { role: 'user', content: input.prompt ?? '' },
          ],
          ...(most !== undefined && { max_completion_tokens: most }),
          ...(temperature !== undefined && { temperature }),
          ...(effort !== undefined && { reasoning_effort: effort }),
          ...(input.schema !== undefined && {
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'answer', schema: input.schema, strict: true },
            },
          }),
        }
        const answer = (await http({ method: 'POST', path: 'chat/completions', body })).body
        const words = textOf(valueAt(answer, readPath('choices[0].message.content')) ?? '')
        return {
          text: words,
          ...(input.schema !== undefined && { data: parsed(words) }),
          finish: valueAt(answer, readPath('choices[0].finish_reason')) ?? null,
          usage: valueAt(answer, readPath('usage')) ?? null,
        }
      },
    }),
    operation({
      name: 'respond',
      title: 'Ask OpenAI',
      description: 'Answers a prompt, as responses: with a search of the web, or what was asked before.',
      keywords: ['gpt', 'chatgpt', 'responses', 'model', 'web search'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: model('gpt-…'),
        prompt: longText('Prompt'),
        system: longText('Instructions', { optional: true }),
        tools: json('Tools', { optional: true, advanced: true, placeholder: '[{"type":"web_search"}]' }),
        previous: text('After the answer', { optional: true, advanced: true, help: 'The id of one before.' }),
        schema,
        most: number('Tokens at most', { min: 1, optional: true, advanced: true }),
      },
      sample: {
        id: 'resp_67ccd2bed1ec',
        text: 'Paris.',
        status: 'completed',
        usage: { input_tokens: 12, output_tokens: 2 },
      },
      async run({ http, input }) {
        const { system, tools, previous, most } = input
        const body = {
          model: input.model ?? '',
          input: input.prompt ?? '',
          ...(system !== undefined && { instructions: system }),
          ...(tools !== undefined && { tools }),
          ...(previous !== undefined && { previous_response_id: previous }),
          ...(most !== undefined && { max_output_tokens: most }),
          ...(input.schema !== undefined && {
            text: { format: { type: 'json_schema', name: 'answer', schema: input.schema, strict: true } },
          }),
          // OpenAI keeps answers unless it is told not to; one that is gone on with has to be kept.
          store: true,
        }
        const answer = (await http({ method: 'POST', path: 'responses', body })).body
        const output = valueAt(answer, readPath('output')) ?? null
        const contents = (isJsonList(output) ? output : []).flatMap((one) => {
          const content = isJsonObject(one) && one.type === 'message' ? (one.content ?? null) : null
          return isJsonList(content) ? [...content] : []
        })
        const words = contents.map((one) => textOf(valueAt(one, readPath('text')) ?? '')).join('')
        const kept = ['id', 'status', 'usage'].map((name) => [name, valueAt(answer, readPath(name)) ?? null] as const)
        return { text: words, ...(input.schema !== undefined && { data: parsed(words) }), ...Object.fromEntries(kept) }
      },
    }),
    operation({
      name: 'embed',
      title: 'Make embeddings with OpenAI',
      description: 'Makes vectors of texts, by which like ones are found.',
      keywords: ['vector', 'semantic', 'similarity'],
      request: 'POST /embeddings',
      effect: 'idempotent',
      fields: {
        model: model('text-embedding-3-small'),
        input: texts('Texts', { most: 2_000, help: 'One a line.' }),
        size: number('Numbers of a vector', { as: 'dimensions', min: 1, optional: true, advanced: true }),
      },
      body: { encoding_format: 'float' },
      result: 'data',
      sample: { items: [{ index: 0, embedding: [0.0023, -0.0093] }], count: 1 },
    }),
    operation({
      name: 'image',
      title: 'Draw an image with OpenAI',
      description: 'Makes an image of a description.',
      keywords: ['picture', 'generate', 'dall-e', 'gpt-image'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: model('gpt-image-1'),
        prompt: longText('Description', { most: 32_000 }),
        size: text('Size', { optional: true, placeholder: '1024x1024' }),
        quality: text('Quality', { optional: true, advanced: true, placeholder: 'high' }),
        format: choice('As', { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' }, { advanced: true }),
      },
      sample: { file: { filename: 'image-1.png', contentType: 'image/png', bytes: 12_345 } },
      async run({ http, files, input }) {
        const { size, quality } = input
        const format = textOf(input.format ?? 'png')
        // Models of the family dall-e know no format.
        const isOld = textOf(input.model ?? '').startsWith('dall-e')
        const body = {
          model: input.model ?? '',
          prompt: input.prompt ?? '',
          ...(size !== undefined && { size }),
          ...(quality !== undefined && { quality }),
          ...(isOld ? { response_format: 'b64_json' } : { output_format: format }),
        }
        const answer = (await http({ method: 'POST', path: 'images/generations', body, maxBytes: 100_000_000 })).body
        return keepPictures(answer, isOld ? 'png' : format, files.keep)
      },
    }),
    operation({
      name: 'edit-image',
      title: 'Change an image with OpenAI',
      description: 'Changes an image as a description says.',
      keywords: ['picture', 'edit', 'gpt-image'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: model('gpt-image-1'),
        image: file('Image'),
        prompt: longText('What to change', { most: 32_000 }),
        size: text('Size', { optional: true, advanced: true, placeholder: '1024x1024' }),
      },
      sample: { file: { filename: 'image-1.png', contentType: 'image/png', bytes: 12_345 } },
      async run({ http, files, input }) {
        const read = await files.read(input.image ?? '', 'image')
        const words = { model: input.model, prompt: input.prompt, size: input.size }
        const parts = Object.entries(words).flatMap(([name, value]) =>
          value === undefined ? [] : [{ name, value: textOf(value) }],
        )
        const answer = (
          await http({
            method: 'POST',
            path: 'images/edits',
            parts: [...parts, { name: 'image', ...read }],
            maxBytes: 100_000_000,
          })
        ).body
        return keepPictures(answer, 'png', files.keep)
      },
    }),
    operation({
      name: 'transcribe',
      title: 'Write down speech with OpenAI',
      description: 'Makes a text of a sound or a video.',
      keywords: ['speech to text', 'audio', 'whisper', 'transcript'],
      summary: '{file}',
      effect: 'idempotent',
      timeoutMs: 600_000,
      fields: {
        model: model('gpt-4o-transcribe'),
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
        return (
          await http({ method: 'POST', path: 'audio/transcriptions', parts: [...parts, { name: 'file', ...read }] })
        ).body
      },
    }),
    operation({
      name: 'speak',
      title: 'Speak a text with OpenAI',
      description: 'Makes a sound of a text.',
      keywords: ['text to speech', 'audio', 'voice', 'tts'],
      summary: '{text}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: model('gpt-4o-mini-tts'),
        text: longText('Text', { most: 4_096 }),
        voice: text('Voice', { placeholder: 'alloy' }),
        format: choice('As', { mp3: 'MP3', wav: 'WAV', opus: 'Opus', aac: 'AAC', flac: 'FLAC' }, { advanced: true }),
        how: longText('How it sounds', { optional: true, advanced: true }),
      },
      sample: { file: { filename: 'speech.mp3', contentType: 'audio/mpeg', bytes: 12_345 } },
      async run({ http, files, input }) {
        const format = textOf(input.format ?? 'mp3')
        const body = {
          model: input.model ?? '',
          input: input.text ?? '',
          voice: input.voice ?? '',
          response_format: format,
          ...(input.how !== undefined && { instructions: input.how }),
        }
        const { bytes } = await http({
          method: 'POST',
          path: 'audio/speech',
          body,
          takesFile: true,
          maxBytes: 50_000_000,
        })
        return { file: await files.keep(`speech.${format}`, bytes) }
      },
    }),
    operation({
      name: 'moderate',
      title: 'Look for what is harmful with OpenAI',
      description: 'Says whether a text is harmful, and how.',
      keywords: ['moderation', 'filter', 'safety'],
      request: 'POST /moderations',
      effect: 'none',
      fields: {
        text: longText('Text', { as: 'input' }),
        model: text('Model', { optional: true, advanced: true, placeholder: 'omni-moderation-latest' }),
      },
      result: 'results[0]',
      sample: { flagged: false, categories: { violence: false } },
    }),
    operation({
      name: 'upload-file',
      title: 'Upload a file to OpenAI',
      description: 'Uploads a file, to which prompts can refer.',
      keywords: ['document', 'attachment'],
      summary: '{file}',
      fields: {
        file: file('File'),
        purpose: choice('For', {
          user_data: 'Prompts',
          assistants: 'Assistants',
          batch: 'A batch',
          'fine-tune': 'Training',
          vision: 'Images',
        }),
      },
      sample: { id: 'file-abc123', filename: 'report.pdf', bytes: 12_345, purpose: 'user_data' },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        return (
          await http({
            method: 'POST',
            path: 'files',
            parts: [
              { name: 'purpose', value: textOf(input.purpose ?? 'user_data') },
              { name: 'file', ...read },
            ],
          })
        ).body
      },
    }),
    operation({
      name: 'models',
      title: 'List the models of OpenAI',
      description: 'Reads which models the key may use.',
      keywords: ['gpt', 'get many'],
      request: 'GET /models',
      result: 'data',
      sample: { items: [{ id: 'gpt-4o', object: 'model', owned_by: 'system' }], count: 1 },
    }),
  ],
})

/** The JSON that a model wrote; its words where they are none. */
function parsed(words: string): Json {
  try {
    // What JSON.parse makes of a text is JSON.
    return JSON.parse(words) as Json
  } catch {
    return words
  }
}
