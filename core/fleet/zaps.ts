import { z } from 'zod'
import { listCredentials } from '../db/credentials.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import { getSetting, writeSetting } from '../db/settings.ts'
import {
  followDraft,
  getVersionText,
  hasZap,
  insertZap,
  publishedTexts,
  type SharedZapRow,
  setEnabled,
  setLiveVersion,
  setPermissions,
  setRemoved,
  sharedZap,
  sharedZaps,
  storeForeignVersion,
} from '../db/zaps.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { zapPermissionsSchema } from '../domain/trust/permissions.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import { type ZapFile, zapFileSchema } from '../domain/zap/zap-file.ts'
import type { Signals } from '../signals.ts'
import { type FleetLog, LogError, type StateEntry } from './log.ts'
import { decode, encode, hashOf, type SharedZap, sharedZapSchema } from './records.ts'

/** Keeps the zaps of all hosts the same: what is published, whether it is on, and whether it is gone. */
export type FleetZaps = {
  /** An entry of the shared state; those of other things are passed by. */
  note(entry: StateEntry): Promise<void>
  /** Everything that was in the state has been noted: what is other here is put there from now on. */
  start(log: FleetLog): Promise<void>
  stop(): void
  /** The log is another: all that is here is told again. */
  reset(): void
  /** What is known of a version here: the hash of its text, and whether its events are worked on one after the other. */
  versionOf(zapId: string, version: number): Promise<{ readonly hash: string; readonly isOrdered: boolean } | undefined>
  /** The number here of a version that is named by its hash; undefined where it is not here. */
  numberOf(zapId: string, version: number, hash: string): Promise<number | undefined>
  /** Stores a version that another host has told. Returns its number here. */
  adopt(zapId: string, version: number, definition: string): Promise<number>
  textOf(zapId: string, version: number): Promise<string | undefined>
  /** Zaps that are on. */
  enabled(): readonly string[]
  /** Credentials that zaps use and that are not here, with the zaps. */
  lacking(): readonly { readonly credential: string; readonly zaps: readonly string[] }[]
  lacks(zapId: string): boolean
  /** Whether a version uses a credential that is not here. */
  lacksFor(zapId: string, version: number): Promise<boolean>
  /** Zaps that were changed on another host last, and which. */
  origins(): ReadonlyMap<string, string>
}

const KEY = 'zap/'
const GATHER_MS = 20
/** What of each zap is known to be the same here and in the state, by the hash of its record. */
const SYNCED = 'fleetZaps'

export function createFleetZaps(config: {
  readonly name: string
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  /** Zaps are others: the intake has to know, and the permissions. */
  refresh(): Promise<void>
  changed(): void
}): FleetZaps {
  const { name, database, clock, log, signals } = config
  const known = new Map<string, SharedZap>()
  let rows = new Map<string, SharedZapRow>()
  let lacking: { credential: string; zaps: string[] }[] = []
  let connection: FleetLog | undefined
  let syncing: Promise<void> = Promise.resolve()
  let here = new Set<string>()
  /** Zaps that were made here what they are elsewhere, and of which no one here has heard yet. */
  const followed = new Set<string>()
  const versions = new Map<string, { hash: string; isOrdered: boolean; credentials: readonly string[] }>()

  async function look(): Promise<void> {
    rows = new Map((await database.write(sharedZaps)).map((row) => [row.id, row]))
    here = new Set((await listCredentials(database.reader)).map((credential) => credential.name))
    const missing = new Map<string, string[]>()
    for (const { id, definition, enabled } of rows.values()) {
      if (!enabled || definition === null) continue
      for (const credential of credentialsOf(readFile(definition))) {
        if (!here.has(credential)) missing.set(credential, [...(missing.get(credential) ?? []), id])
      }
    }
    lacking = [...missing].map(([credential, zaps]) => ({ credential, zaps }))
  }

  async function note(entry: StateEntry): Promise<void> {
    if (!entry.key.startsWith(KEY) || entry.bytes === null) return
    try {
      const zap = await decode(sharedZapSchema, entry.bytes)
      if (entry.key !== KEY + zap.id || hashOf(zap.definition) !== zap.hash)
        throw new Error('it is not what it says it is')
      zapFileSchema.parse(JSON.parse(zap.definition))
      if (zap.permissions !== null) zapPermissionsSchema.parse(JSON.parse(zap.permissions))
      known.set(zap.id, zap)
      syncing = syncing.then(() => follow(zap)).catch(failed)
      await syncing
    } catch (error) {
      log.warn('A zap of the fleet could not be read; this host keeps what it has.', {
        key: entry.key,
        error: String(error),
      })
    }
  }

  /** Makes a zap here what it is in the state, unless it was changed here meanwhile. */
  async function follow(zap: SharedZap): Promise<void> {
    const isChanged = await database.write((tx) => {
      const row = sharedZap(tx, zap.id)
      const synced = readSynced(tx)
      if (row !== undefined && digest(row) === digest(zap)) {
        writeSynced(tx, { ...synced, [zap.id]: digest(zap) })
        return false
      }
      // Changed here since the two were the same, and there they still are: it is told, not undone.
      if (row !== undefined && synced[zap.id] === digest(zap)) return false
      apply(tx, zap, row)
      writeSynced(tx, { ...synced, [zap.id]: digest(zap) })
      return true
    })
    if (!isChanged) return
    followed.add(zap.id)
    // Many come at once when a host joins: all is read again once for all of them.
    if (followed.size === 1) clock.after(GATHER_MS, () => void settle().catch(failed))
  }

  async function settle(): Promise<void> {
    const ids = [...followed]
    followed.clear()
    await config.refresh()
    signals.emit('zaps:changed', ids)
    await look()
    config.changed()
  }

  function apply(tx: Tx, zap: SharedZap, row: SharedZapRow | undefined): void {
    const { id, definition } = zap
    const now = clock.now()
    const file: ZapFile = zapFileSchema.parse(JSON.parse(definition))
    const isHere = row !== undefined || hasZap(tx, id)
    if (!isHere) insertZap(tx, { id, draft: file, now })
    else followDraft(tx, id, definition, row?.definition ?? null, now)
    const number = storeForeignVersion(tx, { zapId: id, number: zap.version, definition, now })
    setLiveVersion(tx, id, number, now)
    setPermissions(tx, id, zap.permissions === null ? null : zapPermissionsSchema.parse(JSON.parse(zap.permissions)))
    setRemoved(tx, id, zap.isRemoved ? now : null)
    setEnabled(tx, id, zap.enabled && !zap.isRemoved, now)
  }

  /** Puts into the state what is other here. */
  async function tell(): Promise<void> {
    await look()
    config.changed()
    const opened = connection
    if (opened === undefined) return
    for (const row of rows.values()) {
      const there = known.get(row.id)
      if (there !== undefined && digest(there) === digest(row)) continue
      const zap = toShared(row)
      if (zap === undefined) continue
      try {
        await opened.state.put(KEY + row.id, await encode(zap))
      } catch (error) {
        const isLasting = error instanceof LogError && error.isLasting
        const outcome = isLasting ? 'it stays on this host' : 'it is tried again'
        log.warn(`A zap could not be told to the fleet; ${outcome}.`, { zap: row.id, error: String(error) })
        // One that is too large must not keep the others back.
        if (isLasting) {
          known.set(row.id, zap)
          continue
        }
        clock.after(5_000, () => sync())
        return
      }
      known.set(row.id, zap)
      await database.write((tx) => writeSynced(tx, { ...readSynced(tx), [row.id]: digest(row) }))
    }
  }

  function toShared({ id, version, definition, enabled, isRemoved, permissions }: SharedZapRow): SharedZap | undefined {
    if (version === null || definition === null) return undefined
    return { id, version, hash: hashOf(definition), definition, enabled, isRemoved, permissions, by: name }
  }

  function sync(): void {
    syncing = syncing.then(tell).catch(failed)
  }

  function failed(error: unknown): void {
    log.error('The zaps of this host and those of the fleet could not be made the same.', { error: String(error) })
  }

  signals.on('zaps:changed', sync)
  signals.on('credentials:changed', sync)

  async function versionOf(zapId: string, version: number) {
    const key = `${zapId}:${version}`
    const cached = versions.get(key)
    if (cached !== undefined) return cached
    const definition = await textOf(zapId, version)
    if (definition === undefined) return undefined
    const file = readFile(definition)
    const isOrdered = (file?.settings?.concurrency ?? 'parallel') !== 'parallel'
    const found = { hash: hashOf(definition), isOrdered, credentials: credentialsOf(file) }
    if (versions.size > 1_000) versions.clear()
    versions.set(key, found)
    return found
  }

  const textOf = (zapId: string, version: number): Promise<string | undefined> =>
    database.write((tx) => getVersionText(tx, zapId, version))

  return {
    note,
    async start(opened) {
      connection = opened
      sync()
      await syncing
    },
    stop() {
      connection = undefined
    },
    reset: () => known.clear(),
    versionOf,
    async numberOf(zapId, version, hash) {
      if ((await versionOf(zapId, version))?.hash === hash) return version
      const texts = await database.write((tx) => publishedTexts(tx, zapId))
      return texts.find(({ definition }) => hashOf(definition) === hash)?.number
    },
    adopt(zapId, version, definition) {
      const file = zapFileSchema.parse(JSON.parse(definition))
      return database.write((tx) => {
        // A zap that the state has not told yet: it comes, and says whether it is on.
        if (!tx.has('SELECT 1 FROM zap WHERE id = ?', [zapId]))
          insertZap(tx, { id: zapId, draft: file, now: clock.now() })
        return storeForeignVersion(tx, { zapId, number: version, definition, now: clock.now() })
      })
    },
    textOf,
    enabled: () => [...rows.values()].filter(({ enabled, isRemoved }) => enabled && !isRemoved).map(({ id }) => id),
    lacking: () => lacking,
    lacks: (zapId) => lacking.some(({ zaps }) => zaps.includes(zapId)),
    async lacksFor(zapId, version) {
      return (await versionOf(zapId, version))?.credentials.some((name) => !here.has(name)) === true
    },
    origins: () => new Map([...known].filter(([, { by }]) => by !== name).map(([id, { by }]) => [id, by])),
  }
}

function readFile(definition: string): ZapFile | undefined {
  const parsed: unknown = JSON.parse(definition)
  return zapFileSchema.safeParse(parsed).data
}

const credentialsOf = (file: ZapFile | undefined): string[] => [
  ...new Set(file?.steps.flatMap(({ input }) => credentialNames(input)) ?? []),
]

/** By which two hosts know that they have the same of a zap. */
function digest({ definition, enabled, isRemoved, permissions }: SharedZapRow | SharedZap): string {
  return hashOf(JSON.stringify([definition, enabled && !isRemoved, isRemoved, permissions]))
}

const syncedSchema = z.record(z.string(), z.string())

function readSynced(tx: Tx): Record<string, string> {
  const stored = getSetting(tx, SYNCED)
  return stored === undefined ? {} : syncedSchema.parse(JSON.parse(stored))
}

function writeSynced(tx: Tx, synced: Record<string, string>): void {
  writeSetting(tx, SYNCED, synced)
}
