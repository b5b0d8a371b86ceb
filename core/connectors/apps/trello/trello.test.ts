import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { trello } from './trello.app.ts'

const account = { type: 'trello', secret: JSON.stringify({ key: 'K', token: 'TOK' }) }
const answers = (): Json => ({ id: 'w1' })
const signed = 'key=K&token=TOK'

/** As trello.js 1.2.8 sends them; it writes into the query what Trello takes as JSON, too. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-card',
    { list: 'L', name: 'n', text: 'd', labels: ['a', 'b'] },
    `POST /1/cards?${signed}`,
    { idList: 'L', name: 'n', desc: 'd', idLabels: 'a,b', pos: 'bottom' },
  ],
  [
    'update-card',
    { card: 'https://trello.com/c/C/1-x', name: 'x', archive: true },
    `PUT /1/cards/C?${signed}`,
    { name: 'x', closed: true },
  ],
  ['get-card', { card: 'C' }, `GET /1/cards/C?${signed}`],
  ['list-cards', { list: 'L' }, `GET /1/lists/L/cards?${signed}`],
  ['list-lists', { board: 'B' }, `GET /1/boards/B/lists?${signed}`],
  ['add-comment', { card: 'C', text: 't' }, `POST /1/cards/C/actions/comments?${signed}`, { text: 't' }],
  ['add-attachment', { card: 'C', link: 'https://a' }, `POST /1/cards/C/attachments?${signed}`, { url: 'https://a' }],
  ['delete-card', { card: 'C' }, `DELETE /1/cards/C?${signed}`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(trello, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('what happens on a board starts runs, by asking and by being told', async () => {
  const polled = await sentByTrigger(
    trello,
    'new-card-or-activity',
    { board: 'B', what: 'createCard' },
    { answers: () => [{ id: 'a' }], account },
  )
  expect(polled.sent.map(lineOf)).toEqual([
    [`GET /1/boards/B/actions?filter=createCard&${signed.replace('&', '&limit=100&')}`],
  ])
  expect(polled.events).toEqual([{ key: 'a', data: { id: 'a' } }])
  const told = await sentByTrigger(trello, 'board-changed', { board: 'B' }, { answers, account, doing: 'subscribe' })
  expect(told.sent.map(lineOf)).toEqual([
    [
      `POST /1/webhooks/?${signed}`,
      { callbackURL: 'https://hooks.example/hooks/x', idModel: 'B', description: 'Hookline' },
    ],
    [`DELETE /1/webhooks/w1?${signed}`],
  ])
})
