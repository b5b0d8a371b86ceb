import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { findCredential, writeCredential } from '../db/credentials.ts'
import type { Database } from '../db/open.ts'
import { getSetting, writeSetting } from '../db/settings.ts'
import type { SecretBox } from '../domain/host/adapters.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'
import type { FleetKey } from './fleet-key.ts'
import type { FleetLog, StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

const sealedSchema = z.object({
  name: z.string().min(1).max(200),
  iv: z.base64(),
  tag: z.base64(),
  sealed: z.base64(),
  by: z.string().max(63),
})
const openSchema = z.object({
  type: z.string().max(200),
  secret: z.string(),
  hosts: z.array(z.string()).nullable(),
})

/**
 * Credentials that their owner shares with the other hosts: sealed with a key made of the fleet's passphrase (scrypt, AES-256-GCM), bound to the fleet and
 * their names. All others never leave their host. A host without the passphrase shares none and opens none.
 */
export type SharedCredentials = {
  readonly hasKey: boolean
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** The log is another: what this host shares is shared again. */
  reset(): void
  /** Those that are in the shared state. */
  names(): readonly string[]
  /** Begins or ends to share one. Rejects with an `Error` for a person. */
  share(name: string, isShared: boolean): Promise<void>
  /** Why what others share cannot be opened here; null when it can, or there is none. */
  problem(): string | null
}

const KEY = 'credential/'
/** Names of credentials here that came from the fleet, with the marks of what was shared. */
const RECEIVED = 'fleetCredentials'
const receivedSchema = z.record(z.string(), z.string())
export function createSharedCredentials(config: {
  readonly fleet: string
  readonly name: string
  /** Undefined without a passphrase. */
  readonly key: FleetKey | undefined
  readonly database: Database
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  /** A credential has another secret: what is open of it is forgotten. */
  forget(name: string): void
}): SharedCredentials {
  const { fleet, name: host, key, database, secretBox, clock, log, signals } = config
  const shared = new Map<string, { readonly mark: string; readonly by: string }>()
  const unopened = new Set<string>()
  /** Shared by this host in a log that has lost them. */
  const lost = new Set<string>()
  let connection: FleetLog | undefined
  const bound = (name: string): Buffer => Buffer.from(`${fleet}\n${name}`, 'utf8')

  async function note(entry: StateEntry): Promise<void> {
    if (!entry.key.startsWith(KEY)) return
    if (entry.bytes === null) {
      for (const name of shared.keys()) if (keyOf(name) === entry.key) shared.delete(name)
      return
    }
    const mark = createHash('sha256').update(entry.bytes).digest('base64url')
    const { name, iv, tag, sealed, by } = await decode(sealedSchema, entry.bytes)
    if (keyOf(name) !== entry.key) return
    shared.set(name, { mark, by })
    if (key === undefined || by === host) return
    const received = await readReceived()
    if (received[name] === mark) return
    const here = await findCredential(database.reader, name)
    // One that a person entered here is theirs.
    if (here !== undefined && received[name] === undefined) return
    let opened: z.infer<typeof openSchema>
    try {
      const decipher = createDecipheriv('aes-256-gcm', await key(), Buffer.from(iv, 'base64'))
      decipher.setAAD(bound(name)).setAuthTag(Buffer.from(tag, 'base64'))
      const text = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]).toString('utf8')
      opened = openSchema.parse(JSON.parse(text))
    } catch {
      unopened.add(name)
      log.warn(
        `The credential "${name}" of the fleet cannot be opened: this host has another passphrase than ${by}. Start both with the same HOOKLINE_FLEET_KEY.`,
      )
      return
    }
    unopened.delete(name)
    const { type, secret, hosts } = opened
    const resealed = await secretBox.seal(secret, name)
    await database.write((tx) => {
      writeCredential(tx, { name, type, sealed: resealed, updatedAt: clock.now(), hosts })
      writeSetting(tx, RECEIVED, { ...parseReceived(getSetting(tx, RECEIVED)), [name]: mark })
    })
    config.forget(name)
    signals.emit('credentials:changed')
  }

  const readReceived = (): Promise<Record<string, string>> =>
    database.write((tx) => parseReceived(getSetting(tx, RECEIVED)))

  const credentials: SharedCredentials = {
    hasKey: key !== undefined,
    async note(entry) {
      await note(entry).catch((error: unknown) =>
        log.warn('A credential of the fleet could not be taken over.', { key: entry.key, error: String(error) }),
      )
    },
    start(opened) {
      connection = opened
      for (const name of lost) {
        credentials.share(name, true).then(
          () => lost.delete(name),
          (error: unknown) => log.warn(`The credential "${name}" could not be shared again.`, { error: String(error) }),
        )
      }
    },
    stop() {
      connection = undefined
    },
    reset() {
      for (const [name, { by }] of shared) if (by === host) lost.add(name)
      shared.clear()
    },
    names: () => [...shared.keys()].toSorted(),
    async share(name, isShared) {
      const opened = connection
      if (opened === undefined) throw new Error('The fleet’s log does not answer: share it when it does.')
      if (!isShared) {
        await opened.state.put(keyOf(name), null)
        shared.delete(name)
        return
      }
      if (key === undefined) {
        throw new Error(
          'This host was started without a passphrase for its fleet: start it with HOOKLINE_FLEET_KEY or --fleet-key-file, and share the credential then.',
        )
      }
      const row = await findCredential(database.reader, name)
      if (row === undefined) throw new Error(`There is no credential "${name}" on this host.`)
      const secret = await secretBox.open(row.sealed, name)
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', await key(), iv).setAAD(bound(name))
      const text = JSON.stringify({ type: row.type, secret, hosts: row.hosts })
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const [ivText, tag, content] = [iv, cipher.getAuthTag(), sealed].map((bytes) => bytes.toString('base64'))
      const bytes = await encode({ name, iv: ivText, tag, sealed: content, by: host })
      await opened.state.put(keyOf(name), bytes)
      shared.set(name, { mark: createHash('sha256').update(bytes).digest('base64url'), by: host })
    },
    problem: () =>
      unopened.size === 0
        ? null
        : `${unopened.size === 1 ? 'A shared credential' : `${unopened.size} shared credentials`} cannot be opened here: start all hosts with the same passphrase (HOOKLINE_FLEET_KEY).`,
  }
  return credentials
}

function parseReceived(stored: string | undefined): Record<string, string> {
  return stored === undefined ? {} : receivedSchema.parse(JSON.parse(stored))
}

function keyOf(name: string): string {
  return KEY + createHash('sha256').update(name).digest('base64url')
}
