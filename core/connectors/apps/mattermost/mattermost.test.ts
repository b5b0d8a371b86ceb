import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { mattermost } from './mattermost.app.ts'

const account = { type: 'mattermost', secret: JSON.stringify({ server: 'https://chat.example', token: 'T' }) }
const answers = (): Json => ({ id: 'me', order: ['b', 'a', 'gone'], posts: { a: { id: 'a' }, b: { id: 'b' } } })

/** As @mattermost/client 11.9.0 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'post',
    { channel: 'C', text: 'hi', thread: 'R', priority: 'urgent' },
    [
      'POST /api/v4/posts',
      { channel_id: 'C', message: 'hi', root_id: 'R', metadata: { priority: { priority: 'urgent' } } },
    ],
  ],
  [
    'ephemeral',
    { channel: 'C', user: 'U', text: 'hi' },
    ['POST /api/v4/posts/ephemeral', { user_id: 'U', post: { channel_id: 'C', message: 'hi' } }],
  ],
  ['edit', { post: 'P', text: 'x' }, ['PUT /api/v4/posts/P/patch', { message: 'x' }]],
  ['delete', { post: 'P' }, ['DELETE /api/v4/posts/P']],
  ['list-posts', { channel: 'C', since: 1_764_000_000_000 }, ['GET /api/v4/channels/C/posts?since=1764000000000']],
  ['direct', { user: 'U' }, ['GET /api/v4/users/me'], ['POST /api/v4/channels/direct', ['me', 'U']]],
  ['find-user', { email: 'a@b.c' }, ['GET /api/v4/users/email/a@b.c']],
  ['add-member', { channel: 'C', user: 'U' }, ['POST /api/v4/channels/C/members', { user_id: 'U' }]],
  [
    'react',
    { post: 'P', emoji: ':+1:' },
    ['GET /api/v4/users/me'],
    ['POST /api/v4/reactions', { user_id: 'me', post_id: 'P', emoji_name: '+1' }],
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(mattermost, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
})

it('posts come in their order', async () => {
  const { events } = await sentByTrigger(mattermost, 'new-post-poll', { channel: 'C' }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['b', 'a'])
})
