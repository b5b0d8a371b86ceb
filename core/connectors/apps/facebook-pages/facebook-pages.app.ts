import { StepError } from '../../../domain/runs/step-error.ts'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { file, longText, moment, text } from '../../service/fields.ts'
import { handTrigger, keyOfSigned } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, objectAt, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://graph.facebook.com/v24.0'
const FIELDS = 'id,message,created_time,permalink_url'

const page = text('Page', {
  optional: true,
  placeholder: '1234567890',
  help: 'Its number; that of the token when empty.',
})
const post = text('Post', { placeholder: '1234567890_987654321', help: 'Its id.' })
/** Lists name their next page by an address with the token in it; a word does as well. */
const pages: Pages = {
  items: 'data',
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'paging.cursors.after', as: 'after' },
}
const stored = {
  id: '1234567890_987654321',
  message: 'We are open.',
  created_time: '2026-11-30T09:00:00+0000',
  permalink_url: 'https://www.facebook.com/1234567890/posts/987654321',
}
const comment = { id: '987654321_1', message: 'Nice!', from: { name: 'Ada' }, created_time: '2026-11-30T09:00:00+0000' }
const pageOf = (given: Json | undefined): string => (given === undefined ? 'me' : pathPart('page', given))

/** Numbers of Meta's errors that mean another status (https://developers.facebook.com/docs/graph-api/guides/error-handling). */
const STATUS: Readonly<Record<number, number>> = {
  190: 401,
  102: 401,
  10: 403,
  200: 403,
  4: 429,
  17: 429,
  32: 429,
  613: 429,
  1: 500,
  2: 503,
}

/** Pages of Facebook (https://developers.facebook.com/docs/pages-api). */
export const facebookPages = defineApp({
  id: 'facebook-pages',
  title: 'Facebook Pages',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'facebook-pages',
      title: 'Facebook page',
      secret: { title: 'Page access token', placeholder: 'EAAG…', help: 'That of the page, not that of the person.' },
      help: howTo(
        'A token in four steps',
        {
          title: 'Create an app',
          text: 'Of the type “Business”.',
          link: { title: 'Meta for developers', url: 'https://developers.facebook.com/apps' },
        },
        {
          title: 'Get a token of your own',
          text: 'With pages_show_list, pages_read_engagement, pages_manage_posts and pages_manage_engagement; extend it in the token debugger.',
          link: { title: 'Graph API explorer', url: 'https://developers.facebook.com/tools/explorer' },
        },
        {
          title: 'Ask for the pages',
          text: 'In the explorer: me/accounts. Each page has its access_token; of an extended token it does not end.',
        },
        { title: 'Paste that of the page here' },
      ),
      signIn: bearer(),
      test: whoIs({ address: ADDRESS, path: 'me?fields=id,name', name: ['name', 'id'] }),
    }),
    oauthAccount({
      id: 'facebook-pages.oauth',
      title: 'Facebook sign-in',
      authorizeUrl: 'https://www.facebook.com/v24.0/dialog/oauth',
      tokenUrl: `${ADDRESS}/oauth/access_token`,
      scopes: [
        'pages_show_list',
        'pages_read_engagement',
        'pages_read_user_content',
        'pages_manage_posts',
        'pages_manage_engagement',
        'pages_manage_metadata',
      ],
      isAtFixedAddress: true,
      fields: [
        {
          name: 'page',
          title: 'Page',
          help: 'Its name or id, where you have several.',
          isSecret: false,
          isOptional: true,
        },
      ],
      more: {
        pkce: false,
        scopeSeparator: ',',
        // A page has a token of its own, which does not end where that of the person lasts.
        async afterSignIn({ accessToken, fields: { clientId = '', clientSecret = '', page = '' }, get }) {
          const query = new URLSearchParams({
            grant_type: 'fb_exchange_token',
            client_id: clientId,
            client_secret: clientSecret,
            fb_exchange_token: accessToken,
          })
          const lasting = textAt(await get(`${ADDRESS}/oauth/access_token?${query}`), 'access_token')
          const told = new URLSearchParams({ fields: 'id,name,access_token', limit: '100', access_token: lasting })
          const pages = itemsAt(await get(`${ADDRESS}/me/accounts?${told}`), 'data')
          const wanted = page.trim()
          const found = pages.find((one) => [textAt(one, 'id'), textAt(one, 'name')].includes(wanted))
          const chosen = found ?? (wanted === '' ? pages[0] : undefined)
          if (chosen === undefined) {
            const message = `The account has no page "${wanted}": it has ${pages.map((one) => textAt(one, 'name')).join(', ') || 'none'}.`
            throw new StepError({ code: 'sign-in', message, retryable: false })
          }
          return { accessToken: textAt(chosen, 'access_token'), expiresAt: '', page: textAt(chosen, 'id') }
        },
      },
      help: clientHelp(
        { title: 'Meta for developers', url: 'https://developers.facebook.com/apps' },
        'As an app of the type “Business” with “Facebook Login for Business”.',
      ),
      test: whoIs({ address: ADDRESS, path: 'me?fields=id,name', name: ['name', 'id'] }),
    }),
  ],
  answers: {
    says: ['error.error_user_msg', 'error.message'],
    means(status, body) {
      if (valueAt(body, readPath('error.is_transient')) === true) return 503
      return STATUS[Number(valueAt(body, readPath('error.code')) ?? -1)] ?? status
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-post',
      title: 'New post on a Facebook page',
      description: 'Starts for each post of a page.',
      keywords: ['social', 'publish'],
      fields: { page },
      key: 'id',
      sample: stored,
      async list({ http, input }) {
        const found =
          valueAt(
            (await http({ path: `${pageOf(input.page)}/posts`, query: { fields: FIELDS, limit: 50 } })).body,
            readPath('data'),
          ) ?? null
        return Array.isArray(found) ? found : []
      },
    }),
    handTrigger({
      name: 'page-webhook',
      title: 'Facebook tells of a page',
      description: 'Starts at once when something is posted or commented on at a page that your app is subscribed to.',
      keywords: ['webhook', 'comment', 'post', 'feed'],
      where: 'in the settings of your app at Meta under Webhooks → Page, with any verify token',
      verify: { scheme: 'meta' },
      secret: 'The app secret: App settings → Basic.',
      handshake: ({ method, query }) =>
        method === 'GET' && query['hub.mode'] === 'subscribe'
          ? { status: 200, headers: { 'content-type': 'text/plain' }, body: textOf(query['hub.challenge'] ?? '') }
          : null,
      events: ({ body }) =>
        itemsAt(body, 'entry').flatMap((entry) =>
          itemsAt(entry, 'changes').map((change) => {
            const data = { page: textAt(entry, 'id'), time: objectAt(entry, '').time ?? null, ...objectAt(change, '') }
            return { key: keyOfSigned(data), data }
          }),
        ),
      sample: {
        page: '101',
        time: 1_796_029_200,
        field: 'feed',
        value: { item: 'comment', verb: 'add', message: 'Nice!', post_id: '101_1' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'post',
      title: 'Post on a Facebook page',
      description: 'Publishes a text or a link on a page, at once or later.',
      keywords: ['social', 'publish', 'share'],
      summary: '{text}',
      fields: {
        page,
        text: longText('Text', { optional: true }),
        link: text('Link', { optional: true, placeholder: 'https://example.com' }),
        when: moment('At', {
          form: 's',
          optional: true,
          advanced: true,
          help: 'From ten minutes to thirty days ahead.',
        }),
      },
      sample: { id: stored.id },
      async run({ http, input }) {
        const when = input.when === undefined ? undefined : moment('At', { form: 's' }).send?.(input.when)
        const body = {
          ...(input.text !== undefined && { message: input.text }),
          ...(input.link !== undefined && { link: input.link }),
          ...(when !== undefined && { published: false, scheduled_publish_time: when }),
        }
        return (await http({ method: 'POST', path: `${pageOf(input.page)}/feed`, body })).body
      },
    }),
    operation({
      name: 'photo',
      title: 'Post a photo on a Facebook page',
      description: 'Publishes a photo on a page: a file of an earlier step, or one at an address.',
      keywords: ['social', 'publish', 'image', 'picture'],
      fields: {
        page,
        photo: file('Photo', { help: 'A file of an earlier step, a path, or an https address.' }),
        text: longText('Text', { optional: true }),
      },
      sample: { id: '987654321', post_id: stored.id },
      async run({ http, files, input }) {
        const path = `${pageOf(input.page)}/photos`
        const given = input.photo ?? ''
        if (typeof given === 'string' && /^https?:\/\//i.test(given)) {
          return (
            await http({
              method: 'POST',
              path,
              body: { url: given, ...(input.text !== undefined && { caption: input.text }) },
            })
          ).body
        }
        const read = await files.read(given, 'photo')
        const words = input.text === undefined ? [] : [{ name: 'caption', value: textOf(input.text) }]
        return (await http({ method: 'POST', path, parts: [...words, { name: 'source', ...read }] })).body
      },
    }),
    operation({
      name: 'list-posts',
      title: 'List the posts of a Facebook page',
      description: 'Reads the posts of a page, the newest first.',
      keywords: ['social', 'get many'],
      request: `GET /{page}/posts?fields=${FIELDS}`,
      fields: {
        page: text('Page', { placeholder: 'me', help: 'Its number, or “me” for that of the token.' }),
        since: moment('Since', { form: 's', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'comments',
      title: 'List comments on a Facebook page',
      description: 'Reads the comments on a post, the newest first.',
      keywords: ['social', 'replies', 'get many'],
      request: 'GET /{post}/comments?fields=id,message,from,created_time&order=reverse_chronological',
      fields: { post },
      pages,
      sample: { items: [comment], count: 1, hasMore: false },
    }),
    operation({
      name: 'reply-comment',
      title: 'Answer a comment on a Facebook page',
      description: 'Writes an answer to a comment, or a comment on a post.',
      keywords: ['social', 'reply'],
      summary: '{text}',
      request: 'POST /{object}/comments',
      fields: {
        object: text('Comment or post', { placeholder: '987654321_1', help: 'Its id.' }),
        text: longText('Text', { as: 'message', most: 8_000 }),
      },
      sample: { id: '987654321_2' },
    }),
    operation({
      name: 'delete',
      title: 'Delete on a Facebook page',
      description: 'Deletes a post or a comment.',
      keywords: ['social', 'remove'],
      request: 'DELETE /{object}',
      fields: { object: text('Post or comment', { help: 'Its id.' }) },
      sample: { success: true },
    }),
  ],
})
