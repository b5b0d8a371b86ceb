import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { vikunja } from './vikunja.app.ts'

const account = { type: 'vikunja', secret: JSON.stringify({ server: 'https://v.example', token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-task',
    { project: 3, title: 't', due: '2026-12-01T00:00:00Z' },
    'PUT /api/v1/projects/3/tasks',
    { title: 't', due_date: '2026-12-01T00:00:00.000Z' },
  ],
  ['get-task', { task: 1 }, 'GET /api/v1/tasks/1'],
  ['list-tasks', { filter: 'done = false', limit: 5 }, 'GET /api/v1/tasks?filter=done = false&per_page=5'],
  ['delete-task', { task: 1 }, 'DELETE /api/v1/tasks/1'],
  ['add-comment', { task: 1, comment: 'c' }, 'PUT /api/v1/tasks/1/comments', { comment: 'c' }],
  ['add-label', { task: 1, label: '4' }, 'PUT /api/v1/tasks/1/labels', { label_id: 4 }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(vikunja, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer T')
})

it('what is left out stays as it is', async () => {
  const there = (): Json => ({ id: 1, title: 'old', priority: 3, done: false })
  const { sent } = await sentByUs(vikunja, 'update-task', { task: 1, done: 'true' }, { answers: there, account })
  expect(sent.map(lineOf)).toEqual([
    ['GET /api/v1/tasks/1'],
    ['POST /api/v1/tasks/1', { id: 1, title: 'old', priority: 3, done: true }],
  ])
})

it('is told where to call, and to stop', async () => {
  const { sent } = await sentByTrigger(
    vikunja,
    'project-event',
    { project: 3, event: 'task.updated' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      'PUT /api/v1/projects/3/webhooks',
      { target_url: 'https://hooks.example/hooks/x', events: ['task.updated'], secret: 'sh' },
    ],
    ['DELETE /api/v1/projects/3/webhooks/x1'],
  ])
})
