import { defineApp } from '../../define-app.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, number, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts } from '../../service/parts.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api/v1')
const project = text('Project', { placeholder: '3', from: { list: 'projects' } })
const task = text('Task', { placeholder: '{{ task.id }}', help: 'Its number.' })
const done = choice('Done', { true: 'Yes', false: 'No' }, { optional: true, send: (value) => value === 'true' })
const details = {
  description: longText('Description', { optional: true, help: 'HTML.' }),
  due: moment('Due', { as: 'due_date', form: 'iso', optional: true }),
  priority: number('Priority', { min: 0, max: 5, optional: true, help: '5 is “do it now”.' }),
}
const pages: Pages = { items: '', size: { as: 'per_page', most: 50 }, next: { by: 'page', as: 'page' } }
const stored = {
  id: 42,
  title: 'Mend the printer',
  done: false,
  due_date: '2026-12-01T09:00:00Z',
  priority: 3,
  project_id: 3,
  updated: '2026-11-30T09:00:00Z',
}
const keywords = ['task', 'todo', 'self-hosted']
const EVENTS = {
  'task.created': 'A task is created',
  'task.updated': 'A task is changed',
  'task.deleted': 'A task is deleted',
  'task.comment.created': 'A task is commented on',
  'task.assignee.created': 'A task is assigned',
}

/** Vikunja (https://vikunja.io/docs/api). It creates by PUT and changes by POST. */
export const vikunja = defineApp({
  id: 'vikunja',
  title: 'Vikunja',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'vikunja',
      title: 'Vikunja token',
      fields: [serverField('https://app.vikunja.cloud')],
      secret: { title: 'API token', placeholder: 'tk_…' },
      help: howTo(
        'A token in two steps',
        { title: 'Create a token', text: 'Settings → API tokens; with rights for tasks, projects, labels, webhooks.' },
        { title: 'Paste it here', text: 'With the address of Vikunja.' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'projects', name: ['[0].owner.username', '[0].title'] }),
    }),
  ],
  lists: {
    projects: listOf({ request: 'GET /projects', pages, value: 'id', label: 'title', search: 's' }),
    labels: listOf({ request: 'GET /labels', pages, value: 'id', label: 'title', search: 's' }),
  },
  triggers: [
    newItemTrigger({
      name: 'task-updated',
      title: 'New or changed task in Vikunja',
      description: 'Starts for each task that is created or changed.',
      keywords: [...keywords, 'created', 'edited'],
      request: 'GET /tasks?sort_by=updated&order_by=desc',
      pages,
      key: keyOfParts('id', 'updated'),
      sample: stored,
    }),
    hookTrigger({
      name: 'project-event',
      title: 'Vikunja tells of a project',
      description: 'Starts at once when something happens in a project.',
      keywords: [...keywords, 'webhook'],
      fields: { project, event: choice('When', EVENTS) },
      verify: { scheme: 'hmac', header: 'X-Vikunja-Signature' },
      subscribe: 'PUT /projects/{project}/webhooks',
      body: ({ url, secret }, { event }) => ({ target_url: url, events: [event ?? 'task.created'], secret }),
      id: 'id',
      unsubscribe: 'DELETE /projects/{project}/webhooks/{id}',
      all: { request: 'GET /projects/{project}/webhooks', pages, url: 'target_url', id: 'id' },
      events: ({ body }) => {
        const { event_name: event = '', time, data } = Object(body)
        const told = Object(data)
        return [
          { key: `${event} ${Object(told.task).id ?? ''} ${time ?? ''}`, data: { event, time: time ?? null, ...told } },
        ]
      },
      sample: { event: 'task.created', time: '2026-11-30T09:00:00Z', task: stored, doer: { username: 'ada' } },
    }),
  ],
  actions: [
    operation({
      name: 'create-task',
      title: 'Create a task in Vikunja',
      description: 'Adds a task to a project.',
      keywords: [...keywords, 'add'],
      summary: '{title}',
      request: 'PUT /projects/{project}/tasks',
      // PUT makes another one each time here.
      effect: 'unsafe',
      fields: { project, title: text('Title', { most: 250 }), ...details },
      sample: stored,
    }),
    operation({
      name: 'update-task',
      title: 'Change a task in Vikunja',
      description: 'Changes what is filled in, or marks a task as done.',
      keywords: [...keywords, 'edit', 'complete', 'done'],
      effect: 'idempotent',
      summary: '{task}',
      fields: {
        task,
        title: text('Title', { optional: true, most: 250 }),
        done,
        ...details,
      },
      sample: { ...stored, done: true },
      async run({ http, input }) {
        const fields = { task, title: text('Title'), done, ...details }
        const request = requestOf({ request: 'POST /tasks/{task}', fields }, input)
        // What is left out is emptied by Vikunja, so all that is there goes along.
        const { body } = await http({ path: request.path })
        return (await http({ ...request, body: { ...Object(body), ...Object(request.body ?? {}) } })).body
      },
    }),
    operation({
      name: 'get-task',
      title: 'Get a task from Vikunja',
      description: 'Reads one task.',
      keywords: [...keywords, 'read'],
      request: 'GET /tasks/{task}',
      fields: { task },
      sample: stored,
    }),
    operation({
      name: 'list-tasks',
      title: 'List tasks of Vikunja',
      description: 'Reads the tasks of all projects, all or those that fit.',
      keywords: [...keywords, 'search', 'get many'],
      request: 'GET /tasks',
      fields: {
        search: text('With the words', { as: 's', optional: true }),
        filter: text('Only where', { optional: true, placeholder: 'done = false && due_date < now+7d' }),
        zone: text('Time zone', {
          as: 'filter_timezone',
          optional: true,
          advanced: true,
          placeholder: 'Europe/Berlin',
        }),
        sort: text('Order', { as: 'sort_by', optional: true, advanced: true, placeholder: 'due_date' }),
        order: choice(
          'First',
          { asc: 'The least', desc: 'The most' },
          { as: 'order_by', optional: true, advanced: true },
        ),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'delete-task',
      title: 'Delete a task from Vikunja',
      description: 'Deletes a task.',
      keywords: [...keywords, 'remove'],
      request: 'DELETE /tasks/{task}',
      fields: { task },
      sample: { message: 'Successfully deleted.' },
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on a task in Vikunja',
      description: 'Writes a comment on a task.',
      keywords: [...keywords, 'note'],
      summary: '{comment}',
      request: 'PUT /tasks/{task}/comments',
      effect: 'unsafe',
      fields: { task, comment: longText('Text', { help: 'HTML.' }) },
      sample: { id: 7, comment: '<p>Done.</p>' },
    }),
    operation({
      name: 'add-label',
      title: 'Label a task in Vikunja',
      description: 'Puts a label on a task.',
      keywords: [...keywords, 'tag'],
      request: 'PUT /tasks/{task}/labels',
      fields: { task, label: text('Label', { as: 'label_id', from: { list: 'labels' }, send: Number }) },
      sample: { label_id: 1 },
    }),
  ],
})
