import { setTimeout as rest } from 'node:timers/promises'
import { findReferences } from '../db/blob-references.ts'
import type { BlobStore } from '../db/blobs.ts'
import { readSpace } from '../db/database-space.ts'
import type { Tx } from '../db/executor.ts'
import {
  countOldRunsAfter,
  deleteRun,
  forgetKeysBefore,
  noteDeleted,
  type OldRuns,
  oldRunsAfter,
} from '../db/old-runs.ts'
import type { Database } from '../db/open.ts'
import type { Failpoint } from '../domain/runs/failpoint.ts'

/** How a long work is told of, and ended before its end. */
export type Watch = {
  isStopped(): boolean
  /** Called after each part of the work. */
  progressed(done: number): void
}

/** Deletes what is old, in small parts with pauses, so that no other write waits for it. */
export type Pruner = {
  /** How many runs {@link deleteRuns} would delete now. */
  countRuns(old: readonly OldRuns[], watch: Pick<Watch, 'isStopped'>): Promise<number>
  /**
   * Deletes old runs and what is only theirs in the database, and forgets the keys of events that came before `keysSince`. Returns how many
   * runs went.
   */
  deleteRuns(old: readonly OldRuns[], keysSince: number, watch: Watch): Promise<number>
  /**
   * Deletes the large values that nothing refers to any more. Returns the bytes that this freed, and whether it came to its end: while a
   * backup is written it does not.
   */
  deleteBlobs(watch: Pick<Watch, 'isStopped'>): Promise<{ freed: number; isWhole: boolean }>
  /** Gives unused space of the database back to the disk. Returns how many bytes. */
  shrink(watch: Watch): Promise<number>
}

/** Milliseconds that one part may hold up the main thread: a webhook that comes meanwhile waits for so long. */
const PART_MS = 4
/**
 * For each millisecond that a part took, the time that its commit waited for the disk included, so many of rest: what commits meanwhile
 * would wait behind it. A busy computer is given more rest by that.
 */
const REST_SHARE = 4
const MIN_REST_MS = 8
const MAX_REST_MS = 1_000
/** Runs that are looked at before the time is. */
const LOOKED_AT = 8
const COUNTED = 400
const KEYS_AT_ONCE = 200

export function createPruner(config: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly failpoint: Failpoint
}): Pruner {
  const { database, blobs, failpoint } = config
  const restSince = (began: number): Promise<void> =>
    rest(Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, (performance.now() - began) * REST_SHARE)))

  async function countRuns(old: readonly OldRuns[], watch: Pick<Watch, 'isStopped'>): Promise<number> {
    let count = 0
    for (const runs of old) {
      for (let after = ''; !watch.isStopped(); ) {
        const began = performance.now()
        const { goes, last } = await countOldRunsAfter(database.reader, runs, after, COUNTED)
        count += goes
        if (last === null) break
        after = last
        await restSince(began)
      }
    }
    return count
  }

  /** Deletes old runs behind `after` for a short while. Returns how many, and where to go on; null at the end. */
  function deletePart(tx: Tx, runs: OldRuns, after: string, keysSince: number): { gone: number; next: string | null } {
    const began = performance.now()
    let next = after
    let newest = ''
    let gone = 0
    let isMore = true
    while (isMore && performance.now() - began < PART_MS) {
      const page = oldRunsAfter(tx, runs, next, LOOKED_AT)
      isMore = page.length === LOOKED_AT
      for (const run of page) {
        const isWhole = run.goes === 0 || deleteRun(tx, run, keysSince)
        if (isWhole) next = run.id
        if (run.goes === 1 && isWhole) {
          gone++
          newest = run.id
        }
        if (!isWhole || performance.now() - began >= PART_MS) {
          isMore = true
          break
        }
      }
    }
    if (gone > 0) {
      noteDeleted(tx, newest)
      failpoint('during-prune')
    }
    return { gone, next: isMore ? next : null }
  }

  async function deleteRuns(old: readonly OldRuns[], keysSince: number, watch: Watch): Promise<number> {
    let done = 0
    for (const runs of old) {
      for (let after: string | null = ''; after !== null && !watch.isStopped(); ) {
        const from: string = after
        const began = performance.now()
        const part = await database.write((tx) => deletePart(tx, runs, from, keysSince))
        after = part.next
        if (part.gone > 0) {
          done += part.gone
          failpoint('after-prune')
          watch.progressed(done)
        }
        if (after !== null) await restSince(began)
      }
    }
    while (!watch.isStopped()) {
      const began = performance.now()
      const forgotten = await database.write((tx) => forgetKeysBefore(tx, keysSince, KEYS_AT_ONCE))
      if (forgotten < KEYS_AT_ONCE) break
      await restSince(began)
    }
    return done
  }

  async function deleteBlobs({ isStopped }: Pick<Watch, 'isStopped'>): Promise<{ freed: number; isWhole: boolean }> {
    const unknown = new Set((await blobs.list()).keys())
    let began = performance.now()
    const rested = async (): Promise<boolean> => {
      await restSince(began)
      began = performance.now()
      return !isStopped()
    }
    let freed = 0
    if (!(await findReferences(database.reader, unknown, rested))) return { freed, isWhole: false }
    for (const hash of unknown) {
      // A backup has the rows of before, so it needs their values.
      if (isStopped() || database.isBackingUp()) return { freed, isWhole: false }
      freed += blobs.remove(hash)
      await rested()
    }
    return { freed, isWhole: true }
  }

  async function shrink(watch: Watch): Promise<number> {
    const { freeBytes } = await readSpace(database)
    let left = freeBytes
    while (left > 0 && !watch.isStopped()) {
      const began = performance.now()
      const now = await database.shrink(PART_MS)
      // What others deleted meanwhile is free, too; but a part that gave nothing back would be followed by more like it.
      if (now >= left) break
      left = now
      watch.progressed(freeBytes - left)
      await restSince(began)
    }
    await database.checkpoint()
    return freeBytes - left
  }

  return { countRuns, deleteRuns, deleteBlobs, shrink }
}
