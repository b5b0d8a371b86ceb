import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { anthropic } from './anthropic.app.ts'

const account = { type: 'ai', secret: JSON.stringify({ kind: 'anthropic', apiKey: 'K' }) }
const answers = (): Json => ({
  id: 'msg_1',
  content: [
    { type: 'text', text: '{"a":' },
    { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Bonn' } },
    { type: 'text', text: '1}' },
  ],
  stop_reason: 'tool_use',
  usage: { input_tokens: 1, output_tokens: 2 },
})

/** As @anthropic-ai/sdk 1.14 sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'message',
    { model: 'm', prompt: 'Hi', system: 'S', effort: 'low', stops: 'END' },
    'POST /v1/messages',
    {
      model: 'm',
      max_tokens: 4_096,
      system: 'S',
      messages: [{ role: 'user', content: 'Hi' }],
      output_config: { effort: 'low' },
      stop_sequences: ['END'],
    },
  ],
  [
    'count-tokens',
    { model: 'm', prompt: 'Hi' },
    'POST /v1/messages/count_tokens',
    { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  ],
  ['models', { limit: 5 }, 'GET /v1/models?limit=5'],
  ['batch', { requests: [{ custom_id: '1' }] }, 'POST /v1/messages/batches', { requests: [{ custom_id: '1' }] }],
])('%s %j', async (uses, input, ...expected) => {
  const versions: unknown[] = []
  const { sent } = await sentByUs(anthropic, uses, input, {
    answers: (_, headers) => {
      versions.push(headers['anthropic-version'])
      return answers()
    },
    account,
  })
  expect(sent.map(lineOf)).toEqual([expected])
  // The header of the key and the version belong together.
  expect(sent[0]?.authorization).toBe('Bearer K')
  expect(versions).toEqual(['2026-10-21'])
})

it('an answer is its text, its JSON and the tools that it asks for', async () => {
  const { output } = await sentByUs(
    anthropic,
    'message',
    { model: 'm', prompt: 'Hi', schema: { type: 'object' } },
    { answers, account },
  )
  expect(output).toMatchObject({
    text: '{"a":1}',
    data: { a: 1 },
    tools: [{ id: 't1', name: 'weather', input: { city: 'Bonn' } }],
    finish: 'tool_use',
  })
})

it.each([
  ['a.png', 'image', 'image/png'],
  ['a.pdf', 'document', 'application/pdf'],
])('%s goes along as a block %s', async (name, type, media) => {
  const { files, large, put, at } = fileWorld()
  put(name, 'x')
  const world = { answers, account, files: { files, large } }
  const { sent } = await sentByUs(anthropic, 'message', { model: 'm', prompt: 'Hi', file: at(name) }, world)
  const source = { type: 'base64', media_type: media, data: 'eA==' }
  expect(sent[0]?.body).toMatchObject({
    messages: [
      {
        content: [
          { type, source },
          { type: 'text', text: 'Hi' },
        ],
      },
    ],
  })
  const uploaded = await sentByUs(anthropic, 'upload-file', { file: at(name) }, world)
  expect(uploaded.sent[0]).toMatchObject({ path: '/v1/files', body: expect.stringContaining(`filename="${name}"`) })
})
