import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { gotify } from './gotify.app.ts'

const account = { type: 'gotify', secret: JSON.stringify({ server: 'https://g.example', token: 'T' }) }
const answers = (): Json => ({ messages: [] })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'send',
    { message: 'm', title: 't', priority: 8, kind: 'text/markdown', link: 'https://a.example' },
    'POST /message',
    {
      message: 'm',
      title: 't',
      priority: 8,
      extras: {
        'client::display': { contentType: 'text/markdown' },
        'client::notification': { click: { url: 'https://a.example' } },
      },
    },
  ],
  ['send', { message: 'm' }, 'POST /message', { message: 'm' }],
  ['list', { limit: 5 }, 'GET /message?limit=5'],
  ['delete', { message: 3 }, 'DELETE /message/3'],
  ['list-apps', {}, 'GET /application'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(gotify, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('the pages of messages lead to older ones, until there are none', async () => {
  const { sent, events } = await sentByTrigger(
    gotify,
    'new-message',
    {},
    {
      answers: ({ query }) =>
        query.some(([name]) => name === 'since')
          ? { messages: [{ id: 1 }], paging: { since: 0 } }
          : { messages: [{ id: 3 }, { id: 2 }], paging: { since: 2 } },
      account,
    },
  )
  expect(sent.map(lineOf)).toEqual([['GET /message?limit=100'], ['GET /message?limit=100&since=2']])
  expect(events.map(({ key }) => key)).toEqual(['3', '2', '1'])
})
