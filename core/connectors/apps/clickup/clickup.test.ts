import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { clickup } from './clickup.app.ts'

const account = { type: 'clickup', secret: JSON.stringify({ token: 'pk_1' }) }
const answers = (): Json => ({ tasks: [{ id: 'a', date_updated: '5' }], last_page: true })

/** As clickup.js 4.0.2 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-task',
    { list: 'L', name: 'n', priority: '1', due: '1970-01-01T00:00:01Z', assignees: '183' },
    'POST /api/v2/list/L/task',
    { name: 'n', priority: 1, due_date: 1_000, assignees: [183] },
  ],
  [
    'update-task',
    { task: 'T', status: 'done', add: ['1'] },
    'PUT /api/v2/task/T',
    { status: 'done', assignees: { add: [1] } },
  ],
  ['get-task', { task: 'T', custom: true, workspace: 'W' }, 'GET /api/v2/task/T?custom_task_ids=true&team_id=W'],
  [
    'list-tasks',
    { list: 'L', closed: true, order: 'updated', statuses: ['a', 'b'] },
    'GET /api/v2/list/L/task?include_closed=true&order_by=updated&statuses[]=a&statuses[]=b',
  ],
  ['set-custom-field', { task: 'T', field: 'F', value: 5 }, 'POST /api/v2/task/T/field/F', { value: 5 }],
  ['add-comment', { task: 'T', text: 'c' }, 'POST /api/v2/task/T/comment', { comment_text: 'c', notify_all: false }],
  ['create-list', { folder: 'F', name: 'n' }, 'POST /api/v2/folder/F/list', { name: 'n' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(clickup, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('pk_1')
})

it('a task starts a run again when it was changed', async () => {
  const { events } = await sentByTrigger(clickup, 'task-created-or-updated', { list: 'L' }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['a 5'])
})

it('ClickUp makes the secret of a webhook', async () => {
  const answer = () => ({ id: 'w1', webhook: { id: 'w1', secret: 'theirs' } })
  const { sent, subscribed } = await sentByTrigger(
    clickup,
    'task-events',
    { workspace: 9, events: 'taskCreated' },
    { answers: answer, account, doing: 'subscribe' },
  )
  expect(subscribed).toEqual({ subscription: { id: 'w1' }, secret: 'theirs' })
  expect(sent.map(lineOf)).toEqual([
    ['POST /api/v2/team/9/webhook', { endpoint: 'https://hooks.example/hooks/x', events: ['taskCreated'] }],
    ['DELETE /api/v2/webhook/w1'],
  ])
})
