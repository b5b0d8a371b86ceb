import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { gemini } from './gemini.app.ts'

const account = { type: 'ai', secret: JSON.stringify({ kind: 'gemini', apiKey: 'K' }) }
const answers = (): Json => ({
  candidates: [
    {
      content: {
        parts: [
          { text: 'thinking', thought: true },
          { text: '{"a":1}' },
          { inlineData: { mimeType: 'image/png', data: 'UE5H' } },
        ],
      },
      finishReason: 'STOP',
    },
  ],
  embeddings: [{ values: [1, 2] }],
  file: { name: 'files/1' },
})
const said = [{ role: 'user', parts: [{ text: 'Hi' }] }]

/** As @google/genai 3.3 sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'generate',
    { model: 'models/g', prompt: 'Hi', system: 'S', temperature: 0, search: 'yes' },
    'POST /v1/models/g:generateContent',
    {
      contents: said,
      systemInstruction: { parts: [{ text: 'S' }] },
      generationConfig: { temperature: 0 },
      tools: [{ googleSearch: {} }],
    },
  ],
  [
    'image',
    { model: 'g', prompt: 'Hi', ratio: '16:9' },
    'POST /v1/models/g:generateContent',
    {
      contents: said,
      generationConfig: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9' } },
    },
  ],
  [
    'embed',
    { model: 'g', input: ['a'], size: 3 },
    'POST /v1/models/g:batchEmbedContents',
    { requests: [{ model: 'models/g', content: { parts: [{ text: 'a' }] }, outputDimensionality: 3 }] },
  ],
  ['count-tokens', { model: 'g', prompt: 'Hi' }, 'POST /v1/models/g:countTokens', { contents: said }],
  ['models', { limit: 5 }, 'GET /v1/models?pageSize=5'],
])('%s %j', async (uses, input, ...expected) => {
  const { large } = fileWorld()
  const keys: unknown[] = []
  const { sent } = await sentByUs(gemini, uses, input, {
    answers: (_, headers) => {
      keys.push(headers['x-goog-api-key'])
      return answers()
    },
    account,
    files: { large },
  })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(keys).toEqual(['K'])
})

it('an answer is its text without what the model thought, and JSON where a schema asks for it', async () => {
  const input = { model: 'g', prompt: 'Hi', schema: { type: 'object' } }
  const { output } = await sentByUs(gemini, 'generate', input, { answers, account })
  expect(output).toMatchObject({ text: '{"a":1}', data: { a: 1 }, finish: 'STOP' })
})

it('an image is a file', async () => {
  const { large } = fileWorld()
  const { output } = await sentByUs(
    gemini,
    'image',
    { model: 'g', prompt: 'A cat' },
    { answers, account, files: { large } },
  )
  expect(output).toMatchObject({ file: { filename: 'image-1.png', bytes: 3 } })
})

it('a refusal is an error that says why', async () => {
  const refused = (): Json => ({ promptFeedback: { blockReason: 'SAFETY' } })
  await expect(
    sentByUs(gemini, 'generate', { model: 'g', prompt: 'Hi' }, { answers: refused, account }),
  ).rejects.toMatchObject({ details: { code: 'refused', message: expect.stringContaining('SAFETY') } })
})

it('a file goes to the address that Google names, which is its own', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.pdf', 'PDF')
  const to = (address: string) => ({
    answers,
    account,
    files: { files, large },
    headers: { 'x-goog-upload-url': address },
  })
  const google = 'https://generativelanguage.googleapis.com/upload/1'
  const { sent, output } = await sentByUs(gemini, 'upload-file', { file: at('a.pdf') }, to(google))
  expect(sent.map(lineOf)).toEqual([
    ['POST /upload/v1/files', { file: { mimeType: 'application/pdf', displayName: 'a.pdf', sizeBytes: '3' } }],
    ['POST /upload/1', 'PDF'],
  ])
  expect(output).toEqual({ name: 'files/1' })
  await expect(
    sentByUs(gemini, 'upload-file', { file: at('a.pdf') }, to('https://evil.example/upload')),
  ).rejects.toMatchObject({ details: { code: 'other-service' } })
})
