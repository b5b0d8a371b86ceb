import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { FetchRequest, FetchResponse } from './connectors/action-context.ts'
import { testCatalogue } from './connectors/test-catalogue.ts'
import { NO_FILES, NO_LARGE } from './connectors/test-context.ts'
import { acceptEvent } from './db/accept-event.ts'
import { countFailures } from './db/attempts.ts'
import { createTx, type Tx } from './db/executor.ts'
import { type LeasedMessage, leaseDue, reclaimMessage } from './db/message-leases.ts'
import { type Database, openDatabase } from './db/open.ts'
import { integer, nullable, rowOf, text } from './db/row.ts'
import { findRun } from './db/run-rows.ts'
import { findStepRuns, getStepRuns, type StepRunRow } from './db/step-runs.ts'
import { storeEvent } from './db/trigger-events.ts'
import { insertVersion, insertZap } from './db/zaps.ts'
import { NO_DESKTOP } from './domain/host/desktop.ts'
import { firstRunId, newEventId } from './domain/host/ids.ts'
import { noFailpoint } from './domain/runs/failpoint.ts'
import { reasonText } from './domain/runs/run-reason.ts'
import { noMarker } from './domain/runs/work-marker.ts'
import { manualClock } from './domain/time/clock.ts'
import type { Json } from './domain/values/json.ts'
import type { Stepping } from './domain/zap/stepping.ts'
import type { ZapFile } from './domain/zap/zap-file.ts'
import { createMemories } from './engine/memory.ts'
import { type BegunRun, beginRun } from './engine/run/begin-run.ts'
import { beginTest } from './engine/run/begin-test.ts'
import { executeRun } from './engine/run/execute-run.ts'
import { createFailureWatch } from './engine/run/failure-watch.ts'
import { goOn, isPaused } from './engine/run/paused-steps.ts'
import type { DeliveryTerms } from './engine/run/run.ts'
import { createRunEndings } from './engine/run/run-endings.ts'
import { NOTHING_SECRET } from './engine/step-secrets.ts'
import type { StepServices } from './engine/step-services.ts'
import { createStepStores } from './engine/step-store.ts'
import { createTableSteps } from './engine/tables/table-steps.ts'
import { createTableWatch } from './engine/tables/table-watch.ts'
import { createVersionCache } from './engine/version-cache.ts'
import { createSignals } from './signals.ts'
import { createWorkThread } from './threads/work-thread.ts'

/** A call of a step that arrived at the world outside. */
export type Call = { readonly key: string; readonly url: string; readonly body: string }

/** A call with what was on the disk: the journal at that moment, and whether it said at the delivery's start that a step ended the run. */
export type SeenCall = Call & { readonly journal: readonly StepRunRow[]; readonly afterEnd: boolean }

/** When the process dies: around its write number `write`, before it or after its commit. */
export type Crash = { readonly write: number; readonly when: 'before' | 'after' }

export type RunTrace = {
  readonly status: string
  readonly reason: string | null
  readonly rows: readonly StepRunRow[]
  /** States of the run's outbox messages, in order. */
  readonly messages: readonly string[]
  /** Calls in order. */
  readonly calls: readonly SeenCall[]
  readonly crashes: number
  /** Times that it stood still as a test that is stepped through. */
  readonly stops: number
}

/** What the world answers to a call of a step that has failed so often. */
export type Answer = (call: Call, failuresSoFar: number) => Pick<FetchResponse, 'status'> & { body: Json }

class CrashError extends Error {}

/**
 * Runs a zap on a real database to its end. The process "dies" where the test says: from then on nothing more is written, and what is
 * on the disk is taken up again as after a restart. Time is a manual clock that jumps to whatever is due next.
 */
export async function runWithCrashes(
  zap: ZapFile,
  input: Json,
  answer: Answer,
  crashes: readonly Crash[] = [],
  /** Makes a test of it that is stepped through; whenever it stands, one of the steps before which it does is let go on. */
  stepping: Stepping | null = null,
): Promise<RunTrace> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-crash-'))
  const database = openDatabase(folder)
  const onDisk = new Sqlite(database.file, { readonly: true })
  try {
    return await runOn(database, createTx(onDisk), zap, input, answer, crashes, stepping)
  } finally {
    onDisk.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const unavailable = () => Promise.reject(new Error('not in this test'))
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function runOn(
  database: Database,
  onDisk: Tx,
  zap: ZapFile,
  input: Json,
  answer: Answer,
  crashes: readonly Crash[],
  stepping: Stepping | null,
): Promise<RunTrace> {
  const clock = manualClock(Date.parse('2026-11-24T09:00:00Z'))
  const versions = createVersionCache(testCatalogue)
  const calls: SeenCall[] = []
  let life = 0
  let writes = 0
  let dead = 0
  let stops = 0
  /** Writes that the disk has not taken yet. */
  const pending = new Set<Promise<unknown>>()
  const { runId } = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: zap, now: 0 })
    const version = insertVersion(tx, { zapId: 'zap', kind: 'published', definition: zap, now: 0 })
    const event = { zapId: 'zap', version, triggerStepId: 'go', dedupeKey: null, data: input, receivedAt: clock.now() }
    if (stepping === null) return acceptEvent(tx, event)
    const eventId = newEventId()
    storeEvent(tx, { ...event, id: eventId, json: JSON.stringify(input) })
    const test = { runId: firstRunId(eventId), zapId: 'zap', version, eventId, now: clock.now() }
    beginTest(tx, { ...test, givable: new Map(), given: new Map(), stepping })
    return test
  })

  /** Lets a test that stands somewhere go on, with the last of the steps before which it does. False when it stands nowhere. */
  async function goOnSomewhere(): Promise<boolean> {
    const run = await findRun(database.reader, runId)
    const standing = (await findStepRuns(database.reader, runId)).filter(isPaused).at(-1)
    if (run?.state !== 'waiting' || standing === undefined || stepping === null) return false
    return database.write((tx) => goOn(tx, { run, ...standing }, stepping, clock.now()))
  }

  function noted<T>(write: Promise<T>): Promise<T> {
    pending.add(write)
    write.catch(() => undefined).finally(() => pending.delete(write))
    return write
  }

  /** The database as one life of the process sees it. */
  function mortal(own: number): Database {
    const isDead = (): boolean => own !== life
    return {
      ...database,
      async write<T>(operation: (tx: Tx) => T): Promise<T> {
        if (isDead()) throw new CrashError('dead')
        writes++
        const crash = crashes.find((planned) => planned.write === writes)
        if (crash?.when === 'before') life++
        if (isDead()) throw new CrashError('dead')
        const result = await noted(database.write(operation))
        if (crash?.when === 'after') life++
        if (isDead()) throw new CrashError('dead')
        return result
      },
    }
  }

  function servicesOf(own: number, mortalDatabase: Database, afterEnd: boolean): StepServices {
    return {
      catalogue: testCatalogue,
      clock,
      noteCredential: async () => undefined,
      connect: () => Promise.reject(new Error('nothing of these tests connects')),
      async fetch({ headers, url, body }: FetchRequest): Promise<FetchResponse> {
        // At this very moment: a line that is on its way is not on the disk.
        const journal = getStepRuns(onDisk, runId)
        await turn()
        if (own !== life) throw new CrashError('dead')
        const call = { key: headers['idempotency-key'] ?? '', url, body: String(body) }
        const [, stepId = '', scope = ''] = call.key.split(':')
        const failures = await noted(database.write((tx) => countFailures(tx, runId, stepId, scope)))
        calls.push({ ...call, journal, afterEnd })
        const { status, body: answered } = answer(call, failures)
        const content = Buffer.from(JSON.stringify(answered))
        const type = { 'content-type': 'application/json' }
        return { status, headers: type, cookies: [], body: content, url, isWithoutSecrets: false }
      },
      filesFor: () => NO_FILES,
      kept: { path: (key) => key, keep: unavailable, forget: unavailable, keys: unavailable },
      programs: { endLeftovers: async () => 0, run: unavailable, close: async () => undefined },
      sandbox: { run: unavailable, close: async () => undefined },
      credential: unavailable,
      renewedCredential: unavailable,
      permissionsOf: () => null,
      secretsOf: () => NOTHING_SECRET,
      notify: async () => ['desktop'],
      answerLink: ({ stepId }) => `http://127.0.0.1:1/approvals/${stepId}`,
      desktop: NO_DESKTOP,
      answerSender: () => false,
      storeOf: createStepStores(mortalDatabase, clock),
      memoryOf: createMemories(mortalDatabase, clock),
      tablesOf: createTableSteps({
        database: mortalDatabase,
        clock,
        signals: createSignals(log),
        watch: createTableWatch(),
      }),
      values: {
        pack: (value) => JSON.stringify(value),
        packText: (json) => json,
        packPiecewise: async (value) => JSON.stringify(value),
        unpack: async (text) => JSON.parse(text),
        keepBytes: unavailable,
        readBytes: unavailable,
        lighten: async (value) => value,
      },
      large: NO_LARGE,
      heavy: createWorkThread(clock, new URL('./engine/heavy-worker.ts', import.meta.url)),
      largeTemplates: { render: unavailable, compute: unavailable, expand: unavailable, close: async () => undefined },
      env: {},
      mark: noMarker,
      random: () => 0.5,
    }
  }

  for (let deliveries = 0; deliveries < 2_000; deliveries++) {
    const own = life
    const [run] = await database.write((tx): BegunRun[] => {
      const lease = {
        zapId: 'zap',
        limit: 1,
        now: clock.now(),
        until: clock.now() + 60_000,
        token: `${own}.${deliveries}`,
        maxCrashes: 999,
      }
      return leaseDue(tx, lease).flatMap((message: LeasedMessage) => beginRun(tx, message, versions, clock.now()) ?? [])
    })
    if (run === undefined) {
      const next = await database.write((tx) =>
        tx.get(
          rowOf({ at: nullable(integer) }),
          `SELECT min(available_at) AS at FROM outbox_message WHERE state = 'pending'`,
        ),
      )
      if (next?.at == null && (await goOnSomewhere())) {
        stops++
        continue
      }
      if (next?.at == null) break
      clock.advance(Math.max(1, next.at - clock.now()))
      continue
    }
    const mine = mortal(own)
    const afterEnd = run.journal.some(({ endsRun }) => endsRun !== null)
    const delivery: DeliveryTerms = {
      signal: new AbortController().signal,
      leave: () => undefined,
      zapsOf: () => ({ start: unavailable, result: unavailable }),
    }
    const ended = executeRun(run, delivery, {
      database: mine,
      step: servicesOf(own, mine, afterEnd),
      failpoint: noFailpoint,
      endings: createRunEndings(createFailureWatch()),
      news: { listen: () => () => undefined },
      signals: createSignals(log),
    })
    // Steps that wait beside others that are under way go on by the clock.
    let isOver = false
    const watched = ended.catch((error: unknown) => {
      if (!(error instanceof CrashError) && own === life) throw error
    })
    void watched
      .finally(() => {
        isOver = true
      })
      .catch(() => undefined)
    for (let turns = 0; !isOver; ) {
      await turn()
      // The time stands still while the disk is at work, however long that takes.
      while (pending.size > 0) await Promise.allSettled(pending)
      clock.advance(1)
      turns++
      if (turns > 100_000) throw new Error('the run goes round in circles')
    }
    await watched
    if (own === life) continue
    dead++
    await database.write((tx) => {
      const held = tx.get(rowOf({ id: integer }), `SELECT id FROM outbox_message WHERE state = 'leased'`)
      if (held !== undefined) reclaimMessage(tx, { id: held.id, crashes: 0 }, clock.now())
    })
  }
  const run = await findRun(database.reader, runId)
  const rows = await findStepRuns(database.reader, runId)
  const messages = await database.write((tx) =>
    tx.all(rowOf({ state: text }), 'SELECT state FROM outbox_message ORDER BY id').map(({ state }) => state),
  )
  return {
    status: run?.state ?? 'none',
    reason: run?.reason == null ? null : reasonText(run.reason),
    rows,
    messages,
    calls,
    crashes: dead,
    stops,
  }
}

/** An answer that a step takes for a failure that may pass. */
export const busy = { status: 503, body: null }
