import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonObject, type Json, type JsonObject, textOf } from '../../../domain/values/json.ts'
import { PLACE_GONE } from '../../app-triggers.ts'
import { choice, text } from '../../service/fields.ts'
import { textAt } from '../../service/parts.ts'
import { streamTrigger } from '../../service/stream.ts'

/** What may be heard, with what Discord calls it and the intents that it is told by (https://docs.discord.com/developers/events/gateway#gateway-intents). */
const HEARD = {
  message: { event: 'MESSAGE_CREATE', intents: 1 + 512 + 4_096 + 32_768 },
  'message-edited': { event: 'MESSAGE_UPDATE', intents: 1 + 512 + 4_096 + 32_768 },
  'message-deleted': { event: 'MESSAGE_DELETE', intents: 1 + 512 + 4_096 },
  reaction: { event: 'MESSAGE_REACTION_ADD', intents: 1 + 1_024 + 8_192 },
  'member-joined': { event: 'GUILD_MEMBER_ADD', intents: 1 + 2 },
} as const
type Heard = keyof typeof HEARD

const placeSchema = z.object({ session: z.string(), url: z.string(), seq: z.number() })

/** Where a session goes on; null where there is none. */
const placeOf = (place: Json): z.output<typeof placeSchema> | null => placeSchema.safeParse(place).data ?? null

const heardOf = (word: Json | undefined): (typeof HEARD)[Heard] => HEARD[textOf(word ?? '') as Heard] ?? HEARD.message

/** Codes with which Discord ends a connection (https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes). */
function meaningOf(code: number): StepError | null {
  const says = (message: string): StepError => new StepError({ code: 'http-401', message, retryable: false })
  if (code === 4_004) return says('Discord does not take the token of this bot: enter a new one under Credentials.')
  if (code === 4_013 || code === 4_014) {
    return says(
      'Discord does not let this bot hear of that: switch on “Message Content Intent” (and “Server Members Intent” for people who join) at Discord under Applications → Bot.',
    )
  }
  if (code !== 4_007 && code !== 4_009) return null
  return new StepError({ code: PLACE_GONE, message: 'Discord begins a new session.', retryable: true })
}

/**
 * Discord's gateway (https://docs.discord.com/developers/events/gateway): one connection that is kept by beats. One that broke is resumed where
 * it was, also after a restart, so that what came meanwhile is told, as long as Discord remembers the session.
 */
export const discordGateway = streamTrigger({
  name: 'gateway',
  title: 'Discord tells at once',
  description: 'Starts at once for what happens where your bot is, over a connection that stays open.',
  keywords: ['chat', 'bot', 'message', 'reaction', 'member', 'at once', 'live'],
  summary: '{what}',
  fields: {
    what: choice(
      'What',
      {
        message: 'A message was written',
        'message-edited': 'A message was changed',
        'message-deleted': 'A message was deleted',
        reaction: 'Someone reacted to a message',
        'member-joined': 'Someone joined a server',
      },
      { initial: 'message' },
    ),
    server: text('Server', { optional: true, at: 'nowhere', help: 'All when empty.', from: { list: 'servers' } }),
    channel: text('Channel', {
      optional: true,
      help: 'All when empty.',
      from: { list: 'channels', needs: ['server'] },
    }),
  },
  alsoAt: ['https://*.discord.gg'],
  async open({ http, place }) {
    const told = placeOf(place)?.url ?? textAt((await http({ path: 'gateway/bot' })).body, 'url')
    const url = URL.parse(told)
    if (url === null) {
      const message = 'Discord does not say where it tells what happens.'
      throw new StepError({ code: 'bad-answer', message, retryable: true })
    }
    url.searchParams.set('v', '10')
    url.searchParams.set('encoding', 'json')
    // A goodbye with 1000 would end the session for good.
    return { url: url.href, leavesWith: 4_000, means: meaningOf }
  },
  beat: (place) => ({ op: 1, d: placeOf(place)?.seq ?? null }),
  read(message, { entered, account, place }) {
    const known = placeOf(place)
    const { op, s, t, d = null } = messageOf(message)
    const wanted = heardOf(entered.what)
    switch (op) {
      case 10: {
        const token = account.token ?? ''
        const properties = { os: 'any', browser: 'hookline', device: 'hookline' }
        return {
          beatsEveryMs: Math.max(100, Number(textAt(d, 'heartbeat_interval')) || 40_000),
          sends:
            known === null
              ? { op: 2, d: { token, intents: wanted.intents, properties } }
              : { op: 6, d: { token, session_id: known.session, seq: known.seq } },
        }
      }
      case 1:
        return { sends: { op: 1, d: known?.seq ?? null } }
      case 11:
        return { isHeard: true }
      case 7:
        return { isOver: true }
      case 9:
        if (d === true) return { isOver: true }
        throw new StepError({ code: PLACE_GONE, message: 'Discord begins a new session.', retryable: true })
      case 0: {
        if (t === 'READY') {
          const begun = { session: textAt(d, 'session_id'), url: textAt(d, 'resume_gateway_url'), seq: s }
          return { place: begun, isReady: true }
        }
        const moved = known === null ? {} : { place: { ...known, seq: s } }
        if (t === 'RESUMED') return { ...moved, isReady: true }
        if (t !== wanted.event || !isMeant(d, entered)) return moved
        return { ...moved, events: [{ key: keyOf(t, d), data: d }] }
      }
      default:
        return null
    }
  },
  sample: {
    id: '1234567890',
    channel_id: '99',
    guild_id: '1',
    content: 'The backup is done.',
    timestamp: '2026-11-30T09:00:00.000Z',
    author: { id: '7', username: 'ada' },
  },
})

function messageOf(message: Json): { op: number; s: number; t: string; d: Json } {
  const { op = null, s = null, t = null, d = null }: JsonObject = isJsonObject(message) ? message : {}
  return { op: Number(op ?? -1), s: Number(s ?? 0), t: typeof t === 'string' ? t : '', d }
}

/** Whether it happened where it is to be heard of. */
function isMeant(data: Json, { server, channel }: Readonly<Record<string, Json | undefined>>): boolean {
  const isAt = (wanted: Json | undefined, name: string): boolean =>
    wanted === undefined || wanted === '' || textAt(data, name) === textOf(wanted)
  return isAt(server, 'guild_id') && isAt(channel, 'channel_id')
}

/** What tells one event from all others. */
function keyOf(event: string, data: Json): string {
  const at = (path: string): string => textAt(data, path)
  switch (event) {
    case 'MESSAGE_UPDATE':
      return `${at('id')} ${at('edited_timestamp')}`
    case 'MESSAGE_DELETE':
      return `${at('id')} deleted`
    case 'MESSAGE_REACTION_ADD':
      return `${at('message_id')} ${at('user_id')} ${at('emoji.id')}${at('emoji.name')}`
    case 'GUILD_MEMBER_ADD':
      return `${at('guild_id')} ${at('user.id')} ${at('joined_at')}`
    default:
      return at('id')
  }
}
