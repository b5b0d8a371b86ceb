import { z } from 'zod'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { appPoll } from '../../app-triggers.ts'
import { itemsAt, keyOfParts, textAt } from '../../service/parts.ts'

/** Pages of 100 that are read at one poll; the next one goes on. */
const PAGES_AT_ONCE = 50
/** Asana's answer to whom it does not know, or no longer: with it comes where to begin. */
const BEGINS = 412

const cursorSchema = z.object({ sync: z.string() })
const keyOfEvent = keyOfParts('resource.gid', 'action', 'change.field', 'parent.gid', 'created_at')

/** All that changes in a project or of a task, from where the last answer ended (https://developers.asana.com/reference/getevents). */
export const asanaEvents = appPoll({
  name: 'events',
  title: 'Any change in Asana',
  description:
    'Starts for each thing that is added, changed or deleted in a project, or of a task. It needs no tunnel.',
  keywords: ['todo', 'task', 'comment', 'section', 'deleted', 'moved', 'activity'],
  summary: '{resource}',
  input: z.strictObject({
    resource: z
      .string()
      .min(1)
      .max(100)
      .meta({
        title: 'Project or task',
        description: 'Its id.',
        ui: { widget: 'template', placeholder: '12345' },
      }),
    what: z
      .enum(['all', 'task', 'story', 'section'])
      .default('all')
      .meta({
        title: 'What',
        ui: { labels: { all: 'All', task: 'Tasks', story: 'Comments and the like', section: 'Sections' } },
      }),
  }),
  output: z.record(z.string(), z.json()),
  sample: {
    action: 'changed',
    resource: { gid: '1201', resource_type: 'task', name: 'Order paint' },
    parent: null,
    change: { field: 'due_on', action: 'changed' },
    user: { gid: '7', name: 'Ada' },
    created_at: '2026-11-30T09:00:00.000Z',
  },
  async poll({ input, http, cursor }) {
    let sync = cursorSchema.safeParse(cursor).data?.sync
    const found: Json[] = []
    for (let asked = 0; asked < PAGES_AT_ONCE; asked++) {
      const query = { resource: input.resource, sync }
      const { status, body } = await http({ path: 'events', query, takes: [BEGINS] })
      const next = textAt(body, 'sync')
      // Without a word of where to go on, the next poll asks from here again.
      if (next !== '') sync = next
      // What came before is not known; from now on all is.
      if (status === BEGINS) break
      found.push(...itemsAt(body, 'data'))
      if (next === '' || textAt(body, 'has_more') !== 'true') break
    }
    const events = found
      .filter((one) => input.what === 'all' || textAt(one, 'resource.resource_type') === input.what)
      .map((one) => ({ key: keyOfEvent(one), data: isJsonObject(one) ? one : {} }))
    return { events, cursor: sync === undefined ? null : { sync } }
  },
})
