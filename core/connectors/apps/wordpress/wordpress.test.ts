import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { wordpress } from './wordpress.app.ts'

const account = {
  type: 'wordpress',
  secret: JSON.stringify({ server: 'https://blog.example/de/', user: 'admin', token: 'abcd efgh' }),
}
const answers = (): Json => ({ id: 5 })
const base = '/de/wp-json/wp/v2'

/** As wpapi 1.2.2 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-post',
    { title: 't', content: 'c', categories: '1', image: 5 },
    `POST ${base}/posts`,
    { title: 't', content: 'c', status: 'draft', categories: [1], featured_media: 5 },
  ],
  ['update-post', { post: 5, title: 'x' }, `POST ${base}/posts/5`, { title: 'x' }],
  ['list-posts', { after: '2026-01-01', limit: 10 }, `GET ${base}/posts?after=2026-01-01T00:00:00.000Z&per_page=10`],
  ['get-post', { post: 5 }, `GET ${base}/posts/5`],
  ['create-page', { title: 't', parent: 2 }, `POST ${base}/pages`, { title: 't', status: 'draft', parent: 2 }],
  ['create-term', { kind: 'tags', name: 'n' }, `POST ${base}/tags`, { name: 'n' }],
  ['delete-post', { post: 5, force: true }, `DELETE ${base}/posts/5?force=true`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(wordpress, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Basic YWRtaW46YWJjZCBlZmdo')
})

it('new posts are those of the site', async () => {
  const { sent, events } = await sentByTrigger(
    wordpress,
    'new-post',
    {},
    { answers: () => [{ id: 1 }, { id: 2 }], account },
  )
  expect(sent.map(lineOf)).toEqual([[`GET ${base}/posts?order=desc&orderby=date&per_page=100`]])
  expect(events.map(({ key }) => key)).toEqual(['1', '2'])
})

it.each(['blog.example', 'ftp://blog.example', 'https://'])(
  'a site that is no whole address says so: %s',
  async (server) => {
    const wrong = { type: 'wordpress', secret: JSON.stringify({ server, user: 'admin', token: 'x' }) }
    await expect(sentByUs(wordpress, 'get-post', { post: 1 }, { answers, account: wrong })).rejects.toMatchObject({
      details: { code: 'bad-credential', message: expect.stringContaining('must be a whole address') },
    })
  },
)
