import { z } from 'zod'
import { jsonSchema, textOf } from '../../../domain/values/json.ts'
import { appAction } from '../../define-app.ts'

/** What a priority is called in ntfy, from 1 to 5. */
const PRIORITIES = ['min', 'low', 'default', 'high', 'max'] as const

/** Sends a notification to everyone who subscribed to a topic (https://docs.ntfy.sh/publish/#publish-as-json). */
export const ntfyPublish = appAction({
  name: 'publish',
  title: 'Send to ntfy',
  description: 'Sends a notification to a topic of ntfy.',
  keywords: ['push', 'phone', 'notification', 'alert', 'mobile'],
  summary: '{topic}',
  // ntfy knows no key by which it could tell a repeat.
  effect: 'unsafe',
  timeoutMs: 30_000,
  input: z.strictObject({
    topic: z
      .string()
      .regex(/^[-_A-Za-z0-9]{1,64}$/, { error: 'takes letters, digits, "-" and "_", 64 at most' })
      .meta({
        title: 'Topic',
        ui: { widget: 'service-choice', options: { from: 'topics', reads: ['server'] }, placeholder: 'my-server' },
      }),
    message: jsonSchema
      .refine((message) => textOf(message) !== '', { error: 'needs a text' })
      .meta({ title: 'Text', ui: { widget: 'template-long', placeholder: 'The backup is done.' } }),
    title: jsonSchema.optional().meta({ title: 'Title', ui: { widget: 'template' } }),
    priority: z
      .enum(PRIORITIES)
      .default('default')
      .meta({
        title: 'Priority',
        ui: { advanced: true, labels: { min: 'Lowest', low: 'Low', default: 'Usual', high: 'High', max: 'Highest' } },
      }),
    tags: z
      .array(z.string().min(1).max(100))
      .max(20)
      .optional()
      .meta({
        title: 'Tags',
        description: 'One a line; names of emoji are shown as these.',
        ui: { widget: 'text-list', placeholder: 'warning', advanced: true },
      }),
    click: z
      .string()
      .max(2_000)
      .optional()
      .meta({
        title: 'Opens',
        description: 'The address that a tap on the notification opens.',
        ui: { widget: 'template', placeholder: 'https://example.com/orders/42', advanced: true },
      }),
    server: z
      .string()
      .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
      .optional()
      .meta({
        title: 'Server',
        description: 'Of your own; otherwise ntfy.sh.',
        ui: { widget: 'template', placeholder: 'https://ntfy.sh', advanced: true },
      }),
  }),
  output: z.object({ id: z.string(), sentAt: z.string() }),
  sample: { id: 'hwQ2YpKdmg', sentAt: '2026-11-24T09:00:00.000Z' },
  async run({ input, http }) {
    const { topic, message, title, priority, tags, click } = input
    const answer = await http({
      method: 'POST',
      path: '',
      body: {
        topic,
        message: textOf(message),
        priority: PRIORITIES.indexOf(priority) + 1,
        ...(title === undefined ? {} : { title: textOf(title) }),
        ...(tags === undefined ? {} : { tags }),
        ...(click === undefined ? {} : { click }),
      },
    })
    const { id, time } = answer.as(publishedSchema)
    return { id, sentAt: new Date(time * 1_000).toISOString() }
  },
})

/** `time` is in seconds since 1970. */
const publishedSchema = z.object({ id: z.string(), time: z.number() })
