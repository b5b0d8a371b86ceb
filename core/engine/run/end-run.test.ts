import { expect, test, vi } from 'vitest'
import { testCatalogue } from '../../connectors/test-catalogue.ts'
import { acceptEvent } from '../../db/accept-event.ts'
import type { LeasedMessage } from '../../db/message-leases.ts'
import { leaseDue } from '../../db/message-leases.ts'
import { getRunState } from '../../db/runs.ts'
import { temporaryDatabase } from '../../db/test-database.ts'
import { insertVersion, insertZap } from '../../db/zaps.ts'
import { manualClock } from '../../domain/time/clock.ts'
import { blankZap } from '../../domain/zap/zap-file.ts'
import { createSignals } from '../../signals.ts'
import type { StepServices } from '../step-services.ts'
import { createVersionCache } from '../version-cache.ts'
import { beginRun } from './begin-run.ts'
import { endRun, type RunProgress } from './end-run.ts'
import { createRun, type DeliveryTerms, type Run, type RunServices } from './run.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

const OVER: RunProgress = { waits: null, paused: null, stoppedBy: null, isFiltered: false, limitMs: null }

/** A run of which all steps are done, and what was written the moment that it said it was about to be over. */
async function endOf(progress: Partial<RunProgress>, review: Run['review'] = null) {
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
  /** Commits between the end being asked for and the slot being given on. */
  const waited: number[] = []
  const endings: RunServices['endings'] = {
    record: () => ({ runId, state: 'succeeded', finishedAt: 0, zapIds: [], runIds: [], abandonedIds: [] }),
  }
  const terms = {
    signal: new AbortController().signal,
    leave() {
      waited.push(database.stats.commits - commits)
      seenByNext.push(database.write((tx) => getRunState(tx, runId)))
    },
  } as DeliveryTerms
  const step = { clock: manualClock(20) } as Partial<StepServices> as StepServices
  // The end of a run asks nothing else of them.
  const signals = createSignals(log)
  const services = { database, endings, signals, step } as RunServices
  /** What was told, and whether the end was on the disk by then. */
  const told: string[] = []
  for (const name of ['run:changed', 'run:ended', 'run:needs-review'] as const) {
    signals.on(name, () => told.push(`${name} ${database.stats.commits > commits ? 'stored' : 'too early'}`))
  }
  const run = createRun(begun, terms, services)
  run.review = review
  const delivery = await endRun(run, { ...OVER, ...progress }, 20)
  return { delivery, waited, seenByNext: await Promise.all(seenByNext), told }
}

test('a run leaves its slot once, before its end is on the disk, and what is written from then on comes after that end', async () => {
  expect(await endOf({})).toMatchObject({ delivery: 'settled', waited: [0], seenByNext: ['succeeded'] })
})

test('a run that rests keeps its slot until that is stored', async () => {
  const waits = { stepId: 'a', until: 5_000, for: 'time' } as const
  expect(await endOf({ waits })).toMatchObject({ delivery: 'returned', waited: [], seenByNext: [] })
})

test('screens are told of every way in which a delivery ends, once that is stored', async () => {
  const waits = { stepId: 'a', until: 5_000, for: 'time' } as const
  const paused = { stepId: 'a', problem: null }
  expect((await endOf({})).told).toEqual(['run:ended stored'])
  expect((await endOf({ waits })).told).toEqual(['run:changed stored'])
  expect((await endOf({ paused })).told).toEqual(['run:changed stored'])
  const reviewed = await endOf({}, { stepId: 'a', cause: 'timeout' })
  expect(reviewed.told).toEqual(['run:changed stored', 'run:needs-review stored'])
})
