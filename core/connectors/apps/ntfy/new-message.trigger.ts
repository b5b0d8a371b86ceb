import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { withoutTrailing } from '../../../domain/templates/trailing.ts'
import { appPoll, appStream } from '../../app-triggers.ts'

/** The server of everyone. */
export const NTFY_SH = 'https://ntfy.sh'

/** A line of what a topic keeps (https://docs.ntfy.sh/subscribe/api/#json-message-format); `time` is in seconds since 1970. */
const lineSchema = z.object({
  id: z.string(),
  event: z.string(),
  time: z.number(),
  topic: z.string(),
  message: z.string().optional(),
  title: z.string().optional(),
  priority: z.int().optional(),
  tags: z.array(z.string()).optional(),
  click: z.string().optional(),
})

const input = z.strictObject({
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/, { error: 'takes letters, digits, "-" and "_", 64 at most' })
    .meta({
      title: 'Topic',
      ui: { widget: 'service-choice', options: { from: 'topics', reads: ['server'] }, placeholder: 'my-server' },
    }),
  server: z
    .string()
    .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
    .optional()
    .meta({
      title: 'Server',
      description: 'Of your own; otherwise ntfy.sh.',
      ui: { placeholder: 'https://ntfy.sh', advanced: true },
    }),
})

const output = z.object({
  id: z.string(),
  sentAt: z.string(),
  topic: z.string(),
  message: z.string(),
  title: z.string().nullable(),
  priority: z.int(),
  tags: z.array(z.string()),
  click: z.string().nullable(),
})

const sample = {
  id: 'hwQ2YpKdmg',
  sentAt: '2026-11-24T09:00:00.000Z',
  topic: 'my-server',
  message: 'The backup is done.',
  title: 'Backup',
  priority: 3,
  tags: ['white_check_mark'],
  click: null,
}

function eventOf({ id, time, topic, message = '', priority = 3, tags = [], ...more }: z.output<typeof lineSchema>) {
  const { title = null, click = null } = more
  const sentAt = new Date(time * 1_000).toISOString()
  return { key: id, data: { id, sentAt, topic, message, title, priority, tags, click } }
}

/** Starts for each message that is sent to a topic. The server keeps messages for 12 hours, so that a poll finds those of a night. */
export const ntfyNewMessage = appPoll({
  name: 'new-message',
  title: 'Message on ntfy',
  description: 'Starts for each message that is sent to a topic of ntfy.',
  keywords: ['notification', 'push', 'receive', 'subscribe', 'topic'],
  summary: '{topic}',
  every: '1m',
  input,
  output,
  sample,
  async poll({ input, http, cursor }) {
    const since = typeof cursor === 'string' ? cursor : 'all'
    const answer = await http({ path: `${input.topic}/json`, query: { poll: 1, since } })
    const lines =
      answer
        .as(z.string().nullable())
        ?.split('\n')
        .filter((line) => line.trim() !== '') ?? []
    const messages = lines.map(readLine).filter(({ event }) => event === 'message')
    return {
      events: messages.map(eventOf),
      // Before the first message there is no id to go on from; "all" finds nothing twice, as messages have ids.
      cursor: messages.at(-1)?.id ?? since,
    }
  },
})

/** The same by a connection that stays open. What came while there was none is told by the server's memory. */
export const ntfyStream = appStream({
  name: 'stream',
  title: 'ntfy tells at once',
  description: 'Starts at once for each message that is sent to a topic of ntfy, over a connection that stays open.',
  keywords: ['notification', 'push', 'receive', 'subscribe', 'topic', 'at once', 'live'],
  summary: '{topic}',
  input,
  output,
  sample,
  async open({ input: { topic, server = NTFY_SH }, place, account }) {
    const { token, user, password } = await account()
    const at = new URL(`${withoutTrailing(server.trim(), '/')}/${topic}/ws`)
    at.protocol = at.protocol.replace('http', 'ws')
    if (typeof place === 'string') at.searchParams.set('since', place)
    const word = user === undefined ? token && `Bearer ${token}` : `Basic ${btoa(`${user}:${password ?? ''}`)}`
    return { url: at.href, ...(word && { headers: { authorization: word } }) }
  },
  read(message, { place }) {
    const line = lineSchema.safeParse(message).data
    // Before the first message there is no id to go on from, but the second in which the server began to tell.
    if (line?.event === 'open') return { isReady: true, place: place ?? String(Math.floor(line.time)) }
    return line?.event === 'message' ? { events: [eventOf(line)], place: line.id } : null
  },
})

function readLine(line: string): z.output<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch (cause) {
    const message = 'The server answered something else than messages of ntfy: look at its address.'
    throw new StepError({ code: 'bad-answer', message, retryable: true }, { cause })
  }
}
