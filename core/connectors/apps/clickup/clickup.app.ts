import { isJsonList, isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, json, longText, moment, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, numbers } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.clickup.com/api/v2'

const workspace = text('Workspace', { placeholder: '9011223344', from: { list: 'workspaces' } })
const toChoose = {
  workspace: text('Workspace', {
    optional: true,
    at: 'nowhere',
    help: 'To choose from lists.',
    from: { list: 'workspaces' },
  }),
  space: text('Space', {
    optional: true,
    at: 'nowhere',
    help: 'To choose from lists.',
    from: { list: 'spaces', needs: ['workspace'] },
  }),
}
const list = text('List', { placeholder: '901122334455', help: 'Its id.', from: { list: 'lists', needs: ['space'] } })
const task = text('Task', { placeholder: '86c1x2y3z', help: 'Its id.' })
const people = numbers
const written = {
  description: longText('Description', { as: 'markdown_content', optional: true, help: 'Markdown.' }),
  status: text('Status', { optional: true, placeholder: 'to do' }),
  priority: choice(
    'Priority',
    { '1': 'Urgent', '2': 'High', '3': 'Usual', '4': 'Low' },
    { optional: true, send: Number },
  ),
  due: moment('Due', { form: 'ms', as: 'due_date', optional: true }),
}

const stored = {
  id: '86c1x2y3z',
  name: 'Mend the printer',
  status: { status: 'to do' },
  url: 'https://app.clickup.com/t/86c1x2y3z',
  date_updated: '1764000000000',
  assignees: [{ id: 183, username: 'Ada' }],
}
const pages: Pages = { items: 'tasks', end: { at: 'last_page', is: true }, next: { by: 'page', as: 'page', first: 0 } }
const test = whoIs({ address: ADDRESS, path: 'user', name: ['user.username', 'user.email'] })

/** ClickUp (https://developer.clickup.com/reference). */
export const clickup = defineApp({
  id: 'clickup',
  title: 'ClickUp',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'clickup',
      title: 'ClickUp token',
      secret: { title: 'API token', placeholder: 'pk_…' },
      help: howTo(
        'A token in two steps',
        { title: 'Generate an API token', link: { title: 'Settings', url: 'https://app.clickup.com/settings/apps' } },
        { title: 'Paste it here' },
      ),
      // A token of a person's own goes without a word before it.
      signIn: bearer(''),
      test,
    }),
    oauthAccount({
      id: 'clickup.oauth',
      title: 'ClickUp sign-in',
      authorizeUrl: 'https://app.clickup.com/api',
      tokenUrl: `${ADDRESS}/oauth/token`,
      scopes: [],
      more: { pkce: false },
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'With this redirect address.',
          showsRedirect: true,
          link: { title: 'Settings', url: 'https://app.clickup.com/settings/apps' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test,
    }),
  ],
  answers: {
    says: ['err'],
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  lists: {
    workspaces: listOf({ request: 'GET /team', pages: { items: 'teams' }, value: 'id', label: 'name' }),
    spaces: listOf({
      request: 'GET /team/{workspace}/space?archived=false',
      fields: { workspace },
      pages: { items: 'spaces' },
      value: 'id',
      label: 'name',
    }),
    folders: listOf({
      request: 'GET /space/{space}/folder',
      fields: { space: text('Space') },
      pages: { items: 'folders' },
      value: 'id',
      label: 'name',
    }),
    // Lists are in folders, and beside them.
    async lists(given) {
      const space = { space: text('Space') }
      const beside = await listOf({
        request: 'GET /space/{space}/list',
        fields: space,
        pages: { items: 'lists' },
        value: 'id',
        label: 'name',
      })(given)
      const folders = await listOf({
        request: 'GET /space/{space}/folder',
        fields: space,
        pages: { items: 'folders' },
        value: 'lists',
        label: 'name',
      })({
        ...given,
        http: async (request) => {
          const answer = await given.http(request)
          const found = valueAt(answer.body, readPath('folders')) ?? null
          const lists = (isJsonList(found) ? found : []).flatMap((folder) => {
            const inside = isJsonObject(folder) ? (folder.lists ?? null) : null
            return isJsonList(inside)
              ? inside.map((one) => ({
                  lists: Object(one).id ?? null,
                  name: `${textOf(Object(folder).name ?? '')} / ${textOf(Object(one).name ?? '')}`,
                }))
              : []
          })
          return { ...answer, body: { folders: lists } }
        },
      })
      return { options: [...beside.options, ...folders.options], next: null }
    },
    fields: listOf({
      request: 'GET /list/{list}/field',
      fields: { list },
      pages: { items: 'fields' },
      value: 'id',
      label: 'name',
      hint: 'type',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'task-created-or-updated',
      title: 'New or changed task in ClickUp',
      description: 'Starts for each task of a list that is created or changed.',
      keywords: ['todo', 'edited'],
      summary: '{list}',
      request: 'GET /list/{list}/task?order_by=updated&include_closed=true&page=0',
      fields: { ...toChoose, list },
      pages: { items: 'tasks' },
      key: keyOfParts('id', 'date_updated'),
      sample: stored,
    }),
    hookTrigger({
      name: 'task-events',
      title: 'ClickUp tells of a task',
      description: 'Starts at once when a task is created, changed, moved or deleted.',
      keywords: ['webhook', 'todo', 'status'],
      summary: '{events}',
      fields: {
        workspace,
        events: texts('Events', { optional: true, placeholder: 'taskStatusUpdated', help: 'All of tasks when empty.' }),
        list: text('In the list', { optional: true, advanced: true, help: 'Its id.' }),
      },
      verify: { scheme: 'hmac', header: 'X-Signature', algorithm: 'sha256', encoding: 'hex' },
      subscribe: 'POST /team/{workspace}/webhook',
      body: ({ url }, { events, list: within }) => ({
        endpoint: url,
        events: isJsonList(events ?? null)
          ? (events ?? [])
          : [
              'taskCreated',
              'taskUpdated',
              'taskDeleted',
              'taskStatusUpdated',
              'taskAssigneeUpdated',
              'taskDueDateUpdated',
              'taskMoved',
              'taskCommentPosted',
            ],
        ...(within !== undefined && { list_id: Number(within) }),
      }),
      id: 'id',
      secret: { in: 'answer', at: 'webhook.secret' },
      unsubscribe: 'DELETE /webhook/{id}',
      events: ({ body }) => {
        const item = valueAt(body, readPath('history_items[0].id')) ?? null
        return isJsonObject(body) && typeof body.event === 'string'
          ? [{ key: item === null ? null : `${body.event} ${textOf(item)}`, data: body }]
          : []
      },
      sample: {
        event: 'taskStatusUpdated',
        task_id: '86c1x2y3z',
        webhook_id: '7fa3ec74',
        history_items: [{ field: 'status', before: { status: 'to do' }, after: { status: 'done' } }],
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-task',
      title: 'Create a task in ClickUp',
      description: 'Creates a task in a list.',
      keywords: ['todo', 'add'],
      summary: '{name}',
      request: 'POST /list/{list}/task',
      fields: {
        ...toChoose,
        list,
        name: text('Title'),
        ...written,
        assignees: texts('Assigned to', {
          optional: true,
          advanced: true,
          help: 'Numbers of persons, one a line.',
          send: people,
        }),
        tags: texts('Tags', { optional: true, advanced: true }),
        start: moment('Begins', { form: 'ms', as: 'start_date', optional: true, advanced: true }),
        parent: text('Below the task', { optional: true, advanced: true, help: 'Its id.' }),
        custom: json('Fields of your own', {
          as: 'custom_fields',
          optional: true,
          advanced: true,
          placeholder: '[{"id":"0a52c486","value":5}]',
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'update-task',
      title: 'Change a task in ClickUp',
      description: 'Changes a task; what is left empty stays.',
      keywords: ['todo', 'edit', 'done', 'close'],
      request: 'PUT /task/{task}',
      fields: {
        task,
        name: text('Title', { optional: true }),
        ...written,
        add: texts('Also assigned to', { as: 'assignees.add', optional: true, advanced: true, send: people }),
        remove: texts('No longer assigned to', { as: 'assignees.rem', optional: true, advanced: true, send: people }),
      },
      sample: stored,
    }),
    operation({
      name: 'get-task',
      title: 'Get a task from ClickUp',
      description: 'Reads one task.',
      keywords: ['todo', 'read'],
      request: 'GET /task/{task}',
      fields: {
        task,
        subtasks: yesNo('With the tasks below it', { as: 'include_subtasks', advanced: true }),
        custom: yesNo('By an id of your own', { as: 'custom_task_ids', advanced: true }),
        workspace: text('Workspace', {
          as: 'team_id',
          optional: true,
          advanced: true,
          help: 'For an id of your own.',
          from: { list: 'workspaces' },
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'list-tasks',
      title: 'List tasks of ClickUp',
      description: 'Reads the tasks of a list.',
      keywords: ['todo', 'get many', 'find'],
      summary: '{list}',
      request: 'GET /list/{list}/task',
      fields: {
        ...toChoose,
        list,
        closed: yesNo('Also what is closed', { as: 'include_closed' }),
        statuses: texts('With the status', { as: 'statuses[]', optional: true, advanced: true }),
        order: choice(
          'Sorted by',
          { created: 'Creation', updated: 'Change', due_date: 'Due date' },
          { as: 'order_by', optional: true, advanced: true },
        ),
        since: moment('Changed after', { form: 'ms', as: 'date_updated_gt', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'set-custom-field',
      title: 'Fill in a field of a task in ClickUp',
      description: 'Sets a field of your own of a task.',
      keywords: ['todo', 'custom field'],
      request: 'POST /task/{task}/field/{field}',
      effect: 'idempotent',
      fields: { task, field: text('Field', { placeholder: '0a52c486-…', help: 'Its id.' }), value: json('Value') },
      sample: {},
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on a task in ClickUp',
      description: 'Writes a comment on a task.',
      keywords: ['todo', 'reply', 'note'],
      request: 'POST /task/{task}/comment',
      fields: {
        task,
        text: longText('Text', { as: 'comment_text' }),
        notify: yesNo('Tell everybody', { as: 'notify_all', advanced: true, sendsNo: true }),
      },
      sample: { id: '458', date: 1_764_000_000_000 },
    }),
    operation({
      name: 'create-list',
      title: 'Create a list in ClickUp',
      description: 'Creates a list in a folder.',
      keywords: ['project', 'add'],
      summary: '{name}',
      request: 'POST /folder/{folder}/list',
      fields: {
        ...toChoose,
        folder: text('Folder', { placeholder: '901122334456', from: { list: 'folders', needs: ['space'] } }),
        name: text('Name'),
        content: longText('Description', { optional: true, advanced: true }),
      },
      sample: { id: '901122334455', name: 'Bugs' },
    }),
  ],
})
