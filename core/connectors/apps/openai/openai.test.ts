import OpenAI from 'openai'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { openai } from './openai.app.ts'

const account = { type: 'openai', secret: JSON.stringify({ token: 'sk-1' }) }
const answers = (): Json => ({
  id: 'r1',
  status: 'completed',
  choices: [{ message: { content: '{"a":1}' }, finish_reason: 'stop' }],
  output: [
    { type: 'reasoning' },
    {
      type: 'message',
      content: [
        { type: 'output_text', text: '{"a":' },
        { type: 'output_text', text: '1}' },
      ],
    },
  ],
  data: [{ b64_json: 'UE5H' }],
  results: [{ flagged: true }],
})
const SCHEMA = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false }
/** Numbers of the library's own, such as how long it waits, are in headers. */
const said = (sent: readonly Sent[]) => sent

it.each<[string, Record<string, Json>, (client: OpenAI) => Promise<unknown>]>([
  [
    'chat',
    { model: 'm', prompt: 'Hi', system: 'S', schema: SCHEMA, most: 5 },
    (client) =>
      client.chat.completions.create({
        model: 'm',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'Hi' },
        ],
        max_completion_tokens: 5,
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA, strict: true } },
      }),
  ],
  [
    'respond',
    { model: 'm', prompt: 'Hi', system: 'S' },
    (client) => client.responses.create({ model: 'm', input: 'Hi', instructions: 'S', store: true }),
  ],
  [
    'embed',
    { model: 'm', input: ['a', 'b'] },
    (client) => client.embeddings.create({ model: 'm', input: ['a', 'b'], encoding_format: 'float' }),
  ],
  ['moderate', { text: 'x' }, (client) => client.moderations.create({ input: 'x' })],
  ['models', {}, (client) => client.models.list()],
])('%s as OpenAI’s own library does', async (uses, input, call) => {
  const theirs = await sentByLibrary(
    (address) => call(new OpenAI({ apiKey: 'sk-1', baseURL: `${address}/v1`, maxRetries: 0 })),
    answers,
  )
  const { sent } = await sentByUs(openai, uses, input, { answers, account })
  expect(said(sent)).toEqual(said(theirs))
})

it('answers are their text, and JSON where a schema asks for it', async () => {
  const chat = await sentByUs(openai, 'chat', { model: 'm', prompt: 'Hi', schema: SCHEMA }, { answers, account })
  expect(chat.output).toMatchObject({ text: '{"a":1}', data: { a: 1 }, finish: 'stop' })
  const respond = await sentByUs(openai, 'respond', { model: 'm', prompt: 'Hi' }, { answers, account })
  expect(respond.output).toMatchObject({ text: '{"a":1}', id: 'r1', status: 'completed' })
})

it('pictures and sounds are files, sent and kept', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.mp3', 'ID3')
  const world = { answers, account, files: { files, large } }
  expect((await sentByUs(openai, 'image', { model: 'gpt-image-1', prompt: 'A cat' }, world)).output).toMatchObject({
    file: { filename: 'image-1.png', bytes: 3 },
  })
  const { sent } = await sentByUs(openai, 'transcribe', { model: 'm', file: at('a.mp3') }, world)
  expect(sent[0]).toMatchObject({ path: '/v1/audio/transcriptions', body: expect.stringContaining('filename="a.mp3"') })
})
