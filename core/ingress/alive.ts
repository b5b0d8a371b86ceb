import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Answer } from './webhook-answer.ts'

/** Where the listener says who it is. No webhook's path can be there: they hold no more than one segment that begins so. */
const ALIVE_PATH = '/hooks/-/alive/'
const WORD = /^[0-9a-f]{32}$/

const aliveSchema = z.object({ hookline: z.string() })

/**
 * The answer to a request for a sign of life, or null for any other path. It proves to those who know `key` that the request arrived at
 * this very listener, and tells others nothing.
 */
export function aliveAnswer(path: string, key: string): Answer | null {
  if (!path.startsWith(ALIVE_PATH)) return null
  const word = path.slice(ALIVE_PATH.length)
  return WORD.test(word) ? { status: 200, body: { hookline: signOfLife(word, key) } } : null
}

/** Calls a public address and rejects, with a reason for a person, unless this listener answers. */
export async function probeAlive(url: string, key: string, signal: AbortSignal): Promise<void> {
  const word = randomBytes(16).toString('hex')
  let response: Response
  try {
    // Services that show strangers a page first leave out those who ask for none.
    const headers = { 'ngrok-skip-browser-warning': '1', 'bypass-tunnel-reminder': '1' }
    response = await fetch(`${url}${ALIVE_PATH}${word}`, { redirect: 'error', signal, headers })
  } catch (cause) {
    const reason =
      cause instanceof Error && cause.name === 'TimeoutError' ? 'it does not answer' : 'it cannot be reached'
    throw new Error(`${reason}.`, { cause })
  }
  const parsed = aliveSchema.safeParse(await response.json().catch(() => null))
  if (!parsed.success) throw new Error(`something else answers there (${response.status}).`)
  const expected = Buffer.from(signOfLife(word, key))
  const given = Buffer.from(parsed.data.hookline)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new Error('another Hookline answers there.')
  }
}

function signOfLife(word: string, key: string): string {
  return createHmac('sha256', key).update(`alive ${word}`).digest('hex')
}
