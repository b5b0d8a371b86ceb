import { z } from 'zod'
import type { BlobStore } from '../db/blobs.ts'
import { sqliteCode } from '../db/database-error.ts'
import { readSpace } from '../db/database-space.ts'
import { ENDED, type OldRuns } from '../db/old-runs.ts'
import type { Database } from '../db/open.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import type { Log } from '../domain/host/log.ts'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import {
  ENDLESS_HISTORY,
  type HistoryJob,
  type HistorySettings,
  KEY_DAYS,
} from '../domain/settings/history-settings.ts'
import { initialSettings, readStoredSection } from '../domain/settings/settings.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Signals } from '../signals.ts'
import { createPruner, type Watch } from './pruner.ts'

/** Something else is under way already. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  constructor() {
    super('Hookline deletes old runs or shrinks the database already: wait until that is done, or stop it.')
  }
}

/** Keeps the history for as long as its owner wants, and does what is asked of it. */
export type HistoryKeeper = {
  settings(): HistorySettings
  change(settings: HistorySettings): Promise<void>
  /** How many runs would go now: those older than the settings say, or than `olderThanMs`. */
  count(olderThanMs?: number): Promise<number>
  /** Begins to delete them. @throws BusyError */
  prune(olderThanMs?: number): Promise<HistoryJob>
  /** Begins to give the database's unused space back. @throws BusyError */
  shrink(): Promise<HistoryJob>
  /** Ends the job under way after the part that it has in hand; returns it, or the last one, or null. */
  stopJob(): HistoryJob | null
  /** The job under way, or the last one of this host's lifetime. */
  job(): HistoryJob | null
  /** Looks from now on every hour. */
  start(): void
  /** Ends what is under way, and resolves when it has. */
  stop(): Promise<void>
  /** Deletes what is older than the settings say; returns how many runs. Nothing when a job is under way. */
  runOnce(): Promise<number>
}

const DAY_MS = 86_400_000
const INTERVAL_MS = 3_600_000
/** Milliseconds after the start before the first look: what waits to run goes first, and a clock that is wrong at the start is set. */
const FIRST_MS = 600_000
const KEY = 'history'

export async function createHistoryKeeper(config: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  readonly signals: Signals
  /** Takes away what only deleted runs needed outside of the database. */
  tidy?(): Promise<void>
}): Promise<HistoryKeeper> {
  const { database, clock, log } = config
  const pruner = createPruner(config)
  let settings = await readSettings(database)
  let isStopped = false
  let job: HistoryJob | null = null
  let isJobStopped = false
  /** What is under way, by itself or as a job. */
  let work: Promise<unknown> | null = null
  /** A person waits until what goes on by itself has made room. */
  let isJobWanted = false
  /** A large value may be there that nothing refers to: after a start, because a crash can leave one. */
  let hasOrphans = true

  /** What is old by the settings, or all that ended `olderThanMs` ago. */
  function oldRuns(olderThanMs?: number): OldRuns[] {
    const endedBefore = (days: number): number =>
      olderThanMs !== undefined ? clock.now() - olderThanMs : days === 0 ? 0 : clock.now() - days * DAY_MS
    const { keepSucceededDays, keepFailedDays } = settings
    return ENDED.map((shown) => ({
      shown,
      endedBefore: endedBefore(shown === 'failed' || shown === 'replayed' ? keepFailedDays : keepSucceededDays),
    })).filter((runs) => runs.endedBefore > 0)
  }

  /** Deletes runs, then the large values that only they had. */
  async function deleteOld(old: readonly OldRuns[], watch: Watch): Promise<{ runs: number; bytes: number }> {
    const runs = await pruner.deleteRuns(old, clock.now() - KEY_DAYS * DAY_MS, watch)
    hasOrphans ||= runs > 0
    if (!hasOrphans || watch.isStopped()) return { runs, bytes: 0 }
    const { freed, isWhole } = await pruner.deleteBlobs(watch)
    hasOrphans = !isWhole
    return { runs, bytes: freed }
  }

  /** Does one thing at a time. */
  async function alone<T>(begin: () => Promise<T>): Promise<T> {
    const mine = begin()
    work = mine
    try {
      return await mine
    } finally {
      work = null
    }
  }

  async function runOnce(): Promise<number> {
    if (work !== null || isStopped) return 0
    const { runs, bytes } = await alone(() =>
      deleteOld(oldRuns(), { isStopped: () => isStopped || isJobWanted, progressed: () => undefined }),
    )
    await config.tidy?.()
    if (runs > 0 || bytes > 0) log.info(`Deleted ${runs} old runs, and ${bytes} bytes of large values.`)
    return runs
  }

  /** Ends the work that goes on by itself, as a person wants something. */
  async function makeRoom(): Promise<void> {
    if (job?.state === 'running') throw new BusyError()
    isJobWanted = true
    await work?.catch(() => undefined)
    isJobWanted = false
  }

  function update(change: Partial<HistoryJob>): void {
    if (job === null) return
    job = { ...job, ...change }
    config.signals.emit('history:progressed', job)
  }

  /** Begins a job, whose end is told like its progress. */
  function begin(
    kind: HistoryJob['kind'],
    total: number,
    doIt: (watch: Watch) => Promise<Partial<HistoryJob>>,
  ): HistoryJob {
    if (work !== null) throw new BusyError()
    isJobStopped = false
    const begun: HistoryJob = {
      kind,
      state: 'running',
      total,
      done: 0,
      freedBytes: 0,
      message: null,
      startedAt: clock.now(),
      finishedAt: null,
    }
    job = begun
    const isOver = (): boolean => isStopped || isJobStopped
    alone(() => doIt({ isStopped: isOver, progressed: (done) => update({ done }) })).then(
      (end) => update({ ...end, state: isOver() ? 'stopped' : 'done', finishedAt: clock.now() }),
      (error: unknown) => {
        const message = whyItFailed(error)
        log.error('A work on the history failed.', { kind, error: message })
        update({ state: 'failed', message, finishedAt: clock.now() })
      },
    )
    return begun
  }

  const rounds = repeat({
    clock,
    log,
    failed: 'Old runs could not be deleted.',
    everyMs: INTERVAL_MS,
    firstMs: FIRST_MS,
    async run(plannedAt = clock.now()) {
      // After a sleep, or because it was set wrong: what a wrong clock makes old would be gone for ever. In an hour it is believed.
      if (clock.now() - plannedAt <= DAY_MS) await runOnce()
    },
  })

  return {
    settings: () => settings,
    async change(wanted) {
      await database.write((tx) => writeSetting(tx, KEY, wanted))
      settings = wanted
    },
    count: (olderThanMs) => pruner.countRuns(oldRuns(olderThanMs), { isStopped: () => isStopped }),
    async prune(olderThanMs) {
      const old = oldRuns(olderThanMs)
      const total = await pruner.countRuns(old, { isStopped: () => isStopped })
      await makeRoom()
      return begin('prune', total, async (watch) => {
        const { runs, bytes } = await deleteOld(old, watch)
        return { done: runs, freedBytes: bytes }
      })
    },
    async shrink() {
      const { freeBytes } = await readSpace(database)
      await makeRoom()
      return begin('shrink', freeBytes, async (watch) => ({ done: await pruner.shrink(watch) }))
    },
    stopJob() {
      isJobStopped = true
      return job
    },
    job: () => job,
    start: rounds.start,
    async stop() {
      isStopped = true
      await rounds.stop()
      await work?.catch(() => undefined)
    },
    runOnce,
  }
}

/** The settings; of a database without any, those of a new one, unless it has runs from before there were settings. */
async function readSettings(database: Database): Promise<HistorySettings> {
  const stored = await readSetting(database.reader, KEY, z.record(z.string(), z.unknown()).optional().catch(undefined))
  if (stored !== undefined) return readStoredSection('history', stored, ENDLESS_HISTORY)
  const run: unknown = await database.reader('run').first('id')
  const settings = run === undefined ? initialSettings('history') : ENDLESS_HISTORY
  await database.write((tx) => writeSetting(tx, KEY, settings))
  return settings
}

function whyItFailed(error: unknown): string {
  if (sqliteCode(error) === 'SQLITE_FULL') {
    return 'The disk is full, and to delete needs a little room at first: make some, then try again. Nothing was lost.'
  }
  return error instanceof Error ? error.message : String(error)
}
