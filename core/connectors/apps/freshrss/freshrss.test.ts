import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { freshrss } from './freshrss.app.ts'

const secret = { server: 'https://r.example', user: 'ada', password: 'p', accessToken: 'ada/1a2b' }
const account = { type: 'freshrss', secret: JSON.stringify(secret) }
const answers = ({ path }: Sent): Json => (path.endsWith('/token') ? 'wt\n' : { items: [{ id: 'i1' }] })
const api = '/api/greader.php/reader/api/0'

it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  ['list-items', { limit: 5 }, [`GET ${api}/stream/contents/reading-list?n=5&r=d&xt=user/-/state/com.google/read`]],
  ['list-items', { without: '', limit: 5 }, [`GET ${api}/stream/contents/reading-list?n=5&r=d`]],
  ['list-feeds', {}, [`GET ${api}/subscription/list?output=json`]],
  ['unread-count', {}, [`GET ${api}/unread-count?output=json`]],
  [
    'edit-subscription',
    { feed: 'https://a.example/feed', title: 'T', category: 'C' },
    [`GET ${api}/token`],
    [
      `POST ${api}/subscription/edit`,
      { ac: 'subscribe', s: 'feed/https://a.example/feed', t: 'T', a: 'user/-/label/C', T: 'wt' },
    ],
  ],
  [
    'mark-item',
    { items: 'i1', what: 'unstar' },
    [`GET ${api}/token`],
    [`POST ${api}/edit-tag`, { i: 'i1', r: 'user/-/state/com.google/starred', T: 'wt' }],
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(freshrss, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
  expect(sent[0]?.authorization).toBe('GoogleLogin auth=ada/1a2b')
})

it('new articles are those that were not there', async () => {
  const { events } = await sentByTrigger(freshrss, 'new-article', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['i1'])
})

it.each([
  ['SID=x\nLSID=null\nAuth=ada/1a2b\n', 'ada/1a2b'],
  ['Unauthorized', undefined],
  ['Auth=\n', undefined],
])('a session is what the login answers (%j)', (answer, token) => {
  const login = freshrss.credentials[0]?.oauth?.(secret).login
  expect(login?.requests(secret)).toEqual([
    {
      url: 'https://r.example/api/greader.php/accounts/ClientLogin',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Email=ada&Passwd=p',
    },
  ])
  expect(login?.read(answer)?.accessToken).toBe(token)
})
