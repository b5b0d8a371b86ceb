import { type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialFields } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import {
  basic,
  clientHelp,
  howTo,
  oauthAccount,
  serverField,
  serverOf,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { choice, file, json, longText, moment, number, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, numbers, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const API = '/wp-json/wp/v2'
const STATES = {
  publish: 'Published',
  draft: 'Draft',
  pending: 'Waits for a review',
  private: 'Private',
  future: 'Planned',
}

const post = text('Post', {
  placeholder: '{{ post.id }}',
  help: 'Its number.',
  from: { list: 'posts', searches: true },
})
const ids = numbers
const written = {
  title: text('Title', { optional: true }),
  content: longText('Content', { optional: true, help: 'HTML.' }),
  status: choice('State', STATES, { optional: true }),
  excerpt: longText('Excerpt', { optional: true, advanced: true }),
  slug: text('Name in the address', { optional: true, advanced: true, placeholder: 'my-post' }),
  date: moment('Date', {
    form: 'iso',
    as: 'date_gmt',
    optional: true,
    advanced: true,
    help: 'When it is, or was, published.',
  }),
  categories: texts('Categories', { optional: true, help: 'Numbers, one a line.', send: ids }),
  tags: texts('Tags', { optional: true, advanced: true, help: 'Numbers, one a line.', send: ids }),
  image: number('Featured image', {
    as: 'featured_media',
    min: 0,
    optional: true,
    advanced: true,
    help: 'The number of a file of the media library.',
  }),
  author: text('Author', { optional: true, advanced: true, from: { list: 'authors' }, send: Number }),
  meta: json('Custom fields', { optional: true, advanced: true, placeholder: '{"price":12.5}' }),
}

/** Lists of WordPress say where their next page is in a header; beyond the last one is an error. */
const pages: Pages = { items: '', size: { as: 'per_page', most: 100 }, next: { by: 'link' } }
const stored = {
  id: 42,
  date_gmt: '2026-11-30T09:00:00',
  link: 'https://example.com/2026/11/hello/',
  status: 'publish',
  title: { rendered: 'Hello' },
  content: { rendered: '<p>Hello</p>' },
}
const titleOf = (item: Json): string => textAt(item, 'title.rendered')
/** What is new is among the last of these. */
const newest = (kind: string, by: string): `GET ${string}` => `GET /${kind}?orderby=${by}&order=desc`

/** Sites at WordPress.com that were signed in to are below its own address. */
const address = (fields: CredentialFields): string =>
  fields.site
    ? `https://public-api.wordpress.com/wp/v2/sites/${encodeURIComponent(fields.site)}`
    : serverOf(fields, API)

/** The REST API of WordPress (https://developer.wordpress.org/rest-api). */
export const wordpress = defineApp({
  id: 'wordpress',
  title: 'WordPress',
  icon,
  hue,
  address: { ofAccount: address, known: ['https://public-api.wordpress.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'wordpress',
      title: 'WordPress site',
      fields: [
        serverField('https://example.com', { title: 'Site' }),
        { name: 'user', title: 'User', placeholder: 'ada', isSecret: false },
      ],
      secret: {
        title: 'Application password',
        placeholder: 'abcd efgh ijkl mnop',
        help: 'Not the password by which you sign in.',
      },
      help: howTo(
        'An application password in two steps',
        {
          title: 'Open your profile',
          text: 'wp-admin → Users → Profile → Application passwords. The site needs https.',
        },
        { title: 'Add one, and paste it here', text: 'With the name of the user that it belongs to.' },
      ),
      signIn: (password, { user = '' }) => basic(user, password),
      test: whoIs({
        address,
        path: 'users/me?context=edit',
        name: ['name', 'email'],
      }),
    }),
    oauthAccount({
      id: 'wordpress.com',
      title: 'WordPress.com sign-in',
      authorizeUrl: 'https://public-api.wordpress.com/oauth2/authorize',
      tokenUrl: 'https://public-api.wordpress.com/oauth2/token',
      scopes: ['global'],
      isAtFixedAddress: true,
      fields: [
        {
          name: 'site',
          title: 'Site',
          placeholder: 'example.wordpress.com',
          help: 'At WordPress.com, or with Jetpack.',
          isSecret: false,
        },
      ],
      // Its tokens do not end.
      more: { pkce: false },
      help: clientHelp(
        { title: 'WordPress.com applications', url: 'https://developer.wordpress.com/apps' },
        'Nothing is to be chosen: you agree while you sign in.',
      ),
      test: whoIs({ address, path: 'users/me?context=edit', name: ['name', 'email'] }),
    }),
  ],
  lists: {
    posts: listOf({
      request: 'GET /posts?status=publish,draft,pending,private,future',
      pages: { ...pages, next: { by: 'link' } },
      value: 'id',
      label: titleOf,
      search: 'search',
    }),
    authors: listOf({ request: 'GET /users', pages, value: 'id', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-post',
      title: 'New post on WordPress',
      description: 'Starts for each post that is published.',
      keywords: ['blog', 'article', 'published'],
      request: newest('posts', 'date'),
      fields: {},
      pages,
      key: 'id',
      sample: stored,
    }),
    newItemTrigger({
      name: 'updated-post',
      title: 'New or changed post on WordPress',
      description: 'Starts for each post that is published or changed.',
      keywords: ['blog', 'article', 'edited'],
      request: newest('posts', 'modified'),
      fields: {},
      pages,
      key: keyOfParts('id', 'modified_gmt'),
      sample: { ...stored, modified_gmt: '2026-11-30T09:00:00' },
    }),
    newItemTrigger({
      name: 'new-comment',
      title: 'New comment on WordPress',
      description: 'Starts for each comment.',
      keywords: ['blog', 'reply'],
      request: newest('comments', 'date'),
      fields: {},
      pages,
      key: 'id',
      sample: {
        id: 7,
        post: 42,
        author_name: 'Grace',
        content: { rendered: '<p>Nice!</p>' },
        date_gmt: '2026-11-30T09:00:00',
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-post',
      title: 'Create a post on WordPress',
      description: 'Writes a post, as a draft or published at once.',
      keywords: ['blog', 'article', 'publish', 'write'],
      summary: '{title}',
      request: 'POST /posts',
      fields: { ...written, title: text('Title'), status: choice('State', STATES, { initial: 'draft' }) },
      sample: stored,
    }),
    operation({
      name: 'list-posts',
      title: 'Find posts on WordPress',
      description: 'Reads the posts of a site, the newest first.',
      keywords: ['blog', 'get many', 'search'],
      request: 'GET /posts',
      fields: {
        search: text('Search for', { optional: true }),
        status: choice('State', STATES, { optional: true, advanced: true }),
        after: moment('Published after', { form: 'iso', optional: true, advanced: true }),
        changed: moment('Changed after', { form: 'iso', as: 'modified_after', optional: true, advanced: true }),
        slug: text('Name in the address', { optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'update-post',
      title: 'Change a post on WordPress',
      description: 'Changes a post; what is left empty stays.',
      keywords: ['blog', 'edit', 'publish'],
      summary: '{post}',
      request: 'POST /posts/{post}',
      effect: 'idempotent',
      fields: { post, ...written },
      sample: stored,
    }),
    operation({
      name: 'get-post',
      title: 'Get a post from WordPress',
      description: 'Reads one post.',
      keywords: ['blog', 'read'],
      request: 'GET /posts/{post}',
      fields: { post },
      sample: stored,
    }),
    operation({
      name: 'upload-media',
      title: 'Upload a file to WordPress',
      description: 'Adds a file to the media library.',
      keywords: ['image', 'photo', 'attachment'],
      summary: '{file}',
      fields: {
        file: file('File'),
        title: text('Title', { optional: true }),
        alt: text('Text for who cannot see it', { optional: true, advanced: true }),
        caption: text('Caption', { optional: true, advanced: true }),
      },
      sample: {
        id: 43,
        source_url: 'https://example.com/wp-content/uploads/2026/11/photo.jpg',
        mime_type: 'image/jpeg',
      },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const words = { title: input.title, alt_text: input.alt, caption: input.caption }
        const parts = Object.entries(words).flatMap(([name, value]) =>
          value === undefined ? [] : [{ name, value: textOf(value) }],
        )
        return (await http({ method: 'POST', path: 'media', parts: [{ name: 'file', ...read }, ...parts] })).body
      },
    }),
    operation({
      name: 'create-page',
      title: 'Create a page on WordPress',
      description: 'Writes a page, as a draft or published at once.',
      keywords: ['site', 'publish'],
      summary: '{title}',
      request: 'POST /pages',
      fields: {
        title: text('Title'),
        content: longText('Content', { optional: true, help: 'HTML.' }),
        status: choice('State', STATES, { initial: 'draft' }),
        parent: number('Below the page', { min: 1, optional: true, advanced: true, help: 'Its number.' }),
        slug: text('Name in the address', { optional: true, advanced: true }),
      },
      sample: { ...stored, link: 'https://example.com/about/' },
    }),
    operation({
      name: 'create-term',
      title: 'Create a tag or category on WordPress',
      description: 'Adds a tag or a category, for posts to have.',
      keywords: ['label', 'taxonomy'],
      summary: '{name}',
      request: 'POST /{kind}',
      fields: {
        kind: choice('What', { tags: 'A tag', categories: 'A category' }, { at: 'path' }),
        name: text('Name'),
        slug: text('Name in the address', { optional: true, advanced: true }),
      },
      sample: { id: 5, name: 'News', slug: 'news' },
    }),
    operation({
      name: 'delete-post',
      title: 'Delete a post on WordPress',
      description: 'Moves a post to the bin, or deletes it for good.',
      keywords: ['remove', 'trash'],
      request: 'DELETE /posts/{post}',
      fields: { post, force: yesNo('For good', { help: 'Not into the bin.' }) },
      sample: { deleted: true, previous: stored },
    }),
  ],
})
