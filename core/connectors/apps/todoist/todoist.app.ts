import { textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, text, texts } from '../../service/fields.ts'
import { handTrigger, keyOfSigned } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { keyOfParts } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.todoist.com/api/v1'
/** A write with the same number is done once (https://developer.todoist.com/api/v1). */
const KEY = 'X-Request-Id'

const task = text('Task', { placeholder: '6X7rM8997g3RQmvh', help: 'Its id.' })
const project = text('Project', {
  as: 'project_id',
  optional: true,
  help: 'The inbox when empty.',
  from: { list: 'projects' },
})
const section = text('Section', {
  as: 'section_id',
  optional: true,
  advanced: true,
  from: { list: 'sections', needs: ['project'] },
})
const written = {
  description: longText('Description', { optional: true }),
  due: text('Due', { as: 'due_string', optional: true, placeholder: 'tomorrow at 9', help: 'In words, or a date.' }),
  // The most urgent is 4 here, and 1 on screens.
  priority: choice(
    'Priority',
    { '4': '1 (most urgent)', '3': '2', '2': '3', '1': '4 (usual)' },
    { optional: true, send: Number },
  ),
  labels: texts('Labels', { optional: true, advanced: true }),
  assignee: text('Assigned to', {
    as: 'assignee_id',
    optional: true,
    advanced: true,
    help: 'The id of a person of the project.',
  }),
}

const pages: Pages = {
  items: 'results',
  size: { as: 'limit', most: 200 },
  next: { by: 'cursor', at: 'next_cursor', as: 'cursor' },
}
const stored = {
  id: '6X7rM8997g3RQmvh',
  content: 'Buy milk',
  description: '',
  project_id: '6Jf8VQXxpwv56VQ7',
  priority: 1,
  labels: [],
  due: { date: '2026-12-01', string: 'tomorrow' },
  added_at: '2026-11-30T09:00:00.000000Z',
  checked: false,
}
const test = whoIs({ address: ADDRESS, path: 'user', name: ['full_name', 'email'] })

/** Todoist (https://developer.todoist.com/api/v1). */
export const todoist = defineApp({
  id: 'todoist',
  title: 'Todoist',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'todoist',
      title: 'Todoist token',
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Copy your token',
          text: 'Settings → Integrations → Developer.',
          link: { title: 'Settings', url: 'https://app.todoist.com/app/settings/integrations/developer' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test,
    }),
    oauthAccount({
      id: 'todoist.oauth',
      title: 'Todoist sign-in',
      authorizeUrl: 'https://todoist.com/oauth/authorize',
      tokenUrl: 'https://todoist.com/oauth/access_token',
      scopes: ['data:read_write', 'data:delete'],
      more: { pkce: false, scopeSeparator: ',' },
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'With this redirect address.',
          showsRedirect: true,
          link: { title: 'App console', url: 'https://app.todoist.com/app/settings/integrations/app-management' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test,
    }),
  ],
  answers: {
    says: ['error'],
    waits: (body) => {
      const seconds = valueAt(body, readPath('error_extra.retry_after'))
      return typeof seconds === 'number' ? seconds * 1_000 : undefined
    },
  },
  lists: {
    projects: listOf({ request: 'GET /projects', pages, value: 'id', label: 'name' }),
    sections: listOf({
      request: 'GET /sections',
      fields: { project: text('Project', { as: 'project_id' }) },
      pages,
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-task',
      title: 'New task in Todoist',
      description: 'Starts for each task that is added.',
      keywords: ['todo', 'added'],
      request: 'GET /tasks',
      fields: {
        project: text('Project', {
          as: 'project_id',
          optional: true,
          help: 'All of them when empty.',
          from: { list: 'projects' },
        }),
      },
      pages,
      most: 2_000,
      key: 'id',
      sample: stored,
    }),
    newItemTrigger({
      name: 'completed-task',
      title: 'Task done in Todoist',
      description: 'Starts for each task that is completed.',
      keywords: ['todo', 'completed', 'checked'],
      fields: {
        project: text('Project', {
          as: 'project_id',
          optional: true,
          help: 'All of them when empty.',
          from: { list: 'projects' },
        }),
      },
      key: keyOfParts('id', 'completed_at'),
      sample: { ...stored, checked: true, completed_at: '2026-11-30T09:00:00.000000Z' },
      // Todoist wants both ends of the time; those of the last days hold all that may be new.
      async list({ http, input, now }) {
        const query = {
          since: new Date(now - 7 * 86_400_000).toISOString(),
          until: new Date(now + 3_600_000).toISOString(),
          ...(input.project !== undefined && { project_id: textOf(input.project) }),
        }
        return (
          await readPages(
            http,
            { path: 'tasks/completed/by_completion_date', query },
            { ...pages, items: 'items' },
            1_000,
          )
        ).items
      },
    }),
    handTrigger({
      name: 'item-events',
      title: 'Todoist tells of a task',
      description: 'Starts at once when a task is added, changed or done.',
      keywords: ['webhook', 'task', 'completed', 'at once'],
      where: 'in the app console of Todoist, as the callback address of the webhooks of an app',
      verify: { scheme: 'hmac', header: 'X-Todoist-Hmac-SHA256', encoding: 'base64' },
      secret: 'The client secret of the app.',
      events: ({ body }) => [{ key: keyOfSigned(body), data: body }],
      sample: {
        event_name: 'item:added',
        user_id: '2671355',
        event_data: { id: '6X7rM8997g3RQmvh', content: 'Buy tea', project_id: '6Jf8VQXxpwv56VQ7' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-task',
      title: 'Create a task in Todoist',
      description: 'Adds a task. A repeat is told by Todoist.',
      keywords: ['todo', 'add'],
      summary: '{content}',
      request: 'POST /tasks',
      effect: 'keyed',
      keyHeader: KEY,
      fields: {
        content: text('Task'),
        project,
        section,
        ...written,
        parent: text('Below the task', { as: 'parent_id', optional: true, advanced: true, help: 'Its id.' }),
      },
      sample: stored,
    }),
    operation({
      name: 'list-tasks',
      title: 'List tasks of Todoist',
      description: 'Reads the tasks that are not done.',
      keywords: ['todo', 'get many'],
      summary: '{project}',
      request: 'GET /tasks',
      fields: {
        project: text('Project', {
          as: 'project_id',
          optional: true,
          help: 'All of them when empty.',
          from: { list: 'projects' },
        }),
        section,
        label: text('With the label', { optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'filter-tasks',
      title: 'Find tasks in Todoist',
      description: 'Finds tasks by a filter of Todoist’s.',
      keywords: ['todo', 'search', 'today', 'overdue'],
      request: 'GET /tasks/filter',
      fields: { query: text('Filter', { placeholder: 'today | overdue' }) },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'update-task',
      title: 'Change a task in Todoist',
      description: 'Changes a task; what is left empty stays.',
      keywords: ['todo', 'edit'],
      request: 'POST /tasks/{task}',
      effect: 'idempotent',
      keyHeader: KEY,
      fields: { task, content: text('Task', { optional: true }), ...written },
      sample: stored,
    }),
    operation({
      name: 'close-task',
      title: 'Complete a task in Todoist',
      description: 'Says that a task is done; one that repeats moves on to its next date.',
      keywords: ['todo', 'done', 'check', 'finish'],
      request: 'POST /tasks/{task}/close',
      // A repeat would move a task that comes again once more, but for its number.
      effect: 'keyed',
      keyHeader: KEY,
      fields: { task },
      sample: {},
    }),
    operation({
      name: 'reopen-task',
      title: 'Reopen a task in Todoist',
      description: 'Says that a task is not done after all.',
      keywords: ['todo', 'undo', 'uncheck'],
      request: 'POST /tasks/{task}/reopen',
      effect: 'idempotent',
      keyHeader: KEY,
      fields: { task },
      sample: {},
    }),
    operation({
      name: 'get-task',
      title: 'Get a task from Todoist',
      description: 'Reads one task.',
      keywords: ['todo', 'read'],
      request: 'GET /tasks/{task}',
      fields: { task },
      sample: stored,
    }),
    operation({
      name: 'delete-task',
      title: 'Delete a task in Todoist',
      description: 'Deletes a task.',
      keywords: ['todo', 'remove'],
      request: 'DELETE /tasks/{task}',
      fields: { task },
      sample: {},
    }),
    operation({
      name: 'move-task',
      title: 'Move a task in Todoist',
      description: 'Moves a task into another project or section, or below another task.',
      keywords: ['todo', 'project'],
      request: 'POST /tasks/{task}/move',
      effect: 'idempotent',
      keyHeader: KEY,
      fields: {
        task,
        project: text('Into the project', { as: 'project_id', optional: true, from: { list: 'projects' } }),
        section: text('Into the section', {
          as: 'section_id',
          optional: true,
          from: { list: 'sections', needs: ['project'] },
        }),
        parent: text('Below the task', { as: 'parent_id', optional: true, advanced: true, help: 'Its id.' }),
      },
      // Todoist takes one of them alone: the nearest place.
      body: (body) => {
        const { project_id: inProject, section_id: inSection, parent_id: below } = Object(body)
        return below !== undefined
          ? { parent_id: below }
          : inSection !== undefined
            ? { section_id: inSection }
            : { project_id: inProject ?? null }
      },
      sample: stored,
    }),
    operation({
      name: 'quick-add',
      title: 'Quick add to Todoist',
      description:
        'Adds a task that is written as one would type it: date, project, label and priority are found in it.',
      keywords: ['todo', 'create', 'task'],
      request: 'POST /tasks/quick',
      effect: 'keyed',
      keyHeader: KEY,
      fields: {
        text: text('Text', { placeholder: 'Buy milk tomorrow #Home p1' }),
        note: longText('Note', { optional: true, advanced: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on a task in Todoist',
      description: 'Writes a comment on a task.',
      keywords: ['todo', 'note', 'reply'],
      request: 'POST /comments',
      effect: 'keyed',
      keyHeader: KEY,
      fields: { task: { ...task, as: 'task_id' }, text: longText('Text', { as: 'content', most: 15_000 }) },
      sample: { id: '6X7rM8997g3RQmvi', content: 'Done.' },
    }),
  ],
})
