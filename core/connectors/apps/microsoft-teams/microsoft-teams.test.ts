import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { microsoftTeams } from './microsoft-teams.app.ts'

const account = { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) }
const answers = (): Json => ({ id: 'm1', value: [{ id: 'm1' }, { id: 'm2', messageType: 'systemEventMessage' }] })
const at = { team: 't', channel: '19:a@thread.tacv2' }
const body = { content: 'Hi', contentType: 'text' }

/** As Microsoft’s own library sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send-channel',
    { ...at, text: 'Hi', subject: 's' },
    'POST /v1.0/teams/t/channels/19:a@thread.tacv2/messages',
    { body, subject: 's' },
  ],
  [
    'reply-channel',
    { ...at, message: '1', text: 'Hi' },
    'POST /v1.0/teams/t/channels/19:a@thread.tacv2/messages/1/replies',
    { body },
  ],
  [
    'send-chat',
    { chat: '19:b', text: '<b>Hi</b>', kind: 'html' },
    'POST /v1.0/chats/19:b/messages',
    { body: { content: '<b>Hi</b>', contentType: 'html' } },
  ],
  ['list-channel-messages', { ...at, limit: 5 }, 'GET /v1.0/teams/t/channels/19:a@thread.tacv2/messages?$top=5'],
  [
    'create-channel',
    { team: 't', name: 'n' },
    'POST /v1.0/teams/t/channels',
    { displayName: 'n', membershipType: 'standard' },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(microsoftTeams, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it.each([
  ['a\nb', 'oneOnOne'],
  ['a\nb\nc', 'group'],
])('a chat of %j is %s', async (people, chatType) => {
  const { sent } = await sentByUs(microsoftTeams, 'create-chat', { people }, { answers, account })
  expect(sent[0]?.body).toMatchObject({
    chatType,
    members: people.split('\n').map((one) => ({
      'user@odata.bind': `https://graph.microsoft.com/v1.0/users('${one}')`,
    })),
  })
})

it('new messages are those that people wrote', async () => {
  const { sent, events } = await sentByTrigger(microsoftTeams, 'new-channel-message', at, { answers, account })
  expect(sent.map(lineOf)).toEqual([['GET /v1.0/teams/t/channels/19:a@thread.tacv2/messages/delta']])
  expect(events.map(({ key }) => key)).toEqual(['m1'])
})

it('is told where to call, for less than an hour, and to stop', async () => {
  const { sent, subscribed } = await sentByTrigger(microsoftTeams, 'push', at, { answers, account, doing: 'subscribe' })
  const now = Date.parse('2026-11-30T09:00:00Z')
  expect(sent.map(lineOf)).toEqual([
    [
      'POST /v1.0/subscriptions',
      {
        changeType: 'created,updated',
        notificationUrl: 'https://hooks.example/hooks/x',
        resource: 'teams/t/channels/19%3Aa%40thread.tacv2/messages',
        expirationDateTime: new Date(now + 0.9 * 3_600_000).toISOString(),
        clientState: 'sh',
      },
    ],
    ['DELETE /v1.0/subscriptions/m1'],
  ])
  expect(subscribed).toEqual({ subscription: 'm1', expiresAt: now + 0.9 * 3_600_000 })
})
