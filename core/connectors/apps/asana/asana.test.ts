import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { asana } from './asana.app.ts'

const account = { type: 'asana', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ data: [{ gid: '1', modified_at: 'x' }], next_page: null })
const api = '/api/1.0'
const read =
  'opt_fields=name,notes,completed,due_on,assignee.name,created_at,modified_at,permalink_url,memberships.section.name'

/** As asana 3.2.0, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-task',
    { project: 1, name: 'n', due: '2026-12-01', assignee: 'me' },
    `POST ${api}/tasks`,
    { data: { projects: ['1'], name: 'n', due_on: '2026-12-01', assignee: 'me' } },
  ],
  [
    'update-task',
    { task: 'https://app.asana.com/0/1/12345678', done: 'true' },
    `PUT ${api}/tasks/12345678`,
    { data: { completed: true } },
  ],
  ['get-task', { task: 1, fields: 'name' }, `GET ${api}/tasks/1?opt_fields=name`],
  [
    'list-tasks',
    { project: 1, open: true, limit: 5 },
    `GET ${api}/tasks?completed_since=now&limit=5&${read}&project=1`,
  ],
  [
    'search-tasks',
    { workspace: 1, text: 'x', limit: 5 },
    `GET ${api}/workspaces/1/tasks/search?limit=5&${read}&text=x`,
  ],
  ['add-comment', { task: 1, text: 'c' }, `POST ${api}/tasks/1/stories`, { data: { text: 'c' } }],
  ['add-to-section', { section: 2, task: 1 }, `POST ${api}/sections/2/addTask`, { data: { task: '1' } }],
  ['add-to-project', { task: 1, project: 2 }, `POST ${api}/tasks/1/addProject`, { data: { project: '2' } }],
  ['create-project', { workspace: 1, name: 'n' }, `POST ${api}/projects`, { data: { workspace: '1', name: 'n' } }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(asana, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a task starts a run again when it was changed', async () => {
  const { events } = await sentByTrigger(asana, 'task-created-or-updated', { project: 1 }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1 x'])
})
