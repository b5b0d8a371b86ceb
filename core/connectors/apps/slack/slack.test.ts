import { WebClient } from '@slack/web-api'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { slack } from './slack.app.ts'

const account = { type: 'slack', secret: JSON.stringify({ token: 'xoxb-1' }) }
const answers = (): Json => ({ ok: true })

/** The library sends forms, for reading too; Slack takes JSON and queries as well (docs.slack.dev/apis/web-api). Both say the same. */
const said = (sent: readonly Sent[]) =>
  sent.map(({ path, query, body, authorization }) => {
    const fields = typeof body === 'object' && body !== null ? body : {}
    const asked = Object.fromEntries(query.map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]))
    return { method: path.replace(/^\/api/, ''), fields: { ...asked, ...fields }, authorization }
  })

describe('slack says what its own library says', () => {
  it.each<[string, Record<string, Json>, (client: WebClient) => Promise<unknown>]>([
    [
      'post-message',
      { channel: 'C1', text: 'Hällo', thread: '1.2', broadcast: true, noLinks: true },
      (client) =>
        client.chat.postMessage({
          channel: 'C1',
          text: 'Hällo',
          thread_ts: '1.2',
          reply_broadcast: true,
          unfurl_links: false,
        }),
    ],
    [
      'update-message',
      { channel: 'C1', message: '1.2', text: 'x' },
      (client) => client.chat.update({ channel: 'C1', ts: '1.2', text: 'x' }),
    ],
    ['delete-message', { channel: 'C1', message: '1.2' }, (client) => client.chat.delete({ channel: 'C1', ts: '1.2' })],
    [
      'ephemeral',
      { channel: 'C1', user: 'U1', text: 'x' },
      (client) => client.chat.postEphemeral({ channel: 'C1', user: 'U1', text: 'x' }),
    ],
    [
      'schedule',
      { channel: 'C1', at: '2026-12-01T00:00:00Z', text: 'x' },
      (client) => client.chat.scheduleMessage({ channel: 'C1', post_at: 1_796_083_200, text: 'x' }),
    ],
    [
      'history',
      { channel: 'C1', oldest: '1.5' },
      (client) => client.conversations.history({ channel: 'C1', oldest: '1.5', limit: 100 }),
    ],
    [
      'replies',
      { channel: 'C1', message: '1.5' },
      (client) => client.conversations.replies({ channel: 'C1', ts: '1.5', limit: 100 }),
    ],
    ['find-user', { email: 'ada@example.com' }, (client) => client.users.lookupByEmail({ email: 'ada@example.com' })],
    ['open-dm', { users: 'U1,U2' }, (client) => client.conversations.open({ users: 'U1,U2' })],
    [
      'add-reaction',
      { channel: 'C1', message: '1.2', emoji: ':tada:' },
      (client) => client.reactions.add({ channel: 'C1', timestamp: '1.2', name: 'tada' }),
    ],
    [
      'create-channel',
      { name: 'x', isPrivate: true },
      (client) => client.conversations.create({ name: 'x', is_private: true }),
    ],
  ])('%s', async (uses, input, call) => {
    const theirs = await sentByLibrary(
      (address) => call(new WebClient('xoxb-1', { slackApiUrl: `${address}/api/`, retryConfig: { retries: 0 } })),
      answers,
    )
    const { sent } = await sentByUs(slack, uses, input, { answers, account })
    const numbers = ({ fields, ...rest }: ReturnType<typeof said>[number]) => ({
      ...rest,
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
    })
    expect(said(sent).map(numbers)).toEqual(said(theirs).map(numbers))
  })
})

it.each([
  ['channel_not_found', 'http-404', /does not find this/],
  ['invalid_auth', 'http-401', /connect it again/],
  ['missing_scope', 'http-403', /needs the scope chat:write/],
  ['ratelimited', 'http-429', /asks to wait/],
  ['msg_too_long', 'http-400', /msg_too_long/],
])('a refusal of Slack stands in a 200: %s', async (error, code, message) => {
  const refused = sentByUs(
    slack,
    'post-message',
    { channel: 'C1', text: 'x' },
    {
      answers: () => ({ ok: false, error, needed: 'chat:write' }),
      account,
    },
  )
  await expect(refused).rejects.toMatchObject({ details: { code, message: expect.stringMatching(message) } })
})

it('a channel is read page by page, as far as was asked', async () => {
  const answer = (sent: Sent): Json => {
    const cursor = sent.query.find(([name]) => name === 'cursor')?.[1]
    const more = cursor === undefined ? 'second' : ''
    return {
      ok: true,
      messages: [{ ts: `${cursor ?? 'first'}-1` }, { ts: `${cursor ?? 'first'}-2` }],
      response_metadata: { next_cursor: more },
    }
  }
  const { output, sent } = await sentByUs(slack, 'history', { channel: 'C1', limit: 3 }, { answers: answer, account })
  expect(sent).toHaveLength(2)
  expect(isJsonObject(output) && output.count).toBe(3)
})
