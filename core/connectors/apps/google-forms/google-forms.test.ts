import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { googleForms } from './google-forms.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'AT' }) }
const response = {
  responseId: 'r1',
  lastSubmittedTime: '2026-11-30T09:00:00Z',
  answers: {
    q1: { questionId: 'q1', textAnswers: { answers: [{ value: 'Ada' }] } },
    q2: { questionId: 'q2', textAnswers: { answers: [{ value: 'Tea' }, { value: 'Cake' }] } },
    q9: { questionId: 'q9', fileUploadAnswers: { answers: [{ fileId: 'f' }] } },
  },
}
const answers = ({ path }: Sent): Json => {
  if (path.endsWith('/responses/r1')) return response
  if (path.endsWith('/responses')) return { responses: [response] }
  return {
    formId: 'F',
    items: [
      { title: 'Name', questionItem: { question: { questionId: 'q1' } } },
      { title: 'Likes', questionGroupItem: { questions: [{ questionId: 'q2', rowQuestion: { title: 'Food' } }] } },
    ],
  }
}
const named = {
  responseId: 'r1',
  lastSubmittedTime: '2026-11-30T09:00:00Z',
  answers: { Name: 'Ada', 'Likes: Food': ['Tea', 'Cake'], q9: { fileId: 'f' } },
}
const form = 'https://docs.google.com/forms/d/1FAIpQLSdAbc/edit'
const at = '/v1/forms/1FAIpQLSdAbc'

it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  ['get-form', { form }, [`GET ${at}`]],
  ['create-form', { title: 'T', name: 'N' }, ['POST /v1/forms', { info: { title: 'T', documentTitle: 'N' } }]],
  [
    'list-responses',
    { form, since: '2026-11-30', limit: 5 },
    [`GET ${at}/responses?filter=timestamp >= 2026-11-30T00:00:00.000Z&pageSize=5`],
    [`GET ${at}`],
  ],
  ['get-response', { form, response: 'r1' }, [`GET ${at}/responses/r1`], [`GET ${at}`]],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(googleForms, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
})

it('answers are found by what was asked', async () => {
  const { output } = await sentByUs(googleForms, 'list-responses', { form }, { answers, account })
  expect(output).toEqual({ items: [named], count: 1, hasMore: false })
  const { events } = await sentByTrigger(googleForms, 'new-response', { form }, { answers, account })
  expect(events).toEqual([{ key: 'r1 2026-11-30T09:00:00Z', data: named }])
})

it.each([{ a: 'nothing asked' }, [], null])(
  'a form without questions (%j) leaves answers by their ids',
  async (items) => {
    const bare = ({ path }: Sent): Json => (path.includes('/responses') ? response : { items })
    const { output } = await sentByUs(googleForms, 'get-response', { form, response: 'r1' }, { answers: bare, account })
    expect(output).toMatchObject({ answers: { q1: 'Ada' } })
  },
)
