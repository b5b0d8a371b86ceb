import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { groq } from '../apps/groq/groq.app.ts'
import { lmstudio } from '../apps/lmstudio/lmstudio.app.ts'
import { ollama } from '../apps/ollama/ollama.app.ts'
import { openrouter } from '../apps/openrouter/openrouter.app.ts'
import { lineOf, sentByLibrary, sentByUs } from '../service/test-judge.ts'
import { fileWorld } from '../test-files.ts'

const at = (kind: string, baseUrl = 'https://ai.example/v1') => ({
  type: 'ai',
  secret: JSON.stringify({ kind, baseUrl, apiKey: 'K' }),
})
const answers = (): Json => ({
  choices: [{ message: { content: '{"a":1}' }, finish_reason: 'stop' }],
  data: [{ id: 'm', embedding: [1] }],
  output: [{ type: 'message', content: [{ text: 'hi' }] }],
})
const SCHEMA = { type: 'object', properties: { a: { type: 'number' } } }
const asked = { model: 'm', prompt: 'Hi', system: 'S', messages: [{ role: 'user', content: 'before' }], schema: SCHEMA }
const messages = [
  { role: 'system' as const, content: 'S' },
  { role: 'user' as const, content: 'before' },
  { role: 'user' as const, content: 'Hi' },
]
const format = { type: 'json_schema' as const, json_schema: { name: 'answer', schema: SCHEMA, strict: true } }

/** The library of OpenAI is that of all who speak as it does. */
const chat = (more: object) => (client: OpenAI) =>
  client.chat.completions.create({ model: 'm', messages, response_format: format, ...more })

describe('a maker that speaks as OpenAI', () => {
  it.each([
    [
      'groq',
      groq,
      'chat',
      { ...asked, most: 5, effort: 'low' },
      chat({ max_completion_tokens: 5, reasoning_effort: 'low' }),
    ],
    ['groq', groq, 'models', {}, (client: OpenAI) => client.models.list()],
    ['openrouter', openrouter, 'chat', { ...asked, models: 'a\nb' }, chat({ models: ['a', 'b'] })],
    [
      'openrouter',
      openrouter,
      'embed',
      { model: 'm', input: 'x\ny' },
      (client: OpenAI) => client.embeddings.create({ model: 'm', input: ['x', 'y'], encoding_format: 'float' }),
    ],
    ['lmstudio', lmstudio, 'chat', { ...asked, most: 5 }, chat({ max_tokens: 5 })],
    [
      'lmstudio',
      lmstudio,
      'respond',
      { model: 'm', prompt: 'Hi' },
      (client: OpenAI) => client.responses.create({ model: 'm', input: 'Hi', store: true }),
    ],
    ['ollama', ollama, 'chat-openai', { ...asked, most: 5, temperature: 0 }, chat({ max_tokens: 5, temperature: 0 })],
  ])('%s: %o %s %j is sent what the library sends', async (kind, app, uses, input, call) => {
    const theirs = await sentByLibrary(
      (address) => call(new OpenAI({ apiKey: 'K', baseURL: `${address}/v1`, maxRetries: 0 })),
      answers,
    )
    const { sent } = await sentByUs(app, uses, input, { answers, account: at(kind) })
    expect(sent).toEqual(theirs)
  })

  it('is asked at its own address where the account names none, and at that of an account for OpenAI’s way', async () => {
    const { sent } = await sentByUs(groq, 'models', {}, { answers, account: at('groq', '') })
    expect(sent.map(lineOf)).toEqual([['GET /openai/v1/models']])
    const like = await sentByUs(groq, 'models', {}, { answers, account: at('openai') })
    expect(like.sent.map(lineOf)).toEqual([['GET /v1/models']])
  })

  it.each([['anthropic'], ['openrouter']])('refuses an account at %s, which is another one', async (kind) => {
    await expect(sentByUs(groq, 'models', {}, { answers, account: at(kind) })).rejects.toMatchObject({
      details: { code: 'bad-credential' },
    })
  })

  it('looks at a picture', async () => {
    const { files, large, put, at: path } = fileWorld()
    put('a.png', 'PNG')
    const world = { answers, account: at('groq'), files: { files, large } }
    const { sent, output } = await sentByUs(groq, 'chat', { model: 'm', prompt: 'What?', image: path('a.png') }, world)
    const content = [
      { type: 'text', text: 'What?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,UE5H' } },
    ]
    expect(sent[0]?.body).toEqual({ model: 'm', messages: [{ role: 'user', content }] })
    expect(output).toEqual({ text: '{"a":1}', finish: 'stop', usage: null })
  })

  it('writes down a sound', async () => {
    const { files, large, put, at: path } = fileWorld()
    put('a.mp3', 'ID3')
    const world = { answers, account: at('groq', ''), files: { files, large } }
    const { sent } = await sentByUs(groq, 'transcribe', { model: 'whisper', file: path('a.mp3') }, world)
    expect(sent[0]).toMatchObject({ path: '/openai/v1/audio/transcriptions', body: expect.stringContaining('a.mp3') })
  })

  it('that answers 200 with an error is one that fails', async () => {
    const failed = (): Json => ({ error: { code: 402, message: 'Insufficient credits' } })
    await expect(
      sentByUs(openrouter, 'credits', {}, { answers: failed, account: at('openrouter') }),
    ).rejects.toMatchObject({ details: { code: 'http-402', retryable: false } })
  })
})

it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'chat',
    { ...asked, temperature: 0, context: 4_096, think: true },
    'POST /api/chat',
    { model: 'm', messages, stream: false, format: SCHEMA, think: true, options: { temperature: 0, num_ctx: 4_096 } },
  ],
  [
    'generate',
    { model: 'm', prompt: 'Hi', most: 5, keep: '5m' },
    'POST /api/generate',
    { model: 'm', prompt: 'Hi', stream: false, keep_alive: '5m', options: { num_predict: 5 } },
  ],
  ['embed', { model: 'm', input: ['a', 'b'] }, 'POST /api/embed', { model: 'm', input: ['a', 'b'] }],
  ['models', {}, 'GET /api/tags'],
])('Ollama’s own way: %s %j', async (uses, input, ...expected) => {
  // As the maker's library sends them; the address is that of the server, without the way of OpenAI.
  const { sent } = await sentByUs(ollama, uses, input, { answers, account: at('ollama') })
  expect(sent.map(lineOf)).toEqual([expected])
})
