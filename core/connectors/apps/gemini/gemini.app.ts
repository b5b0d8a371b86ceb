import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { addressAt } from '../../ai/ai-account.ts'
import { MAKERS } from '../../ai/makers.ts'
import {
  jsonIn,
  modelField,
  schemaField,
  systemField,
  temperatureField,
  tokensField,
} from '../../ai/openai-operations.ts'
import { type AppContext, defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { choice, file, json, longText, number, text, texts } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const pages: Pages = {
  items: 'models',
  size: { as: 'pageSize', most: 1_000 },
  next: { by: 'cursor', at: 'nextPageToken', as: 'pageToken' },
}
const bare = (value: Json): Json => textOf(value).replace(/^models\//, '')
const model = { ...modelField('gemini-…'), send: bare }
const keywords = ['google', 'model', 'llm', 'ai']
const uploaded = text('File at Gemini', {
  optional: true,
  advanced: true,
  placeholder: '{{ upload.uri }}',
  help: 'The address of what was uploaded before, for what is too large to go along.',
})
const before = json('Messages before', {
  optional: true,
  advanced: true,
  placeholder: '[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello!"}]}]',
})
const modelPath = (input: Entered, verb: string): string =>
  `models/${pathPart('model', bare(input.model ?? ''))}:${verb}`

/** What is said, with a file where there is one. */
async function partsOf(input: Entered, files: AppContext<never>['files']): Promise<Json[]> {
  const read = input.file === undefined ? null : await files.read(input.file, 'file')
  return [
    { text: input.prompt ?? '' },
    ...(read
      ? [{ inlineData: { mimeType: read.contentType, data: Buffer.from(read.content).toString('base64') } }]
      : []),
    ...(input.uploaded === undefined ? [] : [{ fileData: { fileUri: input.uploaded } }]),
  ]
}

function partsIn(answer: Json): Readonly<Record<string, Json>>[] {
  const parts = valueAt(answer, readPath('candidates[0].content.parts')) ?? null
  return (isJsonList(parts) ? parts : []).filter(isJsonObject)
}

/** An answer without one is a refusal, of the prompt or of what came of it. */
function answered(answer: Json): Json {
  if (partsIn(answer).length > 0) return answer
  const why =
    valueAt(answer, readPath('promptFeedback.blockReason')) ?? valueAt(answer, readPath('candidates[0].finishReason'))
  if (why === undefined || why === 'STOP') return answer
  const message = `Gemini did not answer: ${textOf(why)}. Ask in another way, or another model.`
  throw new StepError({ code: 'refused', message, retryable: false })
}

/** Google's Gemini (https://ai.google.dev/api). */
export const gemini = defineApp({
  id: 'gemini',
  title: 'Google Gemini',
  icon,
  hue,
  address: addressAt('gemini'),
  account: 'needed',
  alsoTakes: ['ai'],
  takesKey: false,
  answers: MAKERS.gemini.answers,
  lists: {
    models: listOf({ request: 'GET /models', pages, value: 'name', label: 'displayName', hint: 'name' }),
  },
  actions: [
    operation({
      name: 'generate',
      title: 'Ask Gemini',
      description: 'Answers a prompt, with a picture, a sound, a video or a PDF where there is one.',
      keywords: [...keywords, 'chat', 'completion', 'analyze', 'vision'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model,
        prompt: longText('Prompt'),
        system: systemField,
        file: file('File', { optional: true, help: 'Up to 20 MB.' }),
        uploaded,
        messages: before,
        schema: schemaField,
        search: choice('Google search', { no: 'No', yes: 'Looks things up' }, { advanced: true }),
        most: tokensField,
        temperature: temperatureField,
        tools: json('Tools', {
          optional: true,
          advanced: true,
          placeholder: '[{"functionDeclarations":[{"name":"weather"}]}]',
        }),
        safety: json('Safety', {
          optional: true,
          advanced: true,
          placeholder: '[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}]',
        }),
      },
      sample: {
        text: 'Paris.',
        finish: 'STOP',
        usage: { promptTokenCount: 12, candidatesTokenCount: 2 },
      },
      async run({ http, files, input }) {
        const { system, schema, most, temperature, tools = null, safety, messages = null } = input
        const config = {
          ...(temperature !== undefined && { temperature }),
          ...(most !== undefined && { maxOutputTokens: most }),
          ...(schema !== undefined && { responseMimeType: 'application/json', responseJsonSchema: schema }),
        }
        const asked = [...(input.search === 'yes' ? [{ googleSearch: {} }] : []), ...(isJsonList(tools) ? tools : [])]
        const body = {
          contents: [...(isJsonList(messages) ? messages : []), { role: 'user', parts: await partsOf(input, files) }],
          ...(system !== undefined && { systemInstruction: { parts: [{ text: system }] } }),
          ...(Object.keys(config).length > 0 && { generationConfig: config }),
          ...(asked.length > 0 && { tools: asked }),
          ...(safety !== undefined && { safetySettings: safety }),
        }
        const answer = answered((await http({ method: 'POST', path: modelPath(input, 'generateContent'), body })).body)
        const parts = partsIn(answer)
        const words = parts.map((one) => (one.thought === true ? '' : textOf(one.text ?? ''))).join('')
        const calls = parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall]))
        return {
          text: words,
          ...(schema !== undefined && { data: jsonIn(words) }),
          ...(calls.length > 0 && { tools: calls }),
          finish: valueAt(answer, readPath('candidates[0].finishReason')) ?? null,
          usage: valueAt(answer, readPath('usageMetadata')) ?? null,
        }
      },
    }),
    operation({
      name: 'image',
      title: 'Draw an image with Gemini',
      description: 'Makes an image of a description, or changes one that goes along.',
      keywords: [...keywords, 'picture', 'edit', 'nano banana'],
      summary: '{prompt}',
      effect: 'idempotent',
      timeoutMs: 300_000,
      fields: {
        model: { ...modelField('gemini-…-image'), send: bare },
        prompt: longText('Description'),
        file: file('Image to change', { optional: true }),
        ratio: text('Shape', { optional: true, advanced: true, placeholder: '16:9' }),
      },
      sample: { file: { filename: 'image-1.png', contentType: 'image/png', bytes: 12_345 }, text: '' },
      async run({ http, files, input }) {
        const body = {
          contents: [{ role: 'user', parts: await partsOf(input, files) }],
          generationConfig: {
            responseModalities: ['TEXT', 'IMAGE'],
            ...(input.ratio !== undefined && { imageConfig: { aspectRatio: input.ratio } }),
          },
        }
        const path = modelPath(input, 'generateContent')
        const answer = answered((await http({ method: 'POST', path, body, maxBytes: 100_000_000 })).body)
        const kept: Json[] = []
        for (const part of partsIn(answer)) {
          const { mimeType = 'image/png', data } = isJsonObject(part.inlineData ?? null) ? Object(part.inlineData) : {}
          if (typeof data !== 'string' || typeof mimeType !== 'string') continue
          const name = `image-${kept.length + 1}.${/^image\/(\w+)/.exec(mimeType)?.[1] ?? 'png'}`
          kept.push(await files.keep(name, Buffer.from(data, 'base64'), mimeType))
        }
        const words = partsIn(answer).map((one) => textOf(one.text ?? ''))
        return { ...(kept.length > 0 && { file: kept[0] ?? null, files: kept }), text: words.join('') }
      },
    }),
    operation({
      name: 'embed',
      title: 'Make embeddings with Gemini',
      description: 'Makes vectors of texts, by which like ones are found.',
      keywords: [...keywords, 'vector', 'semantic', 'similarity'],
      effect: 'idempotent',
      fields: {
        model: { ...modelField('gemini-embedding-001'), send: bare },
        input: texts('Texts', { most: 100, help: 'One a line.' }),
        task: text('For', { optional: true, advanced: true, placeholder: 'RETRIEVAL_DOCUMENT' }),
        size: number('Numbers of a vector', { min: 1, optional: true, advanced: true }),
      },
      sample: { items: [{ values: [0.0123, -0.0456] }], count: 1 },
      async run({ http, input }) {
        const { task, size, input: given = null } = input
        const requests = (isJsonList(given) ? given : []).map((one) => ({
          model: `models/${textOf(bare(input.model ?? ''))}`,
          content: { parts: [{ text: one }] },
          ...(task !== undefined && { taskType: task }),
          ...(size !== undefined && { outputDimensionality: size }),
        }))
        const { body } = await http({
          method: 'POST',
          path: modelPath(input, 'batchEmbedContents'),
          body: { requests },
        })
        return valueAt(body, readPath('embeddings')) ?? null
      },
    }),
    operation({
      name: 'upload-file',
      title: 'Upload a file to Gemini',
      description: 'Uploads a file for prompts that refer to it; Google keeps it for two days.',
      keywords: [...keywords, 'video', 'audio', 'document'],
      summary: '{file}',
      fields: { file: file('File') },
      timeoutMs: 600_000,
      sample: {
        name: 'files/abc123',
        uri: 'https://generativelanguage.googleapis.com/v1/files/abc123',
        mimeType: 'video/mp4',
        state: 'ACTIVE',
      },
      async run({ http, files, input, account }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        const base = new URL(addressAt('gemini').ofAccount(await account()))
        const started = await http({
          method: 'POST',
          path: `${base.origin}/upload${base.pathname.replace(/\/$/, '')}/files`,
          headers: {
            'x-goog-upload-protocol': 'resumable',
            'x-goog-upload-command': 'start',
            'x-goog-upload-header-content-length': String(content.byteLength),
            'x-goog-upload-header-content-type': contentType,
          },
          body: { file: { mimeType: contentType, displayName: filename, sizeBytes: String(content.byteLength) } },
        })
        const sent = await http({
          method: 'POST',
          path: textOf(started.headers['x-goog-upload-url'] ?? ''),
          headers: { 'x-goog-upload-command': 'upload, finalize', 'x-goog-upload-offset': '0' },
          bytes: { content, contentType },
        })
        return valueAt(sent.body, readPath('file')) ?? null
      },
    }),
    operation({
      name: 'count-tokens',
      title: 'Count tokens for Gemini',
      description: 'Says how many tokens a prompt has, without asking it.',
      keywords: [...keywords, 'length', 'price'],
      summary: '{prompt}',
      request: 'POST /models/{model}:countTokens',
      effect: 'none',
      fields: { model, prompt: longText('Prompt', { at: 'nowhere' }) },
      body: (_, { prompt }) => ({ contents: [{ role: 'user', parts: [{ text: prompt ?? '' }] }] }),
      sample: { totalTokens: 14 },
    }),
    operation({
      name: 'models',
      title: 'List the models of Gemini',
      description: 'Reads which models the account may use.',
      keywords: [...keywords, 'get many'],
      request: 'GET /models',
      pages,
      sample: {
        items: [{ name: 'models/gemini-2.5-flash', displayName: 'Gemini 2.5 Flash', inputTokenLimit: 1_048_576 }],
        count: 1,
        hasMore: false,
      },
    }),
  ],
})
