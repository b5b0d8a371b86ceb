import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { reddit } from './reddit.app.ts'

const account = { type: 'reddit', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'T' }) }
const answers = (): Json => ({ data: { children: [{ data: { name: 't3_a' } }], after: null } })

/** As snoowrap 1.23.0 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'submit',
    { subreddit: 'r/test', title: 'T', text: 'x', quiet: true },
    'POST /api/submit',
    { api_type: 'json', kind: 'self', sr: 'test', title: 'T', text: 'x', sendreplies: false },
  ],
  [
    'submit',
    { subreddit: 'test', title: 'T', link: 'https://a.example' },
    'POST /api/submit',
    { api_type: 'json', kind: 'link', sr: 'test', title: 'T', url: 'https://a.example' },
  ],
  ['comment', { thing: 't3_1', text: 'x' }, 'POST /api/comment', { api_type: 'json', thing_id: 't3_1', text: 'x' }],
  [
    'search',
    { subreddit: 'test', query: 'x', sort: 'new', limit: 5 },
    'GET /r/test/search?limit=5&q=x&raw_json=1&restrict_sr=true&sort=new&t=all',
  ],
  ['new-posts', { subreddit: 'test', limit: 5 }, 'GET /r/test/new?limit=5&raw_json=1'],
  ['comments', { subreddit: 'test', post: 't3_1abc' }, 'GET /r/test/comments/1abc?limit=500&raw_json=1'],
  ['inbox', { limit: 7 }, 'GET /message/unread?limit=7&raw_json=1'],
  ['delete', { thing: 't1_1' }, 'POST /api/del', { id: 't1_1' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(reddit, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a listing is what stands in its children', async () => {
  const { output } = await sentByUs(reddit, 'new-posts', { subreddit: 'test' }, { answers, account })
  expect(output).toEqual({ items: [{ name: 't3_a' }], count: 1, hasMore: false })
  const { events } = await sentByTrigger(reddit, 'new-post', { subreddit: 'test' }, { answers, account })
  expect(events).toEqual([{ key: 't3_a', data: { name: 't3_a' } }])
})

it.each([
  ['RATELIMIT', 'http-429'],
  ['SUBREDDIT_NOEXIST', 'http-400'],
])('a refusal of Reddit stands in a 200: %s', async (word, code) => {
  const refused = sentByUs(
    reddit,
    'comment',
    { thing: 't3_1', text: 'x' },
    { answers: () => ({ json: { errors: [[word, 'you did that too much', 'x']] } }), account },
  )
  await expect(refused).rejects.toMatchObject({
    details: { message: expect.stringContaining('too much'), code },
  })
})
