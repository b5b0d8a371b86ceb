import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, keyOfParts, textAt } from '../../service/parts.ts'
import { asanaEvents } from './events.trigger.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://app.asana.com/api/1.0'
const READ = 'name,notes,completed,due_on,assignee.name,created_at,modified_at,permalink_url,memberships.section.name'

const workspace = text('Workspace', { placeholder: '12345', from: { list: 'workspaces' } })
const anyWorkspace = text('Workspace', {
  optional: true,
  at: 'nowhere',
  help: 'To choose from its lists.',
  from: { list: 'workspaces' },
})
const project = text('Project', {
  placeholder: '12345',
  help: 'Its id.',
  from: { list: 'projects', needs: ['workspace'] },
})
const section = text('Section', {
  placeholder: '12345',
  help: 'Its id.',
  from: { list: 'sections', needs: ['project'] },
})
const task = text('Task', {
  placeholder: '12345',
  help: 'Its id, or its address.',
  send: (value) => /\/(?:task\/)?(\d{6,})(?:\/f)?\/?(?:\?.*)?$/.exec(textOf(value))?.[1] ?? value,
})
const only = text('Fields to read', {
  as: 'opt_fields',
  optional: true,
  advanced: true,
  placeholder: 'name,completed',
  help: 'With commas between them; the usual ones when empty.',
})
const written = {
  notes: longText('Description', { as: 'data.notes', optional: true }),
  assignee: text('Assigned to', {
    as: 'data.assignee',
    optional: true,
    help: 'An id, an e-mail address, or “me”.',
    from: { list: 'people', needs: ['workspace'] },
  }),
  due: moment('Due', { form: 'day', as: 'data.due_on', optional: true }),
  custom: pairs('Fields of your own', {
    as: 'data.custom_fields',
    optional: true,
    advanced: true,
    help: 'By their ids.',
  }),
}

const pages: Pages = {
  items: 'data',
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'next_page.offset', as: 'offset' },
}
const stored = {
  gid: '12345',
  name: 'Mend the printer',
  completed: false,
  due_on: '2026-12-01',
  created_at: '2026-11-30T09:00:00.000Z',
  modified_at: '2026-11-30T09:00:00.000Z',
  permalink_url: 'https://app.asana.com/0/1/12345',
}
const test = whoIs({ address: ADDRESS, path: 'users/me', name: ['data.name', 'data.email'] })

/** Asana (https://developers.asana.com/reference/rest-api-reference). */
export const asana = defineApp({
  id: 'asana',
  title: 'Asana',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'asana',
      title: 'Asana token',
      secret: { title: 'Personal access token' },
      help: howTo(
        'A token in two steps',
        { title: 'Create a token', link: { title: 'Developer console', url: 'https://app.asana.com/0/my-apps' } },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test,
    }),
    oauthAccount({
      id: 'asana.oauth',
      title: 'Asana sign-in',
      authorizeUrl: 'https://app.asana.com/-/oauth_authorize',
      tokenUrl: 'https://app.asana.com/-/oauth_token',
      scopes: ['default'],
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'With full permissions, and this redirect address.',
          showsRedirect: true,
          link: { title: 'Developer console', url: 'https://app.asana.com/0/my-apps' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test,
    }),
  ],
  answers: {
    refusal: (body) => {
      const errors = valueAt(body, readPath('errors')) ?? null
      return isJsonList(errors) && errors.length > 0
        ? { says: errors.map((one) => textAt(one, 'message')).join('; ') }
        : null
    },
  },
  lists: {
    workspaces: listOf({ request: 'GET /workspaces', pages, value: 'gid', label: 'name' }),
    projects: listOf({
      request: 'GET /projects?archived=false',
      fields: { workspace: text('Workspace', { at: 'query' }) },
      pages,
      value: 'gid',
      label: 'name',
    }),
    sections: listOf({
      request: 'GET /projects/{project}/sections',
      fields: { project },
      pages,
      value: 'gid',
      label: 'name',
    }),
    people: listOf({
      request: 'GET /users?opt_fields=name,email',
      fields: { workspace: text('Workspace', { at: 'query' }) },
      pages,
      value: 'gid',
      label: 'name',
      hint: 'email',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'task-created-or-updated',
      title: 'New or changed task in Asana',
      description: 'Starts for each task of a project that is created or changed.',
      keywords: ['todo', 'edited', 'completed'],
      summary: '{project}',
      request: `GET /tasks?opt_fields=${READ}`,
      fields: { workspace: anyWorkspace, project },
      pages,
      most: 5_000,
      key: keyOfParts('gid', 'modified_at'),
      sample: stored,
    }),
    hookTrigger({
      name: 'resource-changed',
      title: 'Asana tells of a project',
      description:
        'Starts at once when something of a project is added or changed. Asana says what it was: a step after it reads that.',
      keywords: ['webhook', 'task', 'at once'],
      summary: '{project}',
      fields: {
        workspace: anyWorkspace,
        project: { ...project, at: 'nowhere' },
        what: choice(
          'What',
          { task: 'Tasks', story: 'Comments and the like', section: 'Sections', '': 'All' },
          { at: 'nowhere' },
        ),
      },
      verify: { scheme: 'hmac', header: 'X-Hook-Signature' },
      // Asana says its secret while it looks whether the address is there, and wants it back.
      secret: { in: 'handshake' },
      handshake: ({ headers }) => {
        const secret = headers['x-hook-secret']
        return secret === undefined ? null : { status: 200, headers: { 'x-hook-secret': secret }, body: null, secret }
      },
      subscribe: 'POST /webhooks',
      body: ({ url }, { project: of, what }) => ({
        data: { resource: of ?? '', target: url, ...(what && { filters: [{ resource_type: what }] }) },
      }),
      id: 'data.gid',
      unsubscribe: 'DELETE /webhooks/{id}',
      events: ({ body }) =>
        itemsAt(body, 'events').map((one) => ({
          key: ['resource.gid', 'action', 'change.field', 'created_at'].map((part) => textAt(one, part)).join(' '),
          data: one,
        })),
      sample: {
        action: 'changed',
        resource: { gid: '1201', resource_type: 'task' },
        parent: null,
        change: { field: 'due_on', action: 'changed' },
        created_at: '2026-11-30T09:00:00.000Z',
      },
    }),
    asanaEvents,
  ],
  actions: [
    operation({
      name: 'create-task',
      title: 'Create a task in Asana',
      description: 'Creates a task in a project.',
      keywords: ['todo', 'add'],
      summary: '{name}',
      request: 'POST /tasks',
      fields: {
        workspace: anyWorkspace,
        project: { ...project, as: 'data.projects', send: (value: Json) => [textOf(value)] },
        name: text('Title', { as: 'data.name' }),
        ...written,
        followers: texts('Followed by', { as: 'data.followers', optional: true, advanced: true }),
        tags: texts('Tags', { as: 'data.tags', optional: true, advanced: true, help: 'Ids, one a line.' }),
        parent: text('Below the task', { as: 'data.parent', optional: true, advanced: true, help: 'Its id.' }),
      },
      result: 'data',
      sample: stored,
    }),
    operation({
      name: 'update-task',
      title: 'Change a task in Asana',
      description: 'Changes a task, or says that it is done; what is left empty stays.',
      keywords: ['todo', 'edit', 'complete', 'done'],
      summary: '{task}',
      request: 'PUT /tasks/{task}',
      fields: {
        task,
        done: choice(
          'It is',
          { true: 'Done', false: 'Not done' },
          { as: 'data.completed', optional: true, send: (value) => value === 'true' },
        ),
        name: text('Title', { as: 'data.name', optional: true }),
        workspace: anyWorkspace,
        ...written,
      },
      result: 'data',
      sample: { ...stored, completed: true },
    }),
    operation({
      name: 'get-task',
      title: 'Get a task from Asana',
      description: 'Reads one task.',
      keywords: ['todo', 'read'],
      request: 'GET /tasks/{task}',
      fields: { task, fields: only },
      result: 'data',
      sample: stored,
    }),
    operation({
      name: 'list-tasks',
      title: 'List tasks of Asana',
      description: 'Reads the tasks of a project.',
      keywords: ['todo', 'get many'],
      summary: '{project}',
      request: `GET /tasks?opt_fields=${READ}`,
      fields: {
        workspace: anyWorkspace,
        project,
        open: yesNo('Only what is not done', {
          as: 'completed_since',
          send: (value) => (value === true ? 'now' : undefined),
        }),
        since: moment('Changed since', { form: 'iso', as: 'modified_since', optional: true, advanced: true }),
        fields: only,
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'search-tasks',
      title: 'Search tasks of Asana',
      description: 'Finds tasks of a workspace, the last ones first. Asana has this in paid plans.',
      keywords: ['todo', 'find'],
      summary: '{text}',
      request: `GET /workspaces/{workspace}/tasks/search?opt_fields=${READ}`,
      fields: {
        workspace,
        text: text('With the words', { optional: true }),
        assignee: text('Assigned to', {
          as: 'assignee.any',
          at: 'query',
          optional: true,
          advanced: true,
          placeholder: 'me',
        }),
        project: text('In the project', {
          as: 'projects.any',
          optional: true,
          advanced: true,
          from: { list: 'projects', needs: ['workspace'] },
        }),
        done: choice(
          'That are',
          { true: 'Done', false: 'Not done' },
          { as: 'completed', optional: true, advanced: true },
        ),
      },
      // A search has no pages.
      pages: { items: 'data', size: { as: 'limit', most: 100 } },
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on a task in Asana',
      description: 'Writes a comment on a task.',
      keywords: ['todo', 'reply', 'note'],
      summary: '{task}',
      request: 'POST /tasks/{task}/stories',
      fields: { task, text: longText('Text', { as: 'data.text' }) },
      result: 'data',
      sample: { gid: '67890', text: 'Done.' },
    }),
    operation({
      name: 'add-to-section',
      title: 'Move a task in Asana',
      description: 'Moves a task into a section of a project.',
      keywords: ['todo', 'column', 'board'],
      summary: '{task}',
      request: 'POST /sections/{section}/addTask',
      effect: 'idempotent',
      fields: {
        workspace: anyWorkspace,
        project: text('Project', {
          optional: true,
          at: 'nowhere',
          help: 'To choose the section from its list.',
          from: { list: 'projects', needs: ['workspace'] },
        }),
        section,
        task: { ...task, as: 'data.task' },
      },
      sample: { data: {} },
    }),
    operation({
      name: 'add-to-project',
      title: 'Add a task to a project of Asana',
      description: 'Shows a task in another project, too.',
      keywords: ['todo'],
      summary: '{task}',
      request: 'POST /tasks/{task}/addProject',
      effect: 'idempotent',
      fields: {
        task,
        workspace: anyWorkspace,
        project: { ...project, as: 'data.project' },
        section: text('In the section', {
          as: 'data.section',
          optional: true,
          advanced: true,
          from: { list: 'sections', needs: ['project'] },
        }),
      },
      sample: { data: {} },
    }),
    operation({
      name: 'create-project',
      title: 'Create a project in Asana',
      description: 'Creates a project.',
      keywords: ['board', 'add'],
      summary: '{name}',
      request: 'POST /projects',
      fields: {
        workspace: { ...workspace, as: 'data.workspace' },
        name: text('Name', { as: 'data.name' }),
        team: text('Team', { as: 'data.team', optional: true, advanced: true, help: 'Its id.' }),
        notes: longText('Description', { as: 'data.notes', optional: true }),
      },
      result: 'data',
      sample: { gid: '54321', name: 'Printers', permalink_url: 'https://app.asana.com/0/54321' },
    }),
  ],
})
