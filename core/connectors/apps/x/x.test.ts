import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { x } from './x.app.ts'

const account = { type: 'x', secret: JSON.stringify({ clientId: 'a', accessToken: 'ATOK' }) }
const answers = (): Json => ({ data: { id: '12' } })
const fields = 'tweet.fields=created_at,author_id,public_metrics'

/** As twitter-api-v2 1.29.1 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'create-post',
    { text: 'hi', replyTo: 'https://x.com/nasa/status/1', media: ['5'] },
    ['POST /2/tweets', { text: 'hi', reply: { in_reply_to_tweet_id: '1' }, media: { media_ids: ['5'] } }],
  ],
  ['delete-post', { post: '1' }, ['DELETE /2/tweets/1']],
  [
    'search',
    { query: 'from:nasa', limit: 3 },
    [`GET /2/tweets/search/recent?max_results=10&query=from:nasa&${fields}`],
  ],
  [
    'user-posts',
    { user: '12', without: 'replies', limit: 5 },
    [`GET /2/users/12/tweets?exclude=replies&max_results=5&${fields}`],
  ],
  ['mentions', { user: '12', limit: 50 }, [`GET /2/users/12/mentions?max_results=50&${fields}`]],
  ['get-user', { user: '@nasa' }, ['GET /2/users/by/username/nasa?user.fields=description,public_metrics,created_at']],
  ['like', { post: '1' }, ['GET /2/users/me'], ['POST /2/users/12/likes', { tweet_id: '1' }]],
  ['repost', { post: '1' }, ['GET /2/users/me'], ['POST /2/users/12/retweets', { tweet_id: '1' }]],
  ['send-dm', { user: '12', text: 'hi' }, ['POST /2/dm_conversations/with/12/messages', { text: 'hi' }]],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(x, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
  expect(sent[0]?.authorization).toBe('Bearer ATOK')
})

it('mentions are those of the account', async () => {
  const answer = ({ path }: { path: string }): Json =>
    path.endsWith('/me') ? { data: { id: '12' } } : { data: [{ id: '9' }], meta: {} }
  const { sent, events } = await sentByTrigger(x, 'new-mention', {}, { answers: answer, account })
  expect(sent[1]?.path).toBe('/2/users/12/mentions')
  expect(events.map(({ key }) => key)).toEqual(['9'])
})

it('what X does not find stands in a 200', async () => {
  const answer = () => ({ errors: [{ detail: 'Could not find user with username: [nobody].' }] })
  await expect(sentByUs(x, 'get-user', { user: 'nobody' }, { answers: answer, account })).rejects.toMatchObject({
    details: { code: 'http-404', message: expect.stringContaining('[nobody]') },
  })
})
