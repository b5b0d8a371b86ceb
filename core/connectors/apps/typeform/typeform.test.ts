import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { typeform } from './typeform.app.ts'

const account = { type: 'typeform', secret: JSON.stringify({ token: 'tfp_1' }) }
const response = {
  token: 't1',
  answers: [
    { type: 'choice', field: { ref: 'size' }, choice: { label: 'Large' } },
    { type: 'number', field: { id: 'a1' }, number: 5 },
  ],
}
const answers = ({ query }: { query: readonly (readonly [string, string])[] }): Json => ({
  tag: 'x',
  items: query.some(([name]) => name === 'before') ? [] : [response],
})

/** As @typeform/api-client 2.10.4 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'list-responses',
    { form: 'F', since: '2026-01-01', limit: 1 },
    'GET /forms/F/responses?page_size=1&since=2026-01-01T00:00:00.000Z',
  ],
  ['get-form', { form: 'F' }, 'GET /forms/F'],
  ['list-forms', { limit: 1 }, 'GET /forms?page_size=1'],
  [
    'create-form',
    { title: 'T', fields: '[{"type":"email"}]' },
    'POST /forms',
    { title: 'T', fields: [{ type: 'email' }] },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(typeform, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a form has one webhook for each address of ours, and answers are found by the names of their questions', async () => {
  const { sent } = await sentByTrigger(
    typeform,
    'form-response',
    { form: 'F' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      'PUT /forms/F/webhooks/x',
      { url: 'https://hooks.example/hooks/x', enabled: true, secret: 'sh', verify_ssl: true },
    ],
    ['DELETE /forms/F/webhooks/x'],
  ])
  const { events } = await sentByTrigger(typeform, 'new-response', { form: 'F' }, { answers, account })
  expect(events).toEqual([{ key: 't1', data: { ...response, values: { size: 'Large', a1: 5 } } }])
})
