import { REST } from '@discordjs/rest'
import { expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { discord } from './discord.app.ts'

const account = { type: 'discord', secret: JSON.stringify({ token: 'tok' }) }
const answers = (): Json => ({ id: '1' })
type Path = `/${string}`

it.each<[string, Record<string, Json>, (rest: REST) => Promise<unknown>]>([
  [
    'edit-message',
    { channel: '5', message: '7', text: 'x' },
    (rest) => rest.patch('/channels/5/messages/7', { body: { content: 'x' } }),
  ],
  ['delete-message', { channel: '5', message: '7' }, (rest) => rest.delete('/channels/5/messages/7')],
  [
    'react',
    { channel: '5', message: '7', emoji: '👍' },
    (rest) => rest.put(`/channels/5/messages/7/reactions/${encodeURIComponent('👍')}/@me` as Path),
  ],
  [
    'start-thread',
    { channel: '5', message: '7', name: 'n' },
    (rest) => rest.post('/channels/5/messages/7/threads', { body: { name: 'n', auto_archive_duration: 1_440 } }),
  ],
  ['open-dm', { user: '9' }, (rest) => rest.post('/users/@me/channels', { body: { recipient_id: '9' } })],
  ['add-role', { server: '1', user: '2', role: '3' }, (rest) => rest.put('/guilds/1/members/2/roles/3')],
  [
    'create-channel',
    { server: '1', name: 'x' },
    (rest) => rest.post('/guilds/1/channels', { body: { type: 0, name: 'x' } }),
  ],
])('%s as discord.js does', async (uses, input, call) => {
  const theirs = await sentByLibrary(
    (address) => call(new REST({ api: `${address}/api`, version: '10' }).setToken('tok')),
    answers,
  )
  const { sent } = await sentByUs(discord, uses, input, { answers, account })
  expect(sent).toEqual(theirs)
})

it('a message has a word by which Discord tells a repeat, the same at every attempt', async () => {
  const send = () =>
    sentByUs(discord, 'send-message', { channel: '5', text: 'x', replyTo: '7', quiet: true }, { answers, account })
  const [first, again] = [(await send()).sent[0], (await send()).sent[0]]
  expect(first).toEqual(again)
  const body = first?.body as Json
  expect(isJsonObject(body) && body.nonce).toMatch(/^[0-9a-f]{25}$/)
  expect(body).toMatchObject({
    content: 'x',
    enforce_nonce: true,
    message_reference: { message_id: '7' },
    allowed_mentions: { parse: [] },
  })
})
