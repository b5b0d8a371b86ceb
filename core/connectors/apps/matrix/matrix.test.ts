import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { matrix } from './matrix.app.ts'

const account = { type: 'matrix', secret: JSON.stringify({ server: 'https://matrix.example', token: 'T' }) }
const said = (event_id: string, sender: string) => ({
  type: 'm.room.message',
  event_id,
  sender,
  content: { body: 'hi' },
})
const answers = ({ path }: Sent): Json =>
  path.includes('/directory/')
    ? { room_id: '!r:x' }
    : path.endsWith('/whoami')
      ? { user_id: '@me:x' }
      : path.endsWith('/sync')
        ? {
            next_batch: 's2',
            rooms: { join: { '!r:x': { timeline: { events: [said('$1', '@ada:x'), said('$2', '@me:x')] } } } },
          }
        : { event_id: '$9', content_uri: 'mxc://x/f', chunk: [] }
const api = '/_matrix/client/v3'
/** sha256 of `run_1:step`, as far as it is sent. */
const TXN = /[0-9a-f]{32}$/

/** As matrix-bot-sdk sends them; the number at the end tells a repeat. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'send-message',
    { room: '!r:x', text: 'hi', thread: '$t' },
    [
      `PUT ${api}/rooms/!r:x/send/m.room.message/TXN`,
      { msgtype: 'm.text', body: 'hi', 'm.relates_to': { rel_type: 'm.thread', event_id: '$t' } },
    ],
  ],
  [
    'send-message',
    { room: '#a:x', text: 'hi' },
    [`GET ${api}/directory/room/#a:x`],
    [`PUT ${api}/rooms/!r:x/send/m.room.message/TXN`, { msgtype: 'm.text', body: 'hi' }],
  ],
  ['invite', { room: '!r:x', user: '@ada:x' }, [`POST ${api}/rooms/!r:x/invite`, { user_id: '@ada:x' }]],
  ['join', { room: '#a:x' }, [`POST ${api}/join/#a:x`, {}]],
  [
    'create-room',
    { name: 'n', invite: '@ada:x' },
    [`POST ${api}/createRoom`, { name: 'n', preset: 'private_chat', invite: ['@ada:x'] }],
  ],
  ['messages', { room: '!r:x', limit: 5 }, [`GET ${api}/rooms/!r:x/messages?dir=b&limit=5`]],
  ['redact', { room: '!r:x', message: '$1' }, [`PUT ${api}/rooms/!r:x/redact/$1/TXN`, {}]],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(matrix, uses, input, { answers, account })
  expect(sent.map((one) => lineOf({ ...one, path: one.path.replace(TXN, 'TXN') }))).toEqual(expected)
})

it('a file is uploaded, and shown in the room', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.png', 'PNG')
  const { sent } = await sentByUs(
    matrix,
    'upload',
    { room: '!r:x', file: at('a.png') },
    { answers, account, files: { files, large } },
  )
  expect(sent.map(({ path }) => path.replace(TXN, 'TXN'))).toEqual([
    '/_matrix/media/v3/upload',
    `${api}/rooms/!r:x/send/m.room.message/TXN`,
  ])
  expect(sent[1]?.body).toEqual({
    msgtype: 'm.image',
    body: 'a.png',
    url: 'mxc://x/f',
    info: { mimetype: 'image/png', size: 3 },
  })
})

it('messages of others start runs, those of the account itself do not', async () => {
  const { events } = await sentByTrigger(matrix, 'new-event', {}, { answers, account })
  expect(events).toEqual([{ key: '$1', data: { ...said('$1', '@ada:x'), room_id: '!r:x' } }])
})
