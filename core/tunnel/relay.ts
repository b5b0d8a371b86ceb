import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { TunnelWay } from '../domain/settings/tunnel-settings.ts'
import { exceedsDepth, isJsonObject, type Json, jsonSchema, MAX_JSON_DEPTH } from '../domain/values/json.ts'
import { readJson } from '../domain/values/lossless-json.ts'
import { type OpenTunnelBy, TunnelError, type TunnelSite } from './open-tunnel.ts'

/** A request as the channel tells of it: `body` and `query`, and its headers beside them (smee-client 5.0.0, `index.js`). */
const messageSchema = z.record(z.string(), jsonSchema)

/**
 * Characters of a message: a channel is open to everybody, and to read more would hold up everything else. GitHub's events, which channels are
 * mostly used for, have a tenth of them.
 */
const MAX_CHARS = 262_144

/** A channel sends something at least this often, or it has gone; smee.io does every half minute. */
const SILENCE_MS = 90_000
/** Member of a body by which a check is known from a webhook. */
const CHECK = 'hookline-check'
/** Headers of the way to the channel, which say nothing about the way from there. */
const HOP_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'timestamp',
])

/** Hears a channel and hands what comes to one webhook, as its sender sent it, as far as the channel tells. */
export const openRelay: OpenTunnelBy<Extract<TunnelWay, { provider: 'relay' }>> = async ({ channel, path }, site) => {
  const stop = new AbortController()
  const host = new URL(channel).host
  const response = await fetch(channel, {
    headers: { accept: 'text/event-stream' },
    signal: AbortSignal.any([stop.signal, site.signal]),
  }).catch((cause: unknown) => {
    throw new TunnelError(`${host} could not be reached: it may be down, or this computer offline.`, { cause })
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (!response.ok || response.body === null || !isStream) {
    stop.abort()
    throw new TunnelError(
      `${channel} is no relay channel: make one (at smee.io: "Start a new channel") and copy its address.`,
      {
        isLasting: true,
      },
    )
  }
  const awaited = new Map<string, () => void>()

  async function listen(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
    let silence: ReturnType<typeof setTimeout> | undefined
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => stop.abort(), SILENCE_MS)
    }
    // Only when a channel is listened to: few hosts do, and the others need not hold its reader in memory.
    const { EventSourceParserStream } = await import('eventsource-parser/stream')
    try {
      heard()
      const watched = body.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform(chunk, controller) {
            heard()
            controller.enqueue(chunk)
          },
        }),
      )
      for await (const event of watched
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())) {
        if (event.event === undefined || event.event === 'message') await hear(event.data)
      }
      return `${host} closed the channel.`
    } catch {
      return `The connection to ${host} was lost.`
    } finally {
      clearTimeout(silence)
    }
  }

  async function hear(data: string): Promise<void> {
    if (data.length > MAX_CHARS) {
      site.log.error(`What came by the relay is longer than ${MAX_CHARS} characters, so it was left out.`, { path })
      return
    }
    const message = messageSchema.safeParse(parsed(data))
    if (!message.success) return
    const { body = null, query, ...headers } = message.data
    const check = isJsonObject(body) ? body[CHECK] : undefined
    if (typeof check === 'string') {
      awaited.get(check)?.()
      return
    }
    try {
      await deliver(site, path, { body, query, headers })
    } catch (error) {
      site.log.error('What came by the relay could not be handed on.', { path, error: String(error) })
    }
  }

  const closed = listen(response.body)
  return {
    url: channel,
    isFresh: false,
    onlyPath: path,
    addressHeader: null,
    closed,
    async check(signal) {
      const word = randomUUID()
      const { promise, resolve } = Promise.withResolvers<void>()
      awaited.set(word, resolve)
      const lost = new Promise<never>((_, reject) => {
        signal.addEventListener(
          'abort',
          () => reject(new TunnelError(`What is sent to ${channel} does not arrive here.`)),
          {
            once: true,
          },
        )
      })
      try {
        await fetch(channel, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ [CHECK]: word }),
          signal,
        })
        await Promise.race([promise, lost])
      } finally {
        awaited.delete(word)
      }
    },
    async close() {
      stop.abort()
      await closed
    },
  }
}

function parsed(text: string): unknown {
  try {
    const { value } = readJson(text)
    return exceedsDepth(value, MAX_JSON_DEPTH) ? null : value
  } catch {
    return null
  }
}

/** Sends a request to the listener here. A channel hands on the body as JSON, whatever it was. */
async function deliver(
  { port }: TunnelSite,
  path: string,
  message: { body: Json; query: Json | undefined; headers: Readonly<Record<string, Json>> },
): Promise<void> {
  const url = new URL(`http://127.0.0.1:${port}${path}`)
  for (const [name, value] of Object.entries(isJsonObject(message.query) ? message.query : {})) {
    url.searchParams.set(name, String(value))
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (typeof value === 'string' && !HOP_HEADERS.has(name.toLowerCase())) headers.set(name, value)
  }
  headers.set('content-type', 'application/json')
  await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(message.body) })).arrayBuffer()
}
