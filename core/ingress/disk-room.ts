import { opendir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { blobFolder } from '../db/blobs.ts'
import { readSpace } from '../db/database-space.ts'
import { writeDiskShortage } from '../db/disk-shortage.ts'
import type { Database } from '../db/open.ts'
import type { Log } from '../domain/host/log.ts'
import { type DiskShortage, shortageText } from '../domain/runs/disk-shortage.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Signals } from '../signals.ts'
import type { Turned } from './hook-gates.ts'
import { comeBack } from './webhook-answer.ts'

/** Knows whether there is room for what senders send: by the user's own limit for the data folder, and by what is free on its disk. */
export type DiskRoom = {
  /** Why nothing is taken in, or null. Costs nothing: it is what the last look found. */
  refusal(): Turned | null
  /** So many bytes came in; after many of them it looks again before its time. */
  took(bytes: number): void
  start(): Promise<void>
  /** Resolves when a look under way is over. */
  stop(): Promise<void>
  /** Looks, for example as the limit was changed. */
  runOnce(): Promise<void>
}

/** A look asks for three sizes. */
const LOOK_MS = 10_000
/** Bytes after which it looks at once: a tenth of the smallest limit. */
const LOOK_BYTES = 100_000_000
/** What stays free on the disk, for runs under way and for tidying up; of a small disk a hundredth. */
const LEFT_FREE_BYTES = 200_000_000
const LEFT_FREE_SHARE = 0.01
/** Files whose sizes are asked for at once. */
const FILES_AT_ONCE = 32

export function createDiskRoom(config: {
  readonly dataDir: string
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** Bytes that the database and the large values may take; 0 is no limit. */
  quota(): number
  readonly signals: Signals
}): DiskRoom {
  const { dataDir, database, clock, log } = config
  const folder = blobFolder(dataDir)
  let turned: Turned | null = null
  let taken = 0
  /** What an earlier process found may be otherwise by now. */
  let isFirst = true
  /** What the large values take, as of a state of their folder. */
  let blobs = { changedAt: -1, bytes: 0 }

  async function look(): Promise<void> {
    taken = 0
    const { bavail, bsize, blocks } = await statfs(dataDir)
    const free = bavail * bsize
    const wanted = Math.min(LEFT_FREE_BYTES, blocks * bsize * LEFT_FREE_SHARE)
    const quota = config.quota()
    const { bytes, freeBytes } = await readSpace(database)
    const used = bytes - freeBytes + (await blobBytes())
    if (quota > 0 && used >= quota) {
      await tell({ code: 'limit', used, limit: quota })
    } else if (free < wanted) {
      await tell({ code: 'disk', free, dataDir })
    } else await tell(null)
  }

  async function tell(shortage: DiskShortage | null): Promise<void> {
    const isNews = isFirst || (turned === null) !== (shortage === null)
    const why = shortage === null ? null : shortageText(shortage)
    isFirst = false
    turned = why === null ? null : noRoomFor(why)
    if (!isNews) return
    if (why !== null) log.warn('There is no room: webhooks are answered 507.', { why })
    // On a disk that is really full this may fail; what senders are told does not depend on it.
    await database.write((tx) => writeDiskShortage(tx, shortage)).catch(() => undefined)
    config.signals.emit('incidents:suspected')
  }

  async function blobBytes(): Promise<number> {
    const found = await stat(folder).catch(() => null)
    if (found === null) return 0
    if (found.mtimeMs === blobs.changedAt) return blobs.bytes
    let bytes = 0
    let names: string[] = []
    const add = async (): Promise<void> => {
      const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => ({ size: 0 }))))
      bytes += sizes.reduce((sum, file) => sum + file.size, 0)
      names = []
    }
    for await (const { name } of await opendir(folder)) {
      names.push(name)
      if (names.length === FILES_AT_ONCE) await add()
    }
    await add()
    blobs = { changedAt: found.mtimeMs, bytes }
    return bytes
  }

  const failed = 'The room on the disk could not be looked at.'
  const rounds = repeat({ clock, log, failed, everyMs: LOOK_MS, run: look })
  const runOnce = (): Promise<void> =>
    rounds.now().catch((error: unknown) => log.warn(failed, { error: String(error) }))
  return {
    refusal: () => turned,
    took(bytes) {
      taken += bytes
      if (taken < LOOK_BYTES) return
      taken = 0
      void runOnce()
    },
    async start() {
      await runOnce()
      rounds.start()
    },
    stop: rounds.stop,
    runOnce,
  }
}

function noRoomFor(why: string): Turned {
  const answer = comeBack('no-room', 'The disk space for webhooks is used up; send it again later.')
  return { verdict: 'paused', note: why, answer: { ...answer, status: 507 } }
}
