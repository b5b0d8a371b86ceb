import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { todoist } from './todoist.app.ts'

const account = { type: 'todoist', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ results: [{ id: '1' }], items: [{ id: '1', completed_at: 'x' }], next_cursor: null })
const api = '/api/v1'

/** As @doist/todoist-sdk 11.0.0, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-task',
    { content: 'c', project: 'P', due: 'tomorrow', priority: '4' },
    `POST ${api}/tasks`,
    { content: 'c', project_id: 'P', due_string: 'tomorrow', priority: 4 },
  ],
  ['list-tasks', { project: 'P', limit: 5 }, `GET ${api}/tasks?limit=5&project_id=P`],
  ['filter-tasks', { query: 'today', limit: 5 }, `GET ${api}/tasks/filter?limit=5&query=today`],
  ['update-task', { task: '1', content: 'x' }, `POST ${api}/tasks/1`, { content: 'x' }],
  ['close-task', { task: '1' }, `POST ${api}/tasks/1/close`],
  ['reopen-task', { task: '1' }, `POST ${api}/tasks/1/reopen`],
  ['get-task', { task: '1' }, `GET ${api}/tasks/1`],
  ['delete-task', { task: '1' }, `DELETE ${api}/tasks/1`],
  ['move-task', { task: '1', project: 'P', section: 'S' }, `POST ${api}/tasks/1/move`, { section_id: 'S' }],
  ['quick-add', { text: 'Buy milk p1' }, `POST ${api}/tasks/quick`, { text: 'Buy milk p1' }],
  ['add-comment', { task: '1', text: 'c' }, `POST ${api}/comments`, { task_id: '1', content: 'c' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(todoist, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a write has a number by which Todoist tells a repeat', async () => {
  const numbers: unknown[] = []
  const answer = (_: unknown, headers: Readonly<Record<string, string | undefined>>): Json => {
    numbers.push(headers['x-request-id'])
    return {}
  }
  await sentByUs(todoist, 'create-task', { content: 'c' }, { answers: answer, account })
  expect(numbers).toEqual(['run_1:step'])
})

it('what was done starts runs', async () => {
  const { sent, events } = await sentByTrigger(todoist, 'completed-task', {}, { answers, account })
  expect(sent.map(lineOf)).toEqual([
    [
      `GET ${api}/tasks/completed/by_completion_date?limit=200&since=2026-11-23T09:00:00.000Z&until=2026-11-30T10:00:00.000Z`,
    ],
  ])
  expect(events.map(({ key }) => key)).toEqual(['1 x'])
})
