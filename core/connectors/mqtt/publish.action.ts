import { randomBytes } from 'node:crypto'
import type { Packet } from 'mqtt-packet'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { credentialRefSchema, enteredFields } from '../credential.ts'
import { defineAction } from '../define.ts'
import { bytesOf, isFileValue } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'
import { isTopic, openMqtt } from './mqtt-session.ts'

/** Publishes a message on a topic of MQTT. With QoS 1 it ends when the broker has it. */
export const mqttPublish = defineAction({
  id: 'mqtt.publish',
  title: 'Publish to MQTT',
  description: 'Publishes a message on a topic of a broker.',
  keywords: ['mqtt', 'mosquitto', 'iot', 'home assistant', 'zigbee2mqtt', 'smart home', 'topic'],
  icon: 'radio-tower',
  category: 'http',
  summary: '{topic}',
  effect: ({ repeat }) => (repeat === 'safe' ? 'idempotent' : 'unsafe'),
  takesLarge: true,
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The broker.',
      ui: { widget: 'credential', types: ['mqtt'] },
    }),
    topic: z
      .string()
      .refine((topic) => isTopic(topic), {
        error: 'must be a topic without + and #, such as home/kitchen/light',
      })
      .meta({ title: 'Topic', ui: { widget: 'template', placeholder: 'home/kitchen/light' } }),
    payload: jsonSchema.default('').meta({
      title: 'Message',
      description: 'Lists and objects are written as JSON; a file is sent as its bytes.',
      ui: { widget: 'template-long', placeholder: 'ON' },
    }),
    qos: z
      .union([z.literal(0), z.literal(1)])
      .default(1)
      .meta({
        title: 'QoS',
        description: '1: the broker says that it has it. 0: it is sent, and that is all.',
        ui: { advanced: true },
      }),
    retain: switchField()
      .prefault(false)
      .meta({ title: 'Retain', description: 'The broker hands it to all who subscribe later.' }),
    repeat: z
      .enum(['ask', 'safe'])
      .default('ask')
      .meta({
        title: 'If it was interrupted',
        description: 'Whether it may be published a second time when it is not known whether the broker has it.',
        ui: { advanced: true, labels: { ask: 'Ask me', safe: 'Publish it again: that does no harm' } },
      }),
  }),
  output: z.object({ topic: z.string(), bytes: z.int() }),
  sample: { topic: 'home/kitchen/light', bytes: 2 },
  async run(ctx) {
    const { account, topic, qos, retain, repeat } = ctx.input
    const payload = Buffer.from(await payloadOf(jsonSchema.parse(ctx.input.payload), ctx.large))
    const entered = enteredFields((await ctx.credential(account)).secret) ?? {}
    const clientId = `hookline${randomBytes(7).toString('hex')}`
    const session = await openMqtt(entered, ctx, { clientId, clean: true })
    try {
      const packet = { cmd: 'publish', topic, payload, qos, retain, dup: false, messageId: 1 } as const
      if (qos === 0) session.send(packet)
      else checkTaken(topic, await session.ask(packet, 'puback'))
    } catch (error) {
      if (repeat === 'safe' || (error instanceof StepError && error.details.code === 'forbidden')) throw error
      const message =
        'The broker broke off before it said that it has the message: look there, and run the step again if it does not.'
      throw new StepError({ code: 'connection-lost', message, retryable: false }, { cause: error })
    } finally {
      session.close()
    }
    return { output: { topic, bytes: payload.length } }
  },
})

/** In version 5 a broker says what it does not take. */
function checkTaken(topic: string, answer: Packet): void {
  const code = answer.cmd === 'puback' ? (answer.reasonCode ?? 0) : 0
  if (code < 128) return
  const message = `The broker does not take a message on ${topic} from this user (reason ${code}): choose another topic, or ask who keeps the broker.`
  throw new StepError({ code: 'forbidden', message, retryable: code === 151 })
}

async function payloadOf(payload: Json, large: LargeValues): Promise<Uint8Array> {
  return isFileValue(payload) || isLargeValue(payload) ? bytesOf(large, payload) : Buffer.from(textOf(payload), 'utf8')
}
