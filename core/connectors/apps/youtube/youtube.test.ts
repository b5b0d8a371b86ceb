import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { youtube } from './youtube.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const answers = (): Json => ({ items: [{ id: 'V', snippet: { title: 'old', description: 'd', categoryId: '22' } }] })

/** As Google’s own library sends them; several parts go with commas between them, as its documentation has it. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'get-videos',
    { videos: 'https://youtu.be/dQw4w9WgXcQ\nhttps://www.youtube.com/watch?v=abcdefghijk&t=1' },
    ['GET /youtube/v3/videos?id=dQw4w9WgXcQ,abcdefghijk&part=snippet,statistics,contentDetails,status'],
  ],
  [
    'search',
    { query: 'x', channel: 'C', order: 'date', after: '2026-01-01T00:00:00Z', limit: 5 },
    [
      'GET /youtube/v3/search?channelId=C&maxResults=5&order=date&part=snippet&publishedAfter=2026-01-01T00:00:00.000Z&q=x&type=video',
    ],
  ],
  [
    'playlist-items',
    { playlist: 'UU', limit: 50 },
    ['GET /youtube/v3/playlistItems?maxResults=50&part=snippet,contentDetails&playlistId=UU'],
  ],
  [
    'add-to-playlist',
    { playlist: 'P', video: 'V' },
    [
      'POST /youtube/v3/playlistItems?part=snippet',
      { snippet: { playlistId: 'P', resourceId: { kind: 'youtube#video', videoId: 'V' } } },
    ],
  ],
  [
    'comments',
    { video: 'V', limit: 5 },
    ['GET /youtube/v3/commentThreads?maxResults=5&order=time&part=snippet,replies&videoId=V'],
  ],
  [
    'my-channel',
    { channel: '@ada' },
    ['GET /youtube/v3/channels?forHandle=@ada&part=snippet,statistics,contentDetails'],
  ],
  [
    'update-video',
    { video: 'V', title: 't' },
    ['GET /youtube/v3/videos?id=V&part=snippet'],
    ['PUT /youtube/v3/videos?part=snippet', { id: 'V', snippet: { title: 't', description: 'd', categoryId: '22' } }],
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(youtube, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
})

it('what a channel uploads is a list of its own', async () => {
  const answer = ({ path }: Sent): Json =>
    path.endsWith('/channels')
      ? { items: [{ contentDetails: { relatedPlaylists: { uploads: 'UU1' } } }] }
      : { items: [{ contentDetails: { videoId: 'V1' } }] }
  const { sent, events } = await sentByTrigger(youtube, 'new-video', { channel: 'UC1' }, { answers: answer, account })
  expect(sent[1]?.query).toContainEqual(['playlistId', 'UU1'])
  expect(events.map(({ key }) => key)).toEqual(['V1'])
})

it('a key reads what everybody may see', async () => {
  const key = { type: 'youtube.key', secret: JSON.stringify({ token: 'AIza1' }) }
  const { sent } = await sentByUs(youtube, 'get-videos', { videos: 'V' }, { answers, account: key })
  expect(sent[0]?.query).toContainEqual(['key', 'AIza1'])
  expect(sent[0]?.authorization).toBeUndefined()
})
