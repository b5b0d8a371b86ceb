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

it('all changes are read from where Asana says to begin, page by page', async () => {
  const trigger = asana.connectors.find(({ id }) => id === 'asana.events')
  if (trigger?.kind !== 'trigger' || trigger.source.from !== 'poll') throw new Error('it does not poll')
  const { source } = trigger
  const asked: string[] = []
  const event = (gid: string, type: string) => ({ action: 'changed', resource: { gid, resource_type: type } })
  const answerOf = (sync: string | null): { status: number; body: Json } => {
    if (sync === 's1') return { status: 200, body: { data: [event('1', 'task')], sync: 's2', has_more: true } }
    if (sync === 's2')
      return { status: 200, body: { data: [event('2', 'story'), event('3', 'task')], sync: 's3', has_more: false } }
    // Unknown, or too old.
    return { status: 412, body: { errors: [{ message: 'Sync token invalid or too old.' }], sync: 's1' } }
  }
  const poll = (cursor: Json, what: string) => {
    const http = async ({ url }: { readonly url: string }) => {
      const { pathname, searchParams } = new URL(url)
      asked.push(`${pathname} ${searchParams.get('resource')} ${searchParams.get('sync')}`)
      const { status, body } = answerOf(searchParams.get('sync'))
      const headers = { 'content-type': 'application/json' }
      return { status, headers, cookies: [], body: Buffer.from(JSON.stringify(body)), url, isWithoutSecrets: false }
    }
    const context = { http, large: {}, clock: { now: () => 1_000 }, credential: async () => account, cursor }
    const input = trigger.input.parse({ account: { $credential: 'x' }, resource: '77', what })
    return source.poll({ ...context, input } as never)
  }
  expect(await poll(null, 'all')).toEqual({ events: [], cursor: { sync: 's1' } })
  const tasks = await poll({ sync: 's1' }, 'task')
  expect(tasks.cursor).toEqual({ sync: 's3' })
  expect(tasks.events.map(({ data }) => data)).toEqual([event('1', 'task'), event('3', 'task')])
  expect((await poll({ sync: 'old' }, 'all')).cursor).toEqual({ sync: 's1' })
  expect(asked).toEqual([`${api}/events 77 null`, `${api}/events 77 s1`, `${api}/events 77 s2`, `${api}/events 77 old`])
})
