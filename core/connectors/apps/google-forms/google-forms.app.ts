import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GOOGLE_ACCOUNTS, googleAnswers, objectOf } from '../../providers/google.ts'
import { driveFiles } from '../../providers/google-files.ts'
import { moment, number, text } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { type Entered, pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const FILES = 'https://www.googleapis.com/auth/drive.metadata.readonly'
const QUESTIONS = 'https://www.googleapis.com/auth/forms.body.readonly'
const reads = { scopes: ['https://www.googleapis.com/auth/forms.responses.readonly', QUESTIONS, FILES] }

const form = text('Form', {
  placeholder: '1FAIpQLSd…',
  help: 'Chosen from your Drive, or its address while you edit it, or the id in that.',
  from: { list: 'forms', searches: true },
  send: (value: Json) => /\/d\/(?!e\/)([\w-]{10,})/.exec(textOf(value))?.[1] ?? value,
})
const sinceField = moment('Since', { form: 'iso', optional: true })
const pages: Pages = {
  items: 'responses',
  size: { as: 'pageSize', most: 5_000 },
  next: { by: 'cursor', at: 'nextPageToken', as: 'pageToken' },
}
const stored = {
  responseId: 'ACYDBNi84NuJUO2O13A',
  createTime: '2026-11-30T09:00:00.000Z',
  lastSubmittedTime: '2026-11-30T09:00:00.000Z',
  respondentEmail: 'ada@example.com',
  answers: { 'Your name': 'Ada', 'What do you like?': ['Tea', 'Cake'] },
}

const pathOf = (input: Entered): string => `v1/forms/${pathPart('form', form.send?.(input.form ?? '') ?? '')}`
const listIn = (value: Json, path: string): readonly Json[] => {
  const found = valueAt(value, readPath(path)) ?? null
  return isJsonList(found) ? found : []
}

/** What each question asks, by its id. Rows of a grid have their own. */
async function questionsOf(http: AppClient, input: Entered): Promise<ReadonlyMap<string, string>> {
  const { body } = await http({ path: pathOf(input) })
  return new Map(
    listIn(body, 'items').flatMap((item) => {
      const title = textAt(item, 'title')
      const single = valueAt(item, readPath('questionItem.question.questionId'))
      const rows = listIn(item, 'questionGroupItem.questions').map((row): [string, string] => {
        const of = textAt(row, 'rowQuestion.title')
        return [textAt(row, 'questionId'), [title, of].filter(Boolean).join(': ')]
      })
      return single === undefined ? rows : [[textOf(single), title] as [string, string], ...rows]
    }),
  )
}

/** A response with its answers by what was asked, where Google has them by the ids of the questions. */
function named(response: Json, questions: ReadonlyMap<string, string>): Json {
  const { answers = null, ...rest } = objectOf(response)
  const found = isJsonObject(answers) ? Object.entries(answers) : []
  const told = found.map(([id, answer]): [string, Json] => {
    const texts = listIn(answer, 'textAnswers.answers').map((one) => valueAt(one, readPath('value')) ?? '')
    const files = listIn(answer, 'fileUploadAnswers.answers')
    const all = [...texts, ...files]
    return [questions.get(id) || id, all.length === 1 ? (all[0] ?? null) : all]
  })
  return { ...rest, answers: Object.fromEntries(told) }
}

async function responsesOf(http: AppClient, input: Entered, limit: number) {
  const since = input.since === undefined ? {} : { filter: `timestamp >= ${textOf(input.since)}` }
  const request = { path: `${pathOf(input)}/responses`, query: since }
  const { items, hasMore } = await readPages(http, request, pages, limit)
  if (items.length === 0) return { items, hasMore }
  const questions = await questionsOf(http, input)
  return { items: items.map((one) => named(one, questions)), hasMore }
}

/** Google Forms (https://developers.google.com/workspace/forms/api/reference/rest). */
export const googleForms = defineApp({
  id: 'google-forms',
  title: 'Google Forms',
  icon,
  hue,
  address: 'https://forms.googleapis.com',
  alsoAt: ['https://www.googleapis.com'],
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: { forms: driveFiles("mimeType='application/vnd.google-apps.form'") },
  triggers: [
    newItemTrigger({
      name: 'new-response',
      title: 'New response in Google Forms',
      description: 'Starts for each response to a form, with its answers by what was asked.',
      keywords: ['survey', 'answer', 'submission', 'quiz'],
      ...reads,
      fields: { form },
      // A response that is changed later is sent again.
      key: (item) =>
        ['responseId', 'lastSubmittedTime'].map((name) => textOf(valueAt(item, readPath(name)) ?? '')).join(' '),
      list: async ({ http, input }) => (await responsesOf(http, input, 5_000)).items,
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'list-responses',
      title: 'List the responses of a Google form',
      description: 'Reads responses with their answers, by what was asked.',
      keywords: ['survey', 'answers', 'get many', 'submissions'],
      effect: 'none',
      ...reads,
      fields: {
        form,
        since: sinceField,
        limit: number('At most', {
          min: 1,
          max: 10_000,
          optional: true,
          advanced: true,
          help: 'Responses; 100 when empty.',
        }),
      },
      sample: { items: [stored], count: 1, hasMore: false },
      async run({ http, input }) {
        const since = input.since === undefined ? {} : { since: sinceField.send?.(input.since) ?? '' }
        const { items, hasMore } = await responsesOf(http, { ...input, ...since }, Number(input.limit ?? 100))
        return { items, count: items.length, hasMore }
      },
    }),
    operation({
      name: 'get-response',
      title: 'Get a response from Google Forms',
      description: 'Reads one response with its answers, by what was asked.',
      keywords: ['survey', 'answer', 'read'],
      effect: 'none',
      ...reads,
      fields: { form, response: text('Response', { placeholder: '{{ response.responseId }}', help: 'Its id.' }) },
      sample: stored,
      async run({ http, input }) {
        const { body } = await http({ path: `${pathOf(input)}/responses/${pathPart('response', input.response)}` })
        return named(body, await questionsOf(http, input))
      },
    }),
    operation({
      name: 'get-form',
      title: 'Get the questions of a Google form',
      description: 'Reads a form with its questions.',
      keywords: ['survey', 'items', 'read'],
      scopes: [QUESTIONS, FILES],
      request: 'GET /v1/forms/{form}',
      fields: { form },
      sample: {
        formId: '1FAIpQLSd…',
        info: { title: 'How was it?' },
        responderUri: 'https://docs.google.com/forms/d/e/…/viewform',
        items: [{ title: 'Your name', questionItem: { question: { questionId: '4d3f1a' } } }],
      },
    }),
    operation({
      name: 'create-form',
      title: 'Create a Google form',
      description: 'Creates an empty form in your Drive.',
      keywords: ['survey', 'new', 'quiz'],
      scopes: ['https://www.googleapis.com/auth/forms.body', FILES],
      request: 'POST /v1/forms',
      fields: {
        title: text('Title', { as: 'info.title' }),
        name: text('Name in Drive', { as: 'info.documentTitle', optional: true }),
      },
      sample: { formId: '1FAIpQLSd…', responderUri: 'https://docs.google.com/forms/d/e/…/viewform' },
    }),
  ],
})
