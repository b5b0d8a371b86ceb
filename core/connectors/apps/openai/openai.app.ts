import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import {
  chatOperation,
  embedOperation,
  modelField,
  modelList,
  modelsOperation,
  respondOperation,
  transcribeOperation,
} from '../../ai/openai-operations.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, file, longText, text } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.openai.com/v1'

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
  lists: { models: modelList() },
  actions: [
    chatOperation({
      title: 'Chat with OpenAI',
      keywords: ['gpt', 'chatgpt', 'completion', 'model'],
      model: 'gpt-…',
      fields: {
        effort: choice(
          'Effort',
          { minimal: 'Least', low: 'Low', medium: 'Medium', high: 'High' },
          { as: 'reasoning_effort', optional: true, advanced: true },
        ),
      },
    }),
    respondOperation({
      title: 'Ask OpenAI',
      keywords: ['gpt', 'chatgpt', 'responses', 'model', 'web search'],
      model: 'gpt-…',
    }),
    embedOperation({
      title: 'Make embeddings with OpenAI',
      keywords: ['vector', 'semantic', 'similarity'],
      model: 'text-embedding-3-small',
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
        model: modelField('gpt-image-1'),
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
        model: modelField('gpt-image-1'),
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
    transcribeOperation({
      title: 'Write down speech with OpenAI',
      keywords: ['speech to text', 'audio', 'whisper', 'transcript'],
      model: 'gpt-4o-transcribe',
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
        model: modelField('gpt-4o-mini-tts'),
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
    modelsOperation({
      title: 'List the models of OpenAI',
      keywords: ['gpt', 'get many'],
      sample: { id: 'gpt-4o', object: 'model', owned_by: 'system' },
    }),
  ],
})
