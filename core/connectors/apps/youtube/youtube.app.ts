import { z } from 'zod'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GOOGLE_ACCOUNTS, googleAnswers, objectOf } from '../../providers/google.ts'
import { howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, number, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const READ = ['https://www.googleapis.com/auth/youtube.readonly']
const MANAGE = ['https://www.googleapis.com/auth/youtube.force-ssl']
const UPLOAD = ['https://www.googleapis.com/auth/youtube.upload', ...READ]

const video = text('Video', { placeholder: 'dQw4w9WgXcQ', help: 'Its id, or its address.', send: videoOf })
const channel = text('Channel', { placeholder: 'UC…', help: 'Its id, or its @name.' })
const playlist = text('Playlist', { placeholder: 'PL…', from: { list: 'playlists' } })

/** The id in an address of a video. */
function videoOf(value: Json): Json {
  return /(?:[?&]v=|youtu\.be\/|\/shorts\/|\/live\/|\/embed\/)([\w-]{6,20})/.exec(textOf(value))?.[1] ?? value
}

const pages: Pages = {
  items: 'items',
  size: { as: 'maxResults', most: 50 },
  next: { by: 'cursor', at: 'nextPageToken', as: 'pageToken' },
}
const snippet = {
  title: 'How engines compute',
  description: 'A lecture.',
  publishedAt: '2026-11-30T09:00:00Z',
  channelId: 'UC0123456789',
  channelTitle: 'Ada',
}
const stored = { id: 'dQw4w9WgXcQ', snippet, statistics: { viewCount: '1815', likeCount: '42', commentCount: '3' } }

/** The list of all that a channel uploaded; a channel may be named by its `@name`. */
const uploadsSchema = z.object({
  items: z
    .array(z.object({ contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string() }) }) }))
    .default([]),
})

/** Which channel is meant: that of the account, an id or a @name. */
const channelQuery = (named: Json | undefined): Readonly<Record<string, string>> => {
  const word = textOf(named ?? '').trim()
  return word === '' ? { mine: 'true' } : word.startsWith('UC') ? { id: word } : { forHandle: word }
}

/** YouTube's Data API (https://developers.google.com/youtube/v3/docs). */
export const youtube = defineApp({
  id: 'youtube',
  title: 'YouTube',
  icon,
  hue,
  address: 'https://youtube.googleapis.com',
  account: 'needed',
  takesKey: false,
  alsoTakes: [GOOGLE_ACCOUNTS[0]],
  answers: googleAnswers,
  credentials: [
    tokenAccount({
      id: 'youtube.key',
      title: 'YouTube key',
      secret: {
        title: 'API key',
        placeholder: 'AIza…',
        help: 'Reads what everybody may see; to upload or change something sign in with Google.',
      },
      help: howTo(
        'A key in two steps',
        {
          title: 'Switch on the YouTube Data API',
          link: { title: 'API library', url: 'https://console.cloud.google.com/apis/library/youtube.googleapis.com' },
        },
        {
          title: 'Create an API key',
          text: 'Credentials → Create credentials → API key.',
          link: { title: 'Credentials', url: 'https://console.cloud.google.com/apis/credentials' },
        },
      ),
      signIn: (key) => ({ query: { key } }),
      test: whoIs({
        address: 'https://youtube.googleapis.com',
        path: 'youtube/v3/videos?part=id&id=dQw4w9WgXcQ',
        name: ['items[0].kind'],
      }),
    }),
  ],
  lists: {
    playlists: listOf({
      request: 'GET /youtube/v3/playlists?part=snippet&mine=true',
      pages,
      value: 'id',
      label: 'snippet.title',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-video',
      title: 'New video on YouTube',
      description: 'Starts for each video that a channel uploads.',
      keywords: ['upload', 'channel', 'subscription'],
      every: '15m',
      scopes: READ,
      fields: {
        channel: {
          ...channel,
          schema: channel.schema.meta({
            title: 'Channel',
            description: 'Its id, or its @name.',
            ui: { widget: 'template', placeholder: '@veritasium' },
          }),
        },
      },
      key: (item) => textAt(item, 'contentDetails.videoId'),
      sample: {
        id: 'UExx',
        contentDetails: { videoId: 'dQw4w9WgXcQ', videoPublishedAt: '2026-11-30T09:00:00Z' },
        snippet,
      },
      async list({ http, input }) {
        const asked = { part: 'contentDetails', ...channelQuery(input.channel) }
        const found = (await http({ path: 'youtube/v3/channels', query: asked })).as(uploadsSchema).items[0]
        if (found === undefined) return []
        const query = { part: 'snippet,contentDetails', playlistId: found.contentDetails.relatedPlaylists.uploads }
        return (await readPages(http, { path: 'youtube/v3/playlistItems', query }, pages, 50)).items
      },
    }),
  ],
  actions: [
    operation({
      name: 'get-videos',
      title: 'Get a video from YouTube',
      description: 'Reads the title, the description and the numbers of a video, or of several.',
      keywords: ['statistics', 'views', 'read'],
      scopes: READ,
      request: 'GET /youtube/v3/videos?part=snippet,statistics,contentDetails,status',
      fields: {
        videos: texts('Videos', {
          as: 'id',
          most: 50,
          placeholder: 'dQw4w9WgXcQ',
          help: 'Ids or addresses, one a line.',
          send: (value) => (Array.isArray(value) ? value.map((one) => textOf(videoOf(one))).join(',') : videoOf(value)),
        }),
      },
      result: 'items',
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'search',
      title: 'Search YouTube',
      description:
        'Finds videos, channels or playlists. A search takes a hundredth of what an account may ask in a day.',
      keywords: ['find', 'video'],
      scopes: READ,
      request: 'GET /youtube/v3/search?part=snippet',
      fields: {
        query: text('Search for', { as: 'q' }),
        kind: choice('Of the kind', { video: 'Videos', channel: 'Channels', playlist: 'Playlists' }, { as: 'type' }),
        order: choice('Sorted by', { relevance: 'Relevance', date: 'Date', viewCount: 'Views', rating: 'Rating' }),
        channel: text('In the channel', { as: 'channelId', optional: true, advanced: true, placeholder: 'UC…' }),
        after: moment('Published after', { form: 'iso', as: 'publishedAfter', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [{ id: { kind: 'youtube#video', videoId: 'dQw4w9WgXcQ' }, snippet }], count: 1, hasMore: false },
    }),
    operation({
      name: 'upload-video',
      title: 'Upload a video to YouTube',
      description: 'Uploads a video to the channel of the account.',
      keywords: ['publish', 'post', 'file'],
      summary: '{title}',
      scopes: UPLOAD,
      timeoutMs: 1_800_000,
      fields: {
        file: file('Video'),
        title: text('Title', { most: 100 }),
        description: longText('Description', { optional: true, most: 5_000 }),
        privacy: choice('Seen by', { private: 'You alone', unlisted: 'Who has the address', public: 'Everybody' }),
        tags: texts('Tags', { optional: true, advanced: true }),
        category: text('Category', {
          optional: true,
          advanced: true,
          placeholder: '22',
          help: 'Its number; 22 is People & Blogs.',
        }),
        publishAt: moment('Published at', {
          form: 'iso',
          optional: true,
          advanced: true,
          help: 'The video is private until then.',
        }),
        forKids: yesNo('Made for children', { advanced: true }),
        quiet: yesNo('Without telling subscribers', { advanced: true }),
      },
      sample: { ...stored, status: { uploadStatus: 'uploaded', privacyStatus: 'private' } },
      async run({ http, files, input }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        const type = contentType.startsWith('video/') ? contentType : 'application/octet-stream'
        const { title, description, tags, category, privacy, publishAt, forKids, quiet } = input
        const publishes =
          publishAt === undefined ? undefined : moment('Published at', { form: 'iso' }).send?.(publishAt)
        const metadata = {
          snippet: {
            title: title ?? filename,
            ...(description !== undefined && { description }),
            ...(tags !== undefined && { tags }),
            ...(category !== undefined && { categoryId: textOf(category) }),
          },
          status: {
            privacyStatus: publishes === undefined ? (privacy ?? 'private') : 'private',
            ...(publishes !== undefined && { publishAt: publishes }),
            selfDeclaredMadeForKids: forKids === true,
          },
        }
        const begun = await http({
          method: 'POST',
          path: 'upload/youtube/v3/videos',
          query: {
            uploadType: 'resumable',
            part: 'snippet,status',
            ...(quiet === true && { notifySubscribers: 'false' }),
          },
          headers: { 'x-upload-content-type': type, 'x-upload-content-length': String(content.length) },
          body: metadata,
        })
        const place = begun.headers.location
        return (
          await http({
            method: 'PUT',
            path: typeof place === 'string' ? place : '',
            bytes: { content, contentType: type },
          })
        ).body
      },
    }),
    operation({
      name: 'update-video',
      title: 'Change a video on YouTube',
      description: 'Changes title, description, tags or category of a video; what is left empty stays.',
      keywords: ['edit', 'title', 'description'],
      scopes: MANAGE,
      effect: 'idempotent',
      fields: {
        video,
        title: text('Title', { optional: true, most: 100 }),
        description: longText('Description', { optional: true, most: 5_000 }),
        tags: texts('Tags', { optional: true, advanced: true }),
        category: text('Category', { optional: true, advanced: true, placeholder: '22' }),
      },
      sample: stored,
      // YouTube puts the whole part in the place of what was there.
      async run({ http, input }) {
        const id = textOf(videoOf(input.video ?? ''))
        const path = 'youtube/v3/videos'
        const before = (await http({ path, query: { part: 'snippet', id } })).body
        const kept = objectOf(valueAt(before, readPath('items[0].snippet')))
        const {
          title = kept.title ?? '',
          description = kept.description ?? '',
          tags = kept.tags,
          category = kept.categoryId ?? '22',
        } = input
        const body = {
          id,
          snippet: { ...kept, title, description, categoryId: textOf(category), ...(tags !== undefined && { tags }) },
        }
        return (await http({ method: 'PUT', path, query: { part: 'snippet' }, body })).body
      },
    }),
    operation({
      name: 'playlist-items',
      title: 'List a playlist of YouTube',
      description: 'Reads the videos of a playlist.',
      keywords: ['get many', 'videos'],
      scopes: READ,
      request: 'GET /youtube/v3/playlistItems?part=snippet,contentDetails',
      fields: { playlist: { ...playlist, as: 'playlistId' } },
      pages,
      sample: {
        items: [{ id: 'UExx', contentDetails: { videoId: 'dQw4w9WgXcQ' }, snippet }],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'add-to-playlist',
      title: 'Add a video to a playlist of YouTube',
      description: 'Adds a video to a playlist of the account.',
      scopes: MANAGE,
      request: 'POST /youtube/v3/playlistItems?part=snippet',
      fields: {
        playlist: { ...playlist, as: 'snippet.playlistId' },
        video: { ...video, as: 'snippet.resourceId.videoId' },
        position: number('At the place', {
          as: 'snippet.position',
          min: 0,
          optional: true,
          advanced: true,
          help: 'The first one is 0; at the end when empty.',
        }),
      },
      body: (body) => {
        const own = objectOf(objectOf(body).snippet)
        return { snippet: { ...own, resourceId: { kind: 'youtube#video', ...objectOf(own.resourceId) } } }
      },
      sample: { id: 'UExx', snippet },
    }),
    operation({
      name: 'comments',
      title: 'List comments on YouTube',
      description: 'Reads the comments on a video, with their answers.',
      keywords: ['get many', 'replies'],
      scopes: MANAGE,
      request: 'GET /youtube/v3/commentThreads?part=snippet,replies',
      fields: {
        video: { ...video, as: 'videoId' },
        order: choice('Order', { time: 'Newest first', relevance: 'The most relevant first' }),
      },
      pages: { ...pages, size: { as: 'maxResults', most: 100 } },
      sample: {
        items: [
          {
            id: 'Ugxx',
            snippet: { topLevelComment: { snippet: { textDisplay: 'Great!', authorDisplayName: '@grace' } } },
          },
        ],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'my-channel',
      title: 'Get a channel of YouTube',
      description: 'Reads a channel with its numbers: that of the account, or another one.',
      keywords: ['subscribers', 'statistics'],
      scopes: READ,
      effect: 'none',
      fields: {
        channel: text('Channel', {
          optional: true,
          placeholder: '@veritasium',
          help: 'Its id or its @name; that of the account when empty.',
        }),
      },
      sample: {
        items: [{ id: 'UC0123456789', snippet: { title: 'Ada' }, statistics: { subscriberCount: '1815' } }],
        count: 1,
      },
      async run({ http, input }) {
        const query = { part: 'snippet,statistics,contentDetails', ...channelQuery(input.channel) }
        return valueAt((await http({ path: 'youtube/v3/channels', query })).body, readPath('items')) ?? []
      },
    }),
  ],
})
