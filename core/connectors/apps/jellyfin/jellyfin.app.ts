import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, number, text, texts } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { joined } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const address = serverAt()
const user = text('User', { as: 'userId', placeholder: '2b4ed6b4e9c14f6a8a3c', from: { list: 'users' } })
const session = text('Device', {
  placeholder: '{{ session.Id }}',
  help: 'A session; it is running now.',
  from: { list: 'sessions' },
})
const pages: Pages = { items: 'Items', size: { as: 'limit', most: 200 }, next: { by: 'offset', as: 'startIndex' } }
const stored = {
  Id: 'f27caa37e5142225cceded48f6553502',
  Name: 'The Analytical Engine',
  Type: 'Movie',
  DateCreated: '2026-11-30T09:00:00.0000000Z',
}
const keywords = ['media', 'movie', 'music', 'series', 'self-hosted']

/** Jellyfin (https://api.jellyfin.org). */
export const jellyfin = defineApp({
  id: 'jellyfin',
  title: 'Jellyfin',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'jellyfin',
      title: 'Jellyfin key',
      fields: [serverField('http://192.168.1.5:8096')],
      secret: { title: 'API key' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', text: 'Dashboard → API keys.' },
        { title: 'Paste it here', text: 'With the address of Jellyfin.' },
      ),
      signIn: (token) => ({ headers: { authorization: `MediaBrowser Token="${token.replaceAll('"', '')}"` } }),
      test: whoIs({ address, path: 'System/Info', name: ['ServerName'] }),
    }),
  ],
  answers: { says: ['title'] },
  lists: {
    users: listOf({ request: 'GET /Users', pages: { items: '' }, value: 'Id', label: 'Name' }),
    sessions: listOf({
      request: 'GET /Sessions',
      pages: { items: '' },
      value: 'Id',
      label: 'DeviceName',
      hint: 'UserName',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'item-added',
      title: 'New in Jellyfin',
      description: 'Starts for each film, episode or album that comes into the libraries.',
      keywords: [...keywords, 'added'],
      fields: {
        types: texts('What', {
          as: 'includeItemTypes',
          optional: true,
          placeholder: 'Movie',
          help: 'Movie, Episode, MusicAlbum …; all when empty.',
          send: joined,
        }),
      },
      request: 'GET /Items?recursive=true&sortBy=DateCreated&sortOrder=Descending&fields=DateCreated,Overview',
      pages,
      most: 50,
      key: 'Id',
      sample: stored,
    }),
    newItemTrigger({
      name: 'activity',
      title: 'Activity in Jellyfin',
      description: 'Starts for each line of the activity log: who signs in, plays, or fails to.',
      keywords: [...keywords, 'log', 'play', 'login'],
      request: 'GET /System/ActivityLog/Entries',
      pages,
      most: 100,
      key: 'Id',
      sample: {
        Id: 4_242,
        Name: 'Ada is playing The Analytical Engine',
        Type: 'VideoPlayback',
        Date: '2026-11-30T09:00:00Z',
      },
    }),
    handTrigger({
      name: 'webhook-plugin',
      title: 'Jellyfin tells',
      description: 'Starts at once when something is added, played or stopped.',
      keywords: [...keywords, 'webhook', 'play'],
      where: 'in the plugin “Webhook” of Jellyfin, as a generic destination that sends all properties',
      ...OWN_HEADER,
      events: ({ body }) => [{ key: null, data: body }],
      sample: { NotificationType: 'ItemAdded', Name: 'The Analytical Engine', ItemType: 'Movie', ItemId: stored.Id },
    }),
  ],
  actions: [
    operation({
      name: 'list-items',
      title: 'Find in Jellyfin',
      description: 'Reads what is in the libraries, all or what fits.',
      keywords: [...keywords, 'search', 'get many'],
      request: 'GET /Items?recursive=true',
      fields: {
        search: text('With the words', { as: 'searchTerm', optional: true }),
        types: texts('What', { as: 'includeItemTypes', optional: true, placeholder: 'Movie', send: joined }),
        order: choice(
          'Order',
          {
            SortName: 'By name',
            DateCreated: 'When they came',
            PremiereDate: 'When they came out',
            Random: 'By chance',
          },
          { as: 'sortBy' },
        ),
        direction: choice(
          'First',
          { Ascending: 'The first', Descending: 'The last' },
          { as: 'sortOrder', advanced: true },
        ),
        user: { ...user, schema: text('User', { optional: true, advanced: true, from: { list: 'users' } }).schema },
        more: texts('More of each', {
          as: 'fields',
          optional: true,
          advanced: true,
          placeholder: 'Overview',
          send: joined,
        }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'latest-items',
      title: 'The latest in Jellyfin',
      description: 'Reads what came last, as a user sees it.',
      keywords: [...keywords, 'new', 'get many'],
      request: 'GET /Items/Latest',
      fields: { user, most: number('At most', { as: 'limit', min: 1, max: 200, optional: true, advanced: true }) },
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'search-hints',
      title: 'Search Jellyfin',
      description: 'Finds films, people and music by a few letters.',
      keywords: [...keywords, 'find'],
      request: 'GET /Search/Hints',
      fields: {
        search: text('Search for', { as: 'searchTerm' }),
        most: number('At most', { as: 'limit', min: 1, max: 200, optional: true, advanced: true }),
      },
      result: 'SearchHints',
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'refresh-library',
      title: 'Scan the libraries of Jellyfin',
      description: 'Makes Jellyfin look for what is new on its disks.',
      keywords: [...keywords, 'refresh', 'update'],
      request: 'POST /Library/Refresh',
      effect: 'idempotent',
      sample: {},
    }),
    operation({
      name: 'list-sessions',
      title: 'Who is at Jellyfin',
      description: 'Reads which devices are there, and what they play.',
      keywords: [...keywords, 'sessions', 'playing', 'get many'],
      request: 'GET /Sessions',
      sample: { items: [{ Id: 'b5f1', UserName: 'Ada', DeviceName: 'Living room', NowPlayingItem: stored }], count: 1 },
    }),
    operation({
      name: 'send-message',
      title: 'Show a message in Jellyfin',
      description: 'Shows a message on a device.',
      keywords: [...keywords, 'notification', 'tv'],
      summary: '{text}',
      request: 'POST /Sessions/{session}/Message',
      fields: {
        session,
        text: longText('Text', { as: 'Text', most: 10_000 }),
        title: text('Title', { as: 'Header', optional: true }),
        ms: number('Milliseconds', { as: 'TimeoutMs', min: 1, optional: true, advanced: true }),
      },
      sample: {},
    }),
    operation({
      name: 'playstate',
      title: 'Control playing in Jellyfin',
      description: 'Pauses, goes on, stops or skips on a device.',
      keywords: [...keywords, 'pause', 'stop', 'next'],
      summary: '{command}',
      request: 'POST /Sessions/{session}/Playing/{command}',
      fields: {
        session,
        command: choice(
          'Do',
          {
            PlayPause: 'Pause, or go on',
            Pause: 'Pause',
            Unpause: 'Go on',
            Stop: 'Stop',
            NextTrack: 'The next',
            PreviousTrack: 'The one before',
          },
          { at: 'path' },
        ),
      },
      sample: {},
    }),
  ],
})
