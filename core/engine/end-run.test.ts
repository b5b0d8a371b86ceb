import { expect, test, vi } from 'vitest'
import { testCatalogue } from '../connectors/test-catalogue.ts'
import { acceptEvent } from '../db/accept-event.ts'
import type { LeasedMessage } from '../db/message-leases.ts'
import { leaseDue } from '../db/message-leases.ts'
import { getRunState } from '../db/runs.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { blankZap } from '../domain/zap-file.ts'
import { createSignals } from '../signals.ts'
import { beginRun } from './begin-run.ts'
import { endRun, type RunProgress } from './end-run.ts'
import { createRunJournal } from './run-journal.ts'
import type { DeliveryTerms, RunServices } from './run-work.ts'
import { createVersionCache } from './version-cache.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

const OVER: RunProgress = {
  waits: null,
  paused: null,
  failure: null,
  review: null,
  stoppedBy: null,
  isFiltered: false,
  ended: null,
  abortReason: null,
  limitMs: null,
}

/** A run of which all steps are done, and what was written the moment that it said it was about to be over. */
async function endOf(progress: Partial<RunProgress>) {
  const database = temporaryDatabase()
  const begun = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('Zap'), now: 0 })
    const version = insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('Zap'), now: 0 })
    acceptEvent(tx, { zapId: 'zap', version, triggerStepId: 'go', dedupeKey: null, data: {}, receivedAt: 0 })
    const lease = { zapId: 'zap', limit: 1, now: 10, until: 20, token: 'me.1', maxCrashes: 1 }
    return leaseDue(tx, lease).map((message: LeasedMessage) =>
      beginRun(tx, message, createVersionCache(testCatalogue), 10),
    )[0]
  })
  if (begun === undefined) throw new Error('nothing began')
  const { runId } = begun.message
  const seenByNext: Promise<unknown>[] = []
  const { commits } = database.stats
  /** Commits between the end being asked for and the place being given on. */
  const waited: number[] = []
  const endings: RunServices['endings'] = {
    record: () => ({ runId, state: 'succeeded', finishedAt: 0, zapIds: [], runIds: [], abandonedIds: [] }),
  }
  const work = {
    begun,
    journal: createRunJournal(database, begun.message),
    // The end of a run asks nothing else of them.
    services: { endings, signals: createSignals(log) } as RunServices,
    isEnded: () => false,
    delivery: {
      leave() {
        waited.push(database.stats.commits - commits)
        seenByNext.push(database.write((tx) => getRunState(tx, runId)))
      },
    } as DeliveryTerms,
    signal: new AbortController().signal,
    lines: new Map(),
    scopes: new Set<string>(),
    opened: new Map(),
  }
  const delivery = await endRun(work, { ...OVER, ...progress }, 20)
  return { delivery, waited, seenByNext: await Promise.all(seenByNext) }
}

test('a run leaves its place once, before its end is on the disk, and what is written from then on comes after that end', async () => {
  expect(await endOf({})).toEqual({ delivery: 'settled', waited: [0], seenByNext: ['succeeded'] })
})

test('a run that rests keeps its place until that is stored', async () => {
  const waits = { stepId: 'a', until: 5_000, for: 'time' } as const
  expect(await endOf({ waits })).toEqual({ delivery: 'returned', waited: [], seenByNext: [] })
})
