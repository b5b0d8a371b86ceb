import { createHash, createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log, Sessions } from '../../core/app.ts'
import { readKeyFile } from '../key-file.ts'
import { browserName } from './browser-name.ts'
import { createOneTimeWords } from './one-time-words.ts'
import { readSessionFile, type StoredSession, writeSessionFile } from './session-file.ts'

/** How long an address can be opened. */
const ADDRESS_MS = 10 * 60_000
const MOST_ADDRESSES = 100
/** How long a browser has to answer a challenge. */
const CHALLENGE_MS = 30_000
const MOST_CHALLENGES = 1_000
/** A browser that was not seen for so long needs a fresh address. */
const IDLE_MS = 30 * 86_400_000
const MOST_SESSIONS = 50
const MOST_AGENT_CHARS = 500
/** When browsers were last seen is not worth a write at each of their connections. */
const STORE_SEEN_MS = 3_600_000

/** What a page and the host sign begins so, and neither may be taken for the other. `renderer/api/session.ts` has the same words. */
const PAGE_SIGNS = 'hookline page'
const HOST_SIGNS = 'hookline host'

/** What a page needs to know of the session that it opened. */
export type OpenedSession = {
  readonly id: string
  /** Key of the host's proofs to this session, as base64url. */
  readonly hostKey: string
}

/**
 * The sessions of the browsers that show the screens. A browser makes a key pair and keeps the private half where no script can read it;
 * the host knows the public half. Each connection is a challenge in both directions, bound to the address in the browser's bar: nothing
 * that is ever sent is of use to a program that takes the host's port, or to one that passes messages on.
 */
export type PageSessions = Sessions & {
  /** Opens a session with the word of a fresh address. Null when that word is void; `key` is then still unknown here. */
  open(word: string, key: string, userAgent: string): OpenedSession | null
  /** Begins a connection: proves to the page who we are, and asks it to do so too. Null for a session that is not there. */
  challenge(id: string, pageNonce: string, origin: string): { readonly nonce: string; readonly proof: string } | null
  /** The session whose page answered a challenge of ours; null when the answer is wrong, late, or was used before. */
  answered(answer: string, origin: string): string | null
  /** Counts a screen in, to be closed when the session ends; the returned function counts it out. */
  connected(id: string, close: () => void): () => void
}

export function createSessions(config: {
  dataDir: string
  clock: Clock
  log: Log
  /** Address of the screens, without a slash at its end. */
  origin(): string
}): PageSessions {
  const { dataDir, clock, log, origin } = config
  const file = join(dataDir, 'sessions.json')
  const addresses = createOneTimeWords<true>(clock, { lastMs: ADDRESS_MS, most: MOST_ADDRESSES })
  const challenges = createOneTimeWords<string>(clock, { lastMs: CHALLENGE_MS, most: MOST_CHALLENGES })
  const screens = new Map<string, Set<() => void>>()
  // Read at the first use: the data folder is ours by then.
  let loaded: Map<string, StoredSession> | undefined
  let secret: Buffer | undefined

  const watchers: (() => void)[] = []
  const tellChange = (): void => {
    for (const watcher of watchers) watcher()
  }

  const sessions = (): Map<string, StoredSession> => {
    loaded ??= new Map(readSessionFile(file).map((session) => [session.id, session]))
    for (const { id, lastSeenAt } of loaded.values()) {
      if (lastSeenAt + IDLE_MS < clock.now() && !screens.has(id)) loaded.delete(id)
    }
    return loaded
  }
  let storedAt = Number.NEGATIVE_INFINITY
  const store = (): void => {
    writeSessionFile(file, [...sessions().values()])
    storedAt = clock.now()
  }
  const hostSecret = (): Buffer => {
    secret ??= readKeyFile(join(dataDir, 'host.key'))
    return secret
  }
  const hostKeyOf = (id: string): Buffer => createHmac('sha256', hostSecret()).update(id).digest()

  function seen(id: string): void {
    const session = sessions().get(id)
    if (session === undefined) return
    sessions().set(id, { ...session, lastSeenAt: clock.now() })
    if (clock.now() - storedAt < STORE_SEEN_MS) return
    try {
      store()
    } catch (error) {
      log.warn('When a browser was last seen could not be stored.', { error: String(error) })
    }
  }

  function cutOff(ids: readonly string[]): void {
    for (const id of ids) for (const close of screens.get(id) ?? []) close()
  }

  function makeRoom(): void {
    const idle = [...sessions().values()].filter(({ id }) => !screens.has(id))
    const oldest = idle.sort((a, b) => a.lastSeenAt - b.lastSeenAt)
    for (const { id } of oldest.slice(0, Math.max(0, sessions().size - MOST_SESSIONS + 1))) sessions().delete(id)
  }

  return {
    list: () =>
      [...sessions().values()]
        .sort((a, b) => b.lastSeenAt - a.lastSeenAt)
        .map(({ id, userAgent, openedAt, lastSeenAt }) => {
          const count = screens.get(id)?.size ?? 0
          return {
            id,
            browser: browserName(userAgent),
            openedAt,
            lastSeenAt: count > 0 ? clock.now() : lastSeenAt,
            screens: count,
          }
        }),
    end(id) {
      if (!sessions().delete(id)) return false
      cutOff([id])
      store()
      tellChange()
      return true
    },
    openAddress: () => ({ ui: `${origin()}/#token=${addresses.make(true)}`, expiresAt: clock.now() + ADDRESS_MS }),
    rotate() {
      const ids = [...sessions().keys()]
      sessions().clear()
      cutOff(ids)
      challenges.clear()
      store()
      rmSync(join(dataDir, 'host.key'), { force: true })
      secret = undefined
      tellChange()
      return { sessions: ids.length, addresses: addresses.clear() }
    },
    open(word, key, userAgent) {
      // A request that makes no sense leaves the address good for the browser that was meant.
      if (publicKeyOf(key) === null || addresses.take(word) === undefined) return null
      const id = createHash('sha256').update(key).digest('hex').slice(0, 16)
      const now = clock.now()
      const openedAt = sessions().get(id)?.openedAt ?? now
      if (!sessions().has(id)) makeRoom()
      sessions().set(id, { id, key, openedAt, lastSeenAt: now, userAgent: userAgent.slice(0, MOST_AGENT_CHARS) })
      store()
      tellChange()
      return { id, hostKey: hostKeyOf(id).toString('base64url') }
    },
    challenge(id, pageNonce, address) {
      if (!sessions().has(id)) return null
      const nonce = challenges.make(id)
      const proof = createHmac('sha256', hostKeyOf(id)).update(`${HOST_SIGNS}\n${address}\n${pageNonce}\n${nonce}`)
      return { nonce, proof: proof.digest('base64url') }
    },
    answered(answer, address) {
      const [nonce = '', signature = ''] = answer.split('.', 2)
      const id = challenges.take(nonce)
      const session = id === undefined ? undefined : sessions().get(id)
      const key = session === undefined ? null : publicKeyOf(session.key)
      if (session === undefined || key === null) return null
      const signed = Buffer.from(`${PAGE_SIGNS}\n${address}\n${nonce}`)
      const isRight = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
      return isRight ? session.id : null
    },
    connected(id, close) {
      const closers = screens.get(id) ?? new Set()
      screens.set(id, closers.add(close))
      seen(id)
      tellChange()
      return () => {
        closers.delete(close)
        if (closers.size > 0) return
        seen(id)
        if (screens.get(id) === closers) screens.delete(id)
        tellChange()
      }
    },
    watch: (listener) => void watchers.push(listener),
  }
}

/** Of an ECDSA key on P-256 only, which every browser can make. */
function publicKeyOf(key: string): KeyObject | null {
  try {
    const found = createPublicKey({ key: Buffer.from(key, 'base64url'), format: 'der', type: 'spki' })
    return found.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? found : null
  } catch {
    return null
  }
}
