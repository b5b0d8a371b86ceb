import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { linkedin } from './linkedin.app.ts'

const account = { type: 'linkedin', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'AT' }) }
const answers = ({ path }: Sent): Json =>
  path === '/v2/userinfo'
    ? { sub: 'abc', name: 'Ada' }
    : path === '/rest/images'
      ? { value: { uploadUrl: 'https://www.linkedin.com/dms-uploads/x', image: 'urn:li:image:1' } }
      : {}
const posted = (author: string, commentary: string, more: Record<string, Json> = {}): Json => ({
  author,
  commentary,
  visibility: 'PUBLIC',
  distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
  lifecycleState: 'PUBLISHED',
  isReshareDisabledByAuthor: false,
  ...more,
})

/** As linkedin-api-client 0.3.0 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  ['create-post', { text: 'hi' }, ['GET /v2/userinfo'], ['POST /rest/posts', posted('urn:li:person:abc', 'hi')]],
  [
    'create-post',
    { text: 'a (b) @c', author: 7, link: 'https://a.example' },
    [
      'POST /rest/posts',
      posted('urn:li:organization:7', String.raw`a \(b\) \@c`, {
        content: { article: { source: 'https://a.example', title: 'https://a.example' } },
      }),
    ],
  ],
  ['delete-post', { post: 'urn:li:share:1' }, ['DELETE /rest/posts/urn:li:share:1']],
  ['list-org-posts', { author: 1, limit: 10 }, ['GET /rest/posts?author=urn:li:organization:1&count=10&q=author']],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(linkedin, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
  expect(sent[0]?.authorization).toBe('Bearer AT')
})

it('an image is uploaded where LinkedIn says, and shown in the post', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.png', 'PNG')
  const { sent } = await sentByUs(
    linkedin,
    'create-post',
    { text: 'hi', author: 7, image: at('a.png') },
    { answers, account, files: { files, large } },
  )
  expect(sent.map(lineOf)).toEqual([
    ['POST /rest/images?action=initializeUpload', { initializeUploadRequest: { owner: 'urn:li:organization:7' } }],
    ['PUT /dms-uploads/x', 'PNG'],
    ['POST /rest/posts', posted('urn:li:organization:7', 'hi', { content: { media: { id: 'urn:li:image:1' } } })],
  ])
})
