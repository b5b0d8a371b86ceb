import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, whoIs } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, longText, text, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://oauth.reddit.com'
/** Reddit slows down who does not say what it is (https://github.com/reddit-archive/reddit/wiki/API). */
const AGENT = 'desktop:app.hookline:v0.1 (automations of one person)'

const subreddit = text('Subreddit', {
  placeholder: 'selfhosted',
  from: { list: 'subreddits' },
  send: (value) =>
    textOf(value)
      .trim()
      .replace(/^\/?r\//, ''),
})
const thing = text('Post or comment', {
  placeholder: 't3_1abcde',
  help: 'Its name: t3_… of a post, t1_… of a comment.',
})
const listing: Pages = {
  items: 'data.children',
  each: 'data',
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'data.after', as: 'after' },
}
const stored = {
  name: 't3_1abcde',
  id: '1abcde',
  title: 'How do you back up?',
  selftext: 'I wonder.',
  author: 'ada',
  subreddit: 'selfhosted',
  permalink: '/r/selfhosted/comments/1abcde/how_do_you_back_up/',
  url: 'https://www.reddit.com/r/selfhosted/comments/1abcde/how_do_you_back_up/',
  created_utc: 1_764_000_000,
}

/** What Reddit says no to stands in a 200: `json.errors` is a list of a code, words and a field. */
function refusalIn(body: Json): Refusal | null {
  const errors = valueAt(body, readPath('json.errors')) ?? null
  if (!isJsonList(errors) || errors.length === 0) return null
  const words = errors.map((error) => (isJsonList(error) ? textOf(error[1] ?? error[0] ?? '') : textOf(error)))
  const limited = errors.some((error) => isJsonList(error) && error[0] === 'RATELIMIT')
  return { says: words.join('; '), status: limited ? 429 : 400 }
}

/** Reddit (https://www.reddit.com/dev/api). */
export const reddit = defineApp({
  id: 'reddit',
  title: 'Reddit',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'reddit',
      title: 'Reddit account',
      authorizeUrl: 'https://www.reddit.com/api/v1/authorize',
      tokenUrl: 'https://www.reddit.com/api/v1/access_token',
      scopes: ['identity', 'read', 'history', 'submit', 'edit', 'privatemessages', 'mysubreddits'],
      // The address that Reddit sends a browser back to has to be entered there as a whole.
      isAtFixedAddress: true,
      more: { pkce: false, secretInHeader: true, authorizeParams: { duration: 'permanent' } },
      help: howTo(
        'A client id in three steps',
        {
          title: 'Create an app',
          text: 'Type “web app”.',
          link: { title: 'Apps', url: 'https://www.reddit.com/prefs/apps' },
        },
        { title: 'Enter the redirect address', showsRedirect: true },
        { title: 'Paste id and secret here', text: 'The id stands below “web app”.' },
      ),
      signIn: (token) => ({ headers: { ...bearer()(token).headers, 'user-agent': AGENT } }),
      test: whoIs({ address: ADDRESS, path: 'api/v1/me', name: ['name'] }),
    }),
  ],
  answers: {
    refusal: refusalIn,
    waits: (_body, headers) => {
      const seconds = Number(headers['x-ratelimit-reset'])
      return Number(headers['x-ratelimit-remaining']) < 1 && seconds > 0 ? seconds * 1_000 : undefined
    },
  },
  lists: {
    subreddits: listOf({
      request: 'GET /subreddits/mine/subscriber',
      pages: listing,
      value: 'display_name',
      label: 'display_name',
      hint: 'title',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-post',
      title: 'New post on Reddit',
      description: 'Starts for each post in a subreddit.',
      keywords: ['subreddit', 'thread'],
      request: 'GET /r/{subreddit}/new?raw_json=1',
      fields: { subreddit },
      pages: listing,
      key: 'name',
      sample: stored,
    }),
    newItemTrigger({
      name: 'new-comment',
      title: 'New comment on Reddit',
      description: 'Starts for each comment in a subreddit.',
      keywords: ['subreddit', 'reply'],
      request: 'GET /r/{subreddit}/comments?raw_json=1',
      fields: { subreddit },
      pages: listing,
      key: 'name',
      sample: {
        name: 't1_abc',
        body: 'Every night.',
        author: 'grace',
        link_id: 't3_1abcde',
        created_utc: 1_764_000_000,
      },
    }),
  ],
  actions: [
    operation({
      name: 'submit',
      title: 'Post on Reddit',
      description: 'Publishes a text or a link in a subreddit.',
      keywords: ['publish', 'thread', 'submit', 'social'],
      summary: '{title}',
      request: 'POST /api/submit',
      bodyType: 'form',
      fields: {
        subreddit: { ...subreddit, as: 'sr' },
        title: text('Title', { most: 300 }),
        text: longText('Text', { optional: true, most: 40_000, help: 'Markdown.' }),
        link: text('Link', {
          as: 'url',
          optional: true,
          placeholder: 'https://example.com',
          help: 'In place of a text.',
        }),
        flair: text('Flair', { as: 'flair_id', optional: true, advanced: true, help: 'Its id.' }),
        again: yesNo('Also when the link was posted before', { as: 'resubmit', advanced: true }),
        nsfw: yesNo('Not for children', { advanced: true }),
        quiet: yesNo('Without messages about answers', {
          as: 'sendreplies',
          advanced: true,
          send: (value) => (value === true ? false : undefined),
        }),
      },
      body: (body, { link }) => ({ ...Object(body), api_type: 'json', kind: link === undefined ? 'self' : 'link' }),
      result: 'json.data',
      sample: { id: '1abcde', name: 't3_1abcde', url: stored.url },
    }),
    operation({
      name: 'comment',
      title: 'Comment on Reddit',
      description: 'Answers a post or a comment.',
      keywords: ['reply', 'answer'],
      summary: '{text}',
      request: 'POST /api/comment',
      bodyType: 'form',
      fields: { thing: { ...thing, as: 'thing_id' }, text: longText('Text', { most: 10_000, help: 'Markdown.' }) },
      body: { api_type: 'json' },
      result: 'json.data.things[0].data',
      sample: { name: 't1_abc', body: 'Every night.' },
    }),
    operation({
      name: 'search',
      title: 'Search a subreddit',
      description: 'Finds posts in a subreddit.',
      keywords: ['find', 'reddit'],
      request: 'GET /r/{subreddit}/search?restrict_sr=true&raw_json=1',
      fields: {
        subreddit,
        query: text('Search for', { as: 'q' }),
        sort: choice('Order', {
          relevance: 'The most relevant first',
          new: 'Newest first',
          top: 'Best first',
          comments: 'Most comments first',
        }),
        time: choice(
          'Of the last',
          { all: 'Years', hour: 'Hour', day: 'Day', week: 'Week', month: 'Month', year: 'Year' },
          { as: 't', advanced: true },
        ),
      },
      pages: listing,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'new-posts',
      title: 'Read a subreddit',
      description: 'Reads the posts of a subreddit.',
      keywords: ['get many', 'reddit', 'threads'],
      request: 'GET /r/{subreddit}/{sort}?raw_json=1',
      fields: {
        subreddit,
        sort: choice(
          'Order',
          { new: 'Newest first', hot: 'What is talked about', top: 'Best first', rising: 'Rising' },
          { at: 'path' },
        ),
      },
      pages: listing,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'comments',
      title: 'Read the comments of a post on Reddit',
      description: 'Reads a post with its comments.',
      keywords: ['replies', 'thread'],
      effect: 'none',
      fields: {
        subreddit,
        post: text('Post', { placeholder: '1abcde', help: 'Its id, with or without t3_.' }),
      },
      sample: { post: stored, items: [{ name: 't1_abc', body: 'Every night.', author: 'grace' }], count: 1 },
      async run({ http, input }) {
        const post = { ...thing, send: (value: Json) => textOf(value).replace(/^t3_/, '') }
        const request = requestOf(
          { request: 'GET /r/{subreddit}/comments/{post}?raw_json=1&limit=500', fields: { subreddit, post } },
          input,
        )
        // Two lists: one of the post alone, one of its comments.
        const found = (await http(request)).body
        const items = childrenOf(valueAt(found, readPath('[1]')) ?? null)
        return { post: childrenOf(valueAt(found, readPath('[0]')) ?? null)[0] ?? null, items, count: items.length }
      },
    }),
    operation({
      name: 'inbox',
      title: 'Read the unread messages on Reddit',
      description: 'Reads what came in and was not read yet.',
      keywords: ['messages', 'inbox', 'mail'],
      request: 'GET /message/unread?raw_json=1',
      pages: listing,
      sample: { items: [{ name: 't4_abc', subject: 'Hello', body: 'Hi!', author: 'grace' }], count: 1, hasMore: false },
    }),
    operation({
      name: 'delete',
      title: 'Delete on Reddit',
      description: 'Deletes a post or a comment of the account.',
      keywords: ['remove'],
      request: 'POST /api/del',
      effect: 'idempotent',
      bodyType: 'form',
      fields: { thing: { ...thing, as: 'id' } },
      sample: {},
    }),
  ],
})

/** What a listing holds. */
function childrenOf(list: Json): Json[] {
  const children = valueAt(list, readPath('data.children')) ?? null
  return isJsonList(children)
    ? children.flatMap((child) => (isJsonObject(child) && isJsonObject(child.data ?? null) ? [child.data ?? null] : []))
    : []
}
