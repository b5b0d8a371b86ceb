import { z } from 'zod'
import { type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, oauthAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, text, yesNo } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const API = 'https://api.linkedin.com'
/** A version is there for a year (https://learn.microsoft.com/en-us/linkedin/marketing/versioning). */
const HEADERS = { 'x-restli-protocol-version': '2.0.0', 'linkedin-version': '202610' }

const author = text('As', {
  optional: true,
  placeholder: 'urn:li:organization:12345',
  help: 'Yourself when empty; a page of an organisation by its urn, or its number.',
})
const visibility = choice('Seen by', { PUBLIC: 'Everybody', CONNECTIONS: 'Your connections', LOGGED_IN: 'Members' })
const post = text('Post', { placeholder: 'urn:li:share:7000000000000000000', help: 'Its urn.' })
const pages: Pages = { items: 'elements', size: { as: 'count', most: 100 }, next: { by: 'offset', as: 'start' } }

/** Characters that mean something in the text of a post (https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format). */
const escaped = (words: string): string => words.replace(/[|{}@[\]()<>\\*_~]/g, String.raw`\$&`)

const meSchema = z.object({ sub: z.string() })
const imageSchema = z.object({ value: z.object({ uploadUrl: z.url(), image: z.string() }) })

/** Who a post is by: the member who signed in, or an organisation. */
async function authorOf(http: AppClient, given: Json | undefined): Promise<string> {
  const named = textOf(given ?? '').trim()
  if (named !== '') return /^\d+$/.test(named) ? `urn:li:organization:${named}` : named
  return `urn:li:person:${(await http({ path: `${API}/v2/userinfo` })).as(meSchema).sub}`
}

async function uploadImage(
  http: AppClient,
  owner: string,
  image: { contentType: string; content: Uint8Array },
): Promise<string> {
  const begun = await http({
    method: 'POST',
    path: 'images?action=initializeUpload',
    headers: HEADERS,
    body: { initializeUploadRequest: { owner } },
  })
  const { uploadUrl, image: urn } = begun.as(imageSchema).value
  await http({ method: 'PUT', path: uploadUrl, bytes: image })
  return urn
}

/** LinkedIn's Posts API (https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api). */
export const linkedin = defineApp({
  id: 'linkedin',
  title: 'LinkedIn',
  icon,
  hue,
  address: `${API}/rest`,
  alsoAt: ['https://www.linkedin.com'],
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'linkedin',
      title: 'LinkedIn account',
      authorizeUrl: 'https://www.linkedin.com/oauth/v2/authorization',
      tokenUrl: 'https://www.linkedin.com/oauth/v2/accessToken',
      scopes: ['openid', 'profile', 'email', 'w_member_social'],
      // The address that LinkedIn sends a browser back to has to be entered there as a whole.
      isAtFixedAddress: true,
      more: { pkce: false },
      help: howTo(
        'A client id in four steps',
        {
          title: 'Create an app',
          text: 'With a page of yours.',
          link: { title: 'My apps', url: 'https://www.linkedin.com/developers/apps' },
        },
        { title: 'Add two products', text: '“Share on LinkedIn” and “Sign In with LinkedIn using OpenID Connect”.' },
        { title: 'Enter the redirect address', text: 'On the tab Auth.', showsRedirect: true },
        { title: 'Paste id and secret here', text: 'A sign-in lasts 60 days; then connect it again.' },
      ),
      test: whoIs({ address: API, path: 'v2/userinfo', name: ['name', 'email'] }),
    }),
  ],
  actions: [
    operation({
      name: 'create-post',
      title: 'Post on LinkedIn',
      description: 'Publishes a text, with an image or a link where there is one.',
      keywords: ['publish', 'share', 'social', 'article'],
      summary: '{text}',
      fields: {
        text: longText('Text', { most: 3_000 }),
        image: file('Image', { optional: true }),
        link: text('Link', {
          optional: true,
          placeholder: 'https://example.com/article',
          help: 'In place of an image.',
        }),
        title: text('Title of the image or link', { optional: true, advanced: true }),
        author,
        visibility,
        noReshare: yesNo('Not to be shared again', { advanced: true }),
      },
      sample: {
        id: 'urn:li:share:7000000000000000000',
        url: 'https://www.linkedin.com/feed/update/urn:li:share:7000000000000000000',
      },
      async run({ http, files, input }) {
        const by = await authorOf(http, input.author)
        const { image, link, title } = input
        const named = title === undefined ? {} : { title }
        const media =
          image === undefined
            ? undefined
            : { id: await uploadImage(http, by, await files.read(image, 'image')), ...named }
        const content =
          media !== undefined
            ? { media }
            : link === undefined
              ? undefined
              : { article: { source: link, title: title ?? link } }
        const answer = await http({
          method: 'POST',
          path: 'posts',
          headers: HEADERS,
          body: {
            author: by,
            commentary: escaped(textOf(input.text ?? '')),
            visibility: input.visibility ?? 'PUBLIC',
            distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
            ...(content && { content }),
            lifecycleState: 'PUBLISHED',
            isReshareDisabledByAuthor: input.noReshare === true,
          },
        })
        // The answer is empty; its id stands in a header.
        const id = answer.headers['x-restli-id']
        return typeof id === 'string' ? { id, url: `https://www.linkedin.com/feed/update/${id}` } : {}
      },
    }),
    operation({
      name: 'upload-image',
      title: 'Upload an image to LinkedIn',
      description: 'Uploads an image; its urn goes into posts of your own making.',
      keywords: ['photo', 'media', 'file'],
      fields: { file: file('Image'), author },
      sample: { image: 'urn:li:image:C4E10AQFoyyAjHPMQuQ' },
      async run({ http, files, input }) {
        const owner = await authorOf(http, input.author)
        return { image: await uploadImage(http, owner, await files.read(input.file ?? '', 'file')) }
      },
    }),
    operation({
      name: 'delete-post',
      title: 'Delete a post on LinkedIn',
      description: 'Deletes a post.',
      keywords: ['remove'],
      request: 'DELETE /posts/{post}',
      headers: HEADERS,
      fields: { post },
      sample: {},
    }),
    operation({
      name: 'list-org-posts',
      title: 'List the posts of an organisation on LinkedIn',
      description: 'Reads the posts of a page, the newest first. LinkedIn allows this to approved apps alone.',
      keywords: ['company', 'page', 'get many'],
      scopes: ['r_organization_social'],
      request: 'GET /posts?q=author',
      headers: HEADERS,
      fields: {
        author: text('Organisation', {
          placeholder: '12345',
          help: 'The number of its page, or its urn.',
          send: (value) => (/^\d+$/.test(textOf(value)) ? `urn:li:organization:${textOf(value)}` : value),
        }),
      },
      pages,
      sample: { items: [{ id: 'urn:li:share:7000000000000000000', commentary: 'Hello' }], count: 1, hasMore: false },
    }),
  ],
})
