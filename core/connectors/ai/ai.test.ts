import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../domain/values/json.ts'
import type { Memory } from '../action-context.ts'
import { EventStream, type Sent, sentByLibrary, sentByUs } from '../service/test-judge.ts'
import { memoryStore } from '../test-context.ts'
import { ai } from './ai.family.ts'

const SCHEMA = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] }

/** What steps of the zap keep by name, as far as these steps use it. */
function memoryOf(kept = new Map<string, Json>()): { memory: Memory; kept: Map<string, Json> } {
  return {
    kept,
    memory: {
      read: async (_scope, key) => kept.get(key),
      async change(_scope, key, change) {
        const { value, result } = change(kept.get(key), 0)
        if (value !== undefined) kept.set(key, value)
        return result
      },
    },
  }
}

const secretOf = (kind: string, more = {}) => ({
  type: 'ai',
  secret: JSON.stringify({ kind, apiKey: 'sk-1234567890', ...more }),
})
const said = {
  openai: (text: string): Json => ({
    model: 'gpt-x',
    choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  }),
  anthropic: (text: string): Json => ({
    model: 'claude-x',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
  }),
  gemini: (text: string): Json => ({
    modelVersion: 'gemini-x',
    candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'hm', thought: true }, { text }] } }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 },
  }),
}
type Kind = keyof typeof said

const pieces = (events: readonly Json[], end = ''): EventStream =>
  new EventStream(
    `${events.map((event) => `event: ${Object(event).type ?? 'message'}\ndata: ${JSON.stringify(event)}\n\n`).join('')}${end}`,
  )
const halves = (text: string): [string, string] => [text.slice(0, 4), text.slice(4)]
/** The same answers as they come piece by piece. */
const streamed = {
  openai(text: string): EventStream {
    const piece = (more: object) => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-x', ...more })
    const choice = (delta: object, finish_reason: string | null = null) =>
      piece({ choices: [{ index: 0, delta, finish_reason }] })
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
    const events = [
      choice({ role: 'assistant', content: '' }),
      ...halves(text).map((content) => choice({ content })),
      choice({}, 'stop'),
      piece({ choices: [], usage }),
    ]
    return pieces(events as Json[], 'data: [DONE]\n\n')
  },
  anthropic(text: string): EventStream {
    const message = { id: 'm', type: 'message', role: 'assistant', model: 'claude-x', content: [], stop_reason: null }
    const delta = { stop_reason: 'end_turn', stop_sequence: null }
    return pieces([
      { type: 'message_start', message: { ...message, usage: { input_tokens: 10, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...halves(text).map((half) => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text: half },
      })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta, usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ])
  },
  gemini(text: string): EventStream {
    const [first, second] = halves(text)
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5 }
    return pieces([
      {
        modelVersion: 'gemini-x',
        candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: first }] } }],
      },
      {
        modelVersion: 'gemini-x',
        candidates: [{ finishReason: 'STOP', content: { parts: [{ text: second }] } }],
        usageMetadata,
      },
    ])
  },
}

async function ask(
  kind: Kind,
  uses: string,
  input: Record<string, Json>,
  answers: (sent: Sent) => Json | EventStream,
  world = memoryOf().memory,
) {
  const files = { memory: world, store: memoryStore() }
  return sentByUs(
    { ...ai, title: 'AI', icon: '', hue: null },
    uses,
    { model: 'm', ...input },
    { answers, account: secretOf(kind), files },
  )
}

/** Makers' libraries have addresses that differ from ours in front of the path. */
const bare = (sent: readonly Sent[]) =>
  sent.map(({ method, path, body }) => ({ method, path: path.replace(/^\/v1(?=\/(?:chat|models\/m))/, ''), body }))

describe('a question is what the maker’s own library sends', () => {
  const input = { prompt: 'What is the total?', system: 'Be brief.', schema: SCHEMA, maxTokens: 100 }
  const json = '{"total":7}'

  it('of OpenAI', async () => {
    const theirs = await sentByLibrary(
      (baseURL) =>
        new OpenAI({ apiKey: 'sk-1234567890', baseURL, maxRetries: 0 }).chat.completions.create({
          model: 'm',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'What is the total?' },
          ],
          response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } },
          max_completion_tokens: 100,
          stream: true,
          stream_options: { include_usage: true },
        }),
      () => streamed.openai(json),
    )
    const { sent, output } = await ask('openai', 'prompt', input, () => streamed.openai(json))
    expect(bare(sent)).toEqual(bare(theirs))
    expect(sent[0]?.authorization).toBe(theirs[0]?.authorization)
    expect(output).toEqual({
      text: json,
      json: { total: 7 },
      model: 'gpt-x',
      usage: { inputTokens: 10, outputTokens: 5 },
    })
  })

  it('of Anthropic', async () => {
    const theirs = await sentByLibrary(
      (baseURL) =>
        new Anthropic({ apiKey: 'sk-1234567890', baseURL, maxRetries: 0 }).messages.create({
          model: 'm',
          max_tokens: 100,
          system: 'Be brief.',
          messages: [{ role: 'user', content: 'What is the total?' }],
          output_config: { format: { type: 'json_schema', schema: SCHEMA } },
          stream: true,
        }),
      () => streamed.anthropic(json),
    )
    const { sent, output } = await ask('anthropic', 'prompt', input, () => streamed.anthropic(json))
    expect(bare(sent)).toEqual(bare(theirs))
    expect(sent[0]?.authorization).toBe(theirs[0]?.authorization)
    expect(output).toMatchObject({ json: { total: 7 }, model: 'claude-x', usage: { inputTokens: 10, outputTokens: 5 } })
  })

  it('of Google', async () => {
    const theirs = await sentByLibrary(
      (baseUrl) =>
        new GoogleGenAI({
          apiKey: 'sk-1234567890',
          apiVersion: 'v1',
          httpOptions: { baseUrl },
        }).models.generateContentStream({
          model: 'm',
          contents: 'What is the total?',
          config: {
            systemInstruction: 'Be brief.',
            maxOutputTokens: 100,
            responseMimeType: 'application/json',
            responseJsonSchema: SCHEMA,
          },
        }),
      () => streamed.gemini(json),
    )
    const { sent, output } = await ask('gemini', 'prompt', input, () => streamed.gemini(json))
    // The library names the role of instructions, which has no meaning there.
    const withoutRole = (one: Json) =>
      JSON.parse(
        JSON.stringify(one)
          .replace('"role":"user","parts":[{"text":"Be brief."}]', '"parts":[{"text":"Be brief."}]')
          .replace('"parts":[{"text":"Be brief."}],"role":"user"', '"parts":[{"text":"Be brief."}]'),
      )
    expect(bare(sent).map(({ body }) => body)).toEqual(bare(theirs).map(({ body }) => withoutRole(body as Json)))
    expect(bare(sent)[0]?.path).toBe(bare(theirs)[0]?.path)
    expect(output).toMatchObject({ text: json, json: { total: 7 }, model: 'gemini-x' })
  })
})

describe('an answer in pieces', () => {
  it('is read as the makers’ own libraries read it', async () => {
    const text = 'Grüße, "ada" – 7 €\n\ndata: x'
    const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }] }
    let openai: unknown
    let anthropic: unknown
    await sentByLibrary(
      async (baseURL) => {
        const stream = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 }).chat.completions.stream(asked)
        openai = (await stream.finalChatCompletion()).choices[0]?.message.content
      },
      () => streamed.openai(text),
    )
    await sentByLibrary(
      async (baseURL) => {
        const stream = new Anthropic({ apiKey: 'k', baseURL, maxRetries: 0 }).messages.stream({
          ...asked,
          max_tokens: 9,
        })
        anthropic = await stream.finalText()
      },
      () => streamed.anthropic(text),
    )
    expect([openai, anthropic]).toEqual([text, text])
    for (const kind of ['openai', 'anthropic', 'gemini'] as const) {
      const { output } = await ask(kind, 'prompt', { prompt: 'x' }, () => streamed[kind](text))
      expect(output).toMatchObject({ text, usage: { inputTokens: 10, outputTokens: 5 } })
    }
  })

  it.each<Kind>(['openai', 'anthropic', 'gemini'])(
    'of %s that breaks off, or says what went wrong, is tried again',
    async (kind) => {
      const { text } = streamed[kind]('an answer')
      const half = new EventStream(text.slice(0, text.indexOf('an a') + 20))
      await expect(ask(kind, 'prompt', { prompt: 'x' }, () => half)).rejects.toMatchObject({
        details: { code: 'bad-answer', retryable: true, message: expect.stringContaining('broke off') },
      })
      const failed = new EventStream(`${half.text}\n\ndata: {"type":"error","error":{"message":"Overloaded"}}\n\n`)
      await expect(ask(kind, 'prompt', { prompt: 'x' }, () => failed)).rejects.toMatchObject({
        details: { retryable: true, message: expect.stringContaining('in the middle of its answer: Overloaded') },
      })
    },
  )

  it('of a server that ends without a word of why is whole', async () => {
    const { text } = streamed.openai('an answer')
    const silent = new EventStream(text.replaceAll('"finish_reason":"stop"', '"finish_reason":null'))
    expect((await ask('openai', 'prompt', { prompt: 'x' }, () => silent)).output).toMatchObject({ text: 'an answer' })
  })

  it('is not asked for at a server of one’s own that speaks as OpenAI', async () => {
    const account = secretOf('openai', { baseUrl: 'http://127.0.0.1:9/v1' })
    const files = { memory: memoryOf().memory, store: memoryStore() }
    const { sent, output } = await sentByUs(
      { ...ai, title: 'AI', icon: '', hue: null },
      'prompt',
      { model: 'm', prompt: 'x' },
      { answers: () => said.openai('a'), account, files },
    )
    expect(JSON.stringify(sent[0]?.body)).not.toContain('stream')
    expect(output).toMatchObject({ text: 'a' })
  })
})

describe('an answer', () => {
  it('that does not fit the schema is asked for once more, with what is wrong', async () => {
    const texts = ['The total is 7.', '```json\n{"total":7}\n```']
    const { sent, output } = await ask('openai', 'prompt', { prompt: 'x', schema: SCHEMA }, () =>
      said.openai(texts.shift() ?? ''),
    )
    expect(sent).toHaveLength(2)
    expect(JSON.stringify(sent[1]?.body)).toContain('Your answer does not fit: it is not JSON')
    expect(output).toMatchObject({ json: { total: 7 }, usage: { inputTokens: 20, outputTokens: 10 } })
  })

  it('that does not fit twice is an error, and is counted all the same', async () => {
    const { memory, kept } = memoryOf()
    const refused = ask(
      'openai',
      'prompt',
      { prompt: 'x', schema: SCHEMA },
      () => said.openai('{"total":"seven"}'),
      memory,
    )
    await expect(refused).rejects.toMatchObject({
      details: { code: 'bad-answer', message: expect.stringMatching(/total/) },
    })
    expect([...kept.values()]).toEqual([30])
  })

  it.each<[Kind, Json, string]>([
    ['openai', { choices: [{ finish_reason: 'length', message: { content: 'half' } }] }, 'too-long'],
    ['openai', { choices: [{ finish_reason: 'stop', message: { content: null, refusal: 'I cannot' } }] }, 'refused'],
    ['openai', { something: 'else' }, 'bad-answer'],
    ['anthropic', { content: [], stop_reason: 'max_tokens', usage: {} }, 'too-long'],
    ['anthropic', { content: [], stop_reason: 'refusal', usage: {} }, 'refused'],
    ['gemini', { promptFeedback: { blockReason: 'SAFETY' } }, 'refused'],
    ['gemini', { candidates: [{ finishReason: 'MAX_TOKENS' }] }, 'too-long'],
  ])('of %s that is none says so: %j', async (kind, body, code) => {
    await expect(ask(kind, 'prompt', { prompt: 'x' }, () => body)).rejects.toMatchObject({ details: { code } })
  })

  it('is kept for the same question where that is wanted, and costs nothing then', async () => {
    const { memory, kept } = memoryOf()
    const store = memoryStore()
    let asked = 0
    const once = () =>
      sentByUs(
        { ...ai, title: 'AI', icon: '', hue: null },
        'prompt',
        { model: 'm', prompt: 'x', cache: true },
        { answers: () => said.openai(`answer ${++asked}`), account: secretOf('openai'), files: { memory, store } },
      )
    const [first, second] = [await once(), await once()]
    expect(first.output).toMatchObject({ text: 'answer 1', usage: { inputTokens: 10 } })
    expect(second.output).toMatchObject({ text: 'answer 1', usage: { inputTokens: 0, outputTokens: 0 } })
    expect(asked).toBe(1)
    expect([...kept.values()]).toEqual([15])
  })
})

it('a zap that has used up its tokens of the day asks no more', async () => {
  const { memory, kept } = memoryOf()
  await ask('openai', 'prompt', { prompt: 'x', dailyTokens: 15 }, () => said.openai('a'), memory)
  const refused = ask('openai', 'prompt', { prompt: 'x', dailyTokens: 15 }, () => said.openai('a'), memory)
  await expect(refused).rejects.toMatchObject({
    details: { code: 'budget', retryable: false, message: expect.stringMatching(/used up its 15 tokens/) },
  })
  expect([...kept.keys()]).toEqual(['ai tokens 2026-11-24'])
})

it('files are looked at by each maker in its own way, and what none looks at is refused', async () => {
  const picture = Buffer.from('png!')
  const open = async (path: string) => ({
    info: { path, name: path.slice(1), extension: '', bytes: picture.length, modifiedAt: '', isFolder: false },
    async *stream() {
      yield picture
    },
    close: async () => undefined,
  })
  const body = async (kind: Kind, path: string) => {
    const files = { memory: memoryOf().memory, store: memoryStore(), files: { open } } as never // only this of the files is asked for
    const { sent } = await sentByUs(
      { ...ai, title: 'AI', icon: '', hue: null },
      'prompt',
      { model: 'm', prompt: 'x', files: path },
      { answers: () => said[kind]('a'), account: secretOf(kind), files },
    )
    return JSON.stringify(sent[0]?.body)
  }
  const base64 = picture.toString('base64')
  expect(await body('openai', '/a.png')).toContain(
    `{"type":"image_url","image_url":{"url":"data:image/png;base64,${base64}"}}`,
  )
  expect(await body('openai', '/a.pdf')).toContain(`"file_data":"data:application/pdf;base64,${base64}"`)
  expect(await body('anthropic', '/a.png')).toContain(
    `{"type":"image","source":{"type":"base64","media_type":"image/png","data":"${base64}"}}`,
  )
  expect(await body('anthropic', '/a.pdf')).toContain('"type":"document"')
  expect(await body('gemini', '/a.pdf')).toContain(`{"inlineData":{"mimeType":"application/pdf","data":"${base64}"}}`)
  await expect(body('openai', '/a.docx')).rejects.toMatchObject({
    details: { message: expect.stringMatching(/"a.docx" is/) },
  })
})

it('a label is a way on, and a text cannot choose one that is not there', async () => {
  const labels = [{ id: 'refund', description: 'Money back' }, { id: 'praise' }]
  const sorted = (label: string) =>
    ask('openai', 'classify', { text: 'I want my money', labels }, () =>
      said.openai(JSON.stringify({ label, reason: 'r' })),
    )
  const { output, sent } = await sorted('refund')
  expect(output).toMatchObject({ label: 'refund', reason: 'r' })
  expect(JSON.stringify(sent[0]?.body)).toContain('"enum":["refund","praise","else"]')
  expect((await sorted('else')).output).toMatchObject({ label: null })
  await expect(sorted('delete-everything')).rejects.toMatchObject({ details: { code: 'bad-answer' } })
})

it('values are read by name, and what is not there is null', async () => {
  const fields = [
    { name: 'total', type: 'number', description: 'With tax' },
    { name: 'due', type: 'date' },
  ]
  const { output } = await ask('anthropic', 'extract', { text: 'Total 7.50', fields }, () =>
    said.anthropic('{"total":7.5,"due":null}'),
  )
  expect(isJsonObject(output) && output.fields).toEqual({ total: 7.5, due: null })
})

it.each<[Record<string, Json>, RegExp]>([
  [{ schema: 'no schema' }, /takes a JSON Schema/],
  [{ schema: [1] }, /takes a JSON Schema/],
  [{ temperature: 1 }, /take no temperature/],
])('a wrong input says what is right: %j', async (input, message) => {
  await expect(ask('anthropic', 'prompt', { prompt: 'x', ...input }, () => said.anthropic('a'))).rejects.toMatchObject({
    details: { code: 'bad-input', message: expect.stringMatching(message) },
  })
})
