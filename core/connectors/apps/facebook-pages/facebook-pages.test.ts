import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { facebookPages } from './facebook-pages.app.ts'

const account = { type: 'facebook-pages', secret: JSON.stringify({ token: 'PT' }) }
const answers = (): Json => ({ id: '1_2', data: [{ id: '1_2' }] })

/** As Meta’s own library sends them, with the token in the header. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['post', { text: 'hi', link: 'https://a' }, 'POST /v24.0/me/feed', { message: 'hi', link: 'https://a' }],
  [
    'post',
    { page: 1, text: 'hi', when: '1970-01-01T00:00:10Z' },
    'POST /v24.0/1/feed',
    { message: 'hi', published: false, scheduled_publish_time: 10 },
  ],
  ['photo', { photo: 'https://a/b.png', text: 'c' }, 'POST /v24.0/me/photos', { url: 'https://a/b.png', caption: 'c' }],
  ['list-posts', { page: 'me', limit: 5 }, 'GET /v24.0/me/posts?fields=id,message,created_time,permalink_url&limit=5'],
  [
    'comments',
    { post: '1_2', limit: 5 },
    'GET /v24.0/1_2/comments?fields=id,message,from,created_time&limit=5&order=reverse_chronological',
  ],
  ['reply-comment', { object: '1_2', text: 'x' }, 'POST /v24.0/1_2/comments', { message: 'x' }],
  ['delete', { object: '1_2' }, 'DELETE /v24.0/1_2'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(facebookPages, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer PT')
})

it('a photo of an earlier step goes along as it is, and new posts start runs', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.png', 'PNG')
  const { sent } = await sentByUs(
    facebookPages,
    'photo',
    { photo: at('a.png') },
    { answers, account, files: { files, large } },
  )
  expect(sent[0]?.body).toEqual(expect.stringContaining('name="source"; filename="a.png"'))
  const { events } = await sentByTrigger(facebookPages, 'new-post', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1_2'])
})
