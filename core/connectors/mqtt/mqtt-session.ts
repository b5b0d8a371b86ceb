import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet'
import { StepError } from '../../domain/runs/step-error.ts'
import type { ActionContext } from '../action-context.ts'
import type { CredentialFields } from '../credential.ts'
import { connectToBroker } from './mqtt-transport.ts'

type Reach = Pick<ActionContext<unknown>, 'connect' | 'signal' | 'clock'>

/** A session with a broker (MQTT 3.1.1, or 5 where the credential says so). Everything rejects with a {@link StepError} when the connection is over. */
export type Mqtt = {
  /** Whether the broker remembers this client, with what it subscribed to and what came meanwhile. */
  readonly isKnown: boolean
  send(packet: Packet): void
  /** Sends a packet and resolves with the one that answers it. */
  ask(packet: Packet & { readonly messageId: number }, answer: Packet['cmd']): Promise<Packet>
  /** The messages that came since the last call; waits until there is one. */
  messages(): Promise<readonly IPublishPacket[]>
  /** Says goodbye and ends the connection. */
  close(): void
}

/** Seconds without a word after which broker and client ask one another whether they are there. */
const KEEPALIVE_S = 60
const ANSWER_MS = 20_000
/** For how long a broker is asked to remember what it is subscribed to while nothing listens: 30 days. */
const REMEMBERED_S = 2_592_000
/** Messages, and bytes of one, that are held until they are taken. */
const MOST_HELD = 500
const MOST_BYTES = 67_108_864

/** Signs in at a broker. With `clean` it forgets what it knows of this client, and remembers nothing. */
export async function openMqtt(
  entered: CredentialFields,
  { connect, clock }: Reach,
  client: { readonly clientId: string; readonly clean: boolean },
): Promise<Mqtt> {
  const { user = '', password = '' } = entered
  const protocolVersion = entered.version === '5' ? 5 : 4
  const { generate, parser: createParser } = (await import('mqtt-packet')).default
  const stream = await connectToBroker(entered, { connect })
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => undefined)
  const waiting = new Map<string, (packet: Packet) => void>()
  let held: IPublishPacket[] = []
  let news = Promise.withResolvers<void>()
  let isAnswered = true
  let unread = 0

  const parser = createParser({ protocolVersion })
  parser.on('packet', (packet) => {
    unread = 0
    if (packet.cmd === 'publish') {
      held.push(packet)
      // The broker waits with the rest.
      if (held.length >= MOST_HELD) stream.pause()
      news.resolve()
    } else if (packet.cmd === 'pingresp') isAnswered = true
    else if (packet.cmd === 'disconnect') end(brokenOff(`it says goodbye (reason ${packet.reasonCode ?? 0})`))
    else waiting.get(keyOf(packet.cmd, packet.messageId))?.(packet)
  })
  parser.on('error', (error) => end(noBroker(error)))
  stream.on('data', (bytes: Buffer) => {
    unread += bytes.length
    if (unread > MOST_BYTES)
      end(
        new StepError({
          code: 'too-large',
          message: `The broker sends a message of more than ${MOST_BYTES / 1_048_576} MB.`,
          retryable: false,
        }),
      )
    else parser.parse(bytes)
  })
  stream.on('error', (error: Error) => end(brokenOff(error.message)))
  stream.on('close', () => end(brokenOff('it ended the connection')))

  function end(why: StepError): void {
    over.reject(why)
    stream.destroy()
  }
  function send(packet: Packet): void {
    if (!stream.destroyed) stream.write(generate(packet, { protocolVersion }))
  }
  async function answerTo(packet: Packet, key: string): Promise<Packet> {
    const answer = Promise.withResolvers<Packet>()
    waiting.set(key, answer.resolve)
    const cancel = clock.after(ANSWER_MS, () => end(brokenOff('it does not answer')))
    send(packet)
    return Promise.race([answer.promise, over.promise]).finally(() => {
      cancel()
      waiting.delete(key)
    })
  }

  const sent = await answerTo(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion,
      clientId: client.clientId,
      clean: client.clean,
      // The newer version forgets a client that does not say for how long it is to be remembered.
      ...(protocolVersion === 5 && !client.clean && { properties: { sessionExpiryInterval: REMEMBERED_S } }),
      keepalive: KEEPALIVE_S,
      ...(user !== '' && { username: user }),
      ...(password !== '' && { password: Buffer.from(password, 'utf8') }),
    },
    keyOf('connack', undefined),
  )
  const { returnCode = 0, reasonCode = returnCode, sessionPresent } = sent as IConnackPacket // what was waited for
  if (reasonCode !== 0) {
    end(ENDED)
    throw refusedBy(reasonCode)
  }
  let cancelPing = (): void => undefined
  const ping = (): void => {
    if (!isAnswered) {
      end(brokenOff('it does not answer'))
      return
    }
    isAnswered = false
    send({ cmd: 'pingreq' })
    cancelPing = clock.after((KEEPALIVE_S * 1_000) / 2, ping)
  }
  cancelPing = clock.after((KEEPALIVE_S * 1_000) / 2, ping)
  stream.once('close', () => cancelPing())

  return {
    isKnown: sessionPresent,
    send,
    ask: (packet, answer) => answerTo(packet, keyOf(answer, packet.messageId)),
    async messages() {
      if (held.length === 0) await Promise.race([news.promise, over.promise])
      const some = held
      held = []
      news = Promise.withResolvers()
      stream.resume()
      return some
    },
    close() {
      cancelPing()
      // What still waits for an answer ends.
      over.reject(ENDED)
      send({ cmd: 'disconnect' })
      stream.end()
    },
  }
}

const keyOf = (cmd: string, id: number | undefined): string => `${cmd}:${id ?? ''}`
const ENDED = new StepError({ code: 'network', message: 'The connection to the broker is over.', retryable: true })

function brokenOff(why: string): StepError {
  return new StepError({ code: 'network', message: `The broker broke off: ${why.slice(0, 300)}.`, retryable: true })
}

function noBroker(cause: unknown): StepError {
  const message =
    'What answers there is no broker of MQTT: look at the address, and whether it is encrypted (mqtts://).'
  return new StepError({ code: 'no-mqtt', message, retryable: false }, { cause })
}

/** It is not there, busy, or takes no more connections for now. */
const BUSY: readonly number[] = [3, 136, 137, 159]

/** Why a broker does not take a client (MQTT 3.1.1, table 3.1; from 128 on MQTT 5.0, table 3-1). */
function refusedBy(code: number): StepError {
  if (code === 1 || code === 132) {
    const message = 'The broker does not speak this version of MQTT: choose the other one in the credential.'
    return new StepError({ code: 'refused', message, retryable: false })
  }
  if ([4, 5, 134, 135, 140].includes(code)) {
    const message = 'The broker does not take user and password: enter them again under Credentials.'
    return new StepError({ code: 'sign-in', message, retryable: false })
  }
  const message = BUSY.includes(code)
    ? 'The broker takes no client at the moment.'
    : `The broker does not take this client (code ${code}).`
  return new StepError({ code: 'refused', message, retryable: BUSY.includes(code) })
}

/** Whether a text is a topic to publish to (MQTT 3.1.1, 4.7). */
export function isTopic(topic: string): boolean {
  return isTopicFilter(topic) && !/[+#]/.test(topic)
}

/** Whether a text is one to subscribe to: with `+` for a level, and `#` for all that follow. */
export function isTopicFilter(topic: string): boolean {
  if (topic === '' || topic.includes('\0') || Buffer.byteLength(topic, 'utf8') > 65_535) return false
  const levels = topic.split('/')
  return levels.every(
    (level, at) => !/[+#]/.test(level) || level === '+' || (level === '#' && at === levels.length - 1),
  )
}
