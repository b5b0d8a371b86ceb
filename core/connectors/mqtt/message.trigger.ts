import { createHash } from 'node:crypto'
import type { IPublishPacket } from 'mqtt-packet'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema, enteredFields } from '../credential.ts'
import { defineTrigger } from '../define.ts'
import { isTopicFilter, type Mqtt, openMqtt } from './mqtt-session.ts'

/**
 * What is remembered of messages. `taken` are those that were stored last: sent again, as their acknowledgement was cut off, they start nothing.
 * `retained` are those that the broker keeps for topics, and sends again at every subscription.
 */
const placeSchema = z.object({
  count: z.int(),
  session: z.string(),
  taken: z.array(z.string()),
  retained: z.array(z.tuple([z.string(), z.string()])),
})
type Place = z.infer<typeof placeSchema>

const MOST_TAKEN = 600
const MOST_RETAINED = 500

/** Starts for each message on a topic of MQTT. */
export const mqttMessage = defineTrigger({
  id: 'mqtt.message',
  title: 'MQTT message',
  description: 'Starts for each message on a topic of a broker, as soon as it comes.',
  keywords: ['mqtt', 'mosquitto', 'iot', 'home assistant', 'zigbee2mqtt', 'sensor', 'subscribe'],
  icon: 'antenna',
  category: 'http',
  summary: '{topic}',
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The broker.',
      ui: { widget: 'credential', types: ['mqtt'] },
    }),
    topic: z
      .string()
      .refine((topic) => isTopicFilter(topic), { error: 'must be a topic, such as home/+/light or home/#' })
      .meta({
        title: 'Topic',
        description: '+ stands for one level, # at the end for all that follow.',
        ui: { placeholder: 'home/+/motion' },
      }),
    qos: z
      .union([z.literal(0), z.literal(1)])
      .default(1)
      .meta({
        title: 'QoS',
        description: '1: the broker keeps what comes while nothing listens. 0: it does not.',
        ui: { advanced: true },
      }),
  }),
  output: z.object({
    topic: z.string(),
    /** As text; in Base64 where it is none. */
    payload: jsonSchema,
    encoding: z.enum(['utf8', 'base64']),
    /** The same as JSON; null where it is none. */
    json: jsonSchema,
    retained: z.boolean(),
    qos: z.int(),
    /** What comes with a message in version 5: its content type and the names and values that its sender gave it. */
    properties: z.object({ contentType: z.string().nullable(), user: z.record(z.string(), jsonSchema) }).nullable(),
  }),
  sample: {
    topic: 'home/hall/motion',
    payload: '{"occupancy":true}',
    encoding: 'utf8',
    json: { occupancy: true },
    retained: false,
    qos: 1,
    properties: null,
  },
  source: {
    from: 'connection',
    subject: ({ account, topic, qos }) => ({ account: account.$credential, topic, qos }),
    words: ({ topic, account }) => `a message on ${topic} of ${account.$credential}`,
    async keep(context) {
      const { input } = context
      const entered = enteredFields((await context.credential(input.account)).secret) ?? {}
      const clientId = `hookline${context.id.slice(0, 15)}`
      const before = placeSchema.safeParse(context.cursor).data
      // What the broker kept while the zap was off, or for another topic, is not wanted.
      if (before === undefined) (await openMqtt(entered, context, { clientId, clean: true })).close()
      const session = await openMqtt(entered, context, { clientId, clean: false })
      const close = (): void => session.close()
      context.signal.addEventListener('abort', close, { once: true })
      try {
        let place: Place = before ?? { count: 0, session: crypto.randomUUID(), taken: [], retained: [] }
        // Numbers of messages mean something within one session of the broker only.
        if (!session.isKnown) place = { ...place, taken: [] }
        if (before === undefined) await context.take([], place)
        // Also where it remembers this client: brokers have come back from a restart with a session and without its subscription.
        await subscribe(session, input)
        await context.ready()
        for (;;) place = await takeSome(session, context, place)
      } finally {
        context.signal.removeEventListener('abort', close)
        session.close()
      }
    },
    async leave(context) {
      const { account } = context.input
      const entered = enteredFields((await context.credential(account)).secret) ?? {}
      const session = await openMqtt(entered, context, { clientId: `hookline${context.id.slice(0, 15)}`, clean: true })
      session.close()
    },
  },
})

async function subscribe(
  session: Mqtt,
  { topic, qos }: { readonly topic: string; readonly qos: 0 | 1 },
): Promise<void> {
  const answer = await session.ask({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] }, 'suback')
  const [granted] = answer.cmd === 'suback' ? answer.granted : []
  if (granted === undefined || Number(granted) < 128) return
  const message = `The broker does not let this user hear of ${topic}: choose another topic, or ask who keeps the broker.`
  throw new StepError({ code: 'forbidden', message, retryable: false })
}

type Context = Parameters<Extract<(typeof mqttMessage)['source'], { readonly from: 'connection' }>['keep']>[0]

/** Stores what has come, and tells the broker then. */
async function takeSome(session: Mqtt, context: Pick<Context, 'take' | 'large'>, from: Place): Promise<Place> {
  const packets = await session.messages()
  const events: { key: string; data: Json }[] = []
  const taken = [...from.taken]
  const retained = new Map(from.retained)
  let { count } = from
  for (const packet of packets) {
    const payload = Buffer.from(packet.payload)
    const print = createHash('sha256')
      .update(packet.topic)
      .update('\0')
      .update(payload)
      .digest('base64url')
      .slice(0, 22)
    const mark = `${packet.messageId ?? 0}:${print}`
    if (packet.dup && taken.includes(mark)) continue
    if (packet.retain) {
      if (retained.get(packet.topic) === print) continue
      retained.delete(packet.topic)
      retained.set(packet.topic, print)
    }
    if (packet.qos > 0) taken.push(mark)
    count += 1
    events.push({ key: `${from.session}-${count}`, data: await eventOf(packet, payload, context) })
  }
  const place = { ...from, count, taken: taken.slice(-MOST_TAKEN), retained: [...retained].slice(-MOST_RETAINED) }
  await context.take(events, place)
  for (const { qos, messageId } of packets)
    if (qos > 0 && messageId !== undefined) session.send({ cmd: 'puback', messageId })
  return place
}

async function eventOf(packet: IPublishPacket, payload: Buffer, { large }: Pick<Context, 'large'>): Promise<Json> {
  const text = payload.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(payload)
  const read = isText && /^\s*[[{"\d\-tfn]/.test(text) ? await large.readJson(text) : { kind: 'no-json' as const }
  return {
    topic: packet.topic,
    payload: isText ? text : payload.toString('base64'),
    encoding: isText ? 'utf8' : 'base64',
    json: read.kind === 'json' ? read.value : null,
    retained: packet.retain,
    qos: packet.qos,
    properties: propertiesOf(packet),
  }
}

function propertiesOf({ properties }: IPublishPacket): Json {
  if (properties === undefined) return null
  const { contentType = null, userProperties = {} } = properties
  const user = Object.entries(userProperties).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' ? value : [...value],
  ])
  return { contentType, user: Object.fromEntries(user) }
}
