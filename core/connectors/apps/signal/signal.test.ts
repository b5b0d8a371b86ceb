import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { signal } from './signal.app.ts'

const account = { type: 'signal', secret: JSON.stringify({ server: 'http://s.example:8080' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send',
    { number: '+1', to: '+2\ngroup.x', text: 'Hi', styled: true, quote: '17', quoted: '+2' },
    'POST /v2/send',
    {
      number: '+1',
      recipients: ['+2', 'group.x'],
      message: 'Hi',
      text_mode: 'styled',
      quote_timestamp: 17,
      quote_author: '+2',
    },
  ],
  [
    'react',
    { number: '+1', recipient: '+2', reaction: '👍', author: '+2', timestamp: '17' },
    'POST /v1/reactions/+1',
    { recipient: '+2', reaction: '👍', target_author: '+2', timestamp: 17 },
  ],
  ['list-groups', { number: '+1' }, 'GET /v1/groups/+1'],
  ['typing', { number: '+1', recipient: '+2' }, 'PUT /v1/typing-indicator/+1', { recipient: '+2' }],
  [
    'receipt',
    { number: '+1', recipient: '+2', timestamp: '17' },
    'POST /v1/receipts/+1',
    { recipient: '+2', receipt_type: 'read', timestamp: 17 },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(signal, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('files go along, and are kept', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const world = { answers, account, files: { files, large } }
  const { sent } = await sentByUs(signal, 'send', { number: '+1', to: '+2', text: 'x', file: at('a.txt') }, world)
  expect(sent[0]?.body).toMatchObject({ base64_attachments: ['data:text/plain;filename=a.txt;base64,aGk='] })
  const { output } = await sentByUs(signal, 'attachment', { attachment: 'x1', name: 'b.txt' }, world)
  expect(output).toMatchObject({ file: { filename: 'b.txt' } })
})

it('each message starts a run once', async () => {
  const envelope = { sourceUuid: 'u', timestamp: 17, dataMessage: { message: 'Hi' } }
  const { sent, events } = await sentByTrigger(
    signal,
    'message-received',
    { number: '+1' },
    { answers: (): Json => [{ envelope }], account },
  )
  expect(sent.map(lineOf)).toEqual([['GET /v1/receive/+1?timeout=2']])
  expect(events).toEqual([{ key: 'u 17', data: { envelope } }])
})
