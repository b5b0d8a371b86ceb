import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { mastodon } from './mastodon.app.ts'

const account = { type: 'mastodon', secret: JSON.stringify({ server: 'https://m.example', token: 'T' }) }
const answers = ({ path }: { path: string }): Json =>
  path.includes('timelines') || path.includes('notifications') ? [{ id: '1' }] : { id: '1' }

/** As masto.js sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'post',
    { text: 'hi', media: '5', replyTo: '1' },
    'POST /api/v1/statuses',
    { status: 'hi', media_ids: ['5'], visibility: 'public', in_reply_to_id: '1' },
  ],
  ['delete', { post: '1' }, 'DELETE /api/v1/statuses/1'],
  ['boost', { post: '1' }, 'POST /api/v1/statuses/1/reblog'],
  ['search', { query: 'x' }, 'GET /api/v2/search?q=x&type=statuses'],
  ['home', { limit: 5 }, 'GET /api/v1/timelines/home?limit=5'],
  ['tag', { tag: '#x', limit: 5 }, 'GET /api/v1/timelines/tag/x?limit=5'],
  [
    'notifications',
    { kinds: 'mention\nfollow', limit: 5 },
    'GET /api/v1/notifications?limit=5&types[]=mention&types[]=follow',
  ],
])('%s %j', async (uses, input, ...expected) => {
  const keys: unknown[] = []
  const answer = (sent: { path: string }, headers: Readonly<Record<string, string | undefined>>): Json => {
    keys.push(headers['idempotency-key'])
    return answers(sent)
  }
  const { sent } = await sentByUs(mastodon, uses, input, { answers: answer, account })
  expect(sent.map(lineOf)).toEqual([expected])
  if (uses === 'post') expect(keys).toEqual(['run_1:step'])
})

it('an image is uploaded with words for who cannot see it, and mentions start runs', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.png', 'PNG')
  const { sent } = await sentByUs(
    mastodon,
    'upload',
    { file: at('a.png'), description: 'A cat' },
    { answers, account, files: { files, large } },
  )
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v2/media'])
  expect(sent[0]?.body).toEqual(expect.stringContaining('A cat'))
  const { events } = await sentByTrigger(mastodon, 'new-mention', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1'])
})
