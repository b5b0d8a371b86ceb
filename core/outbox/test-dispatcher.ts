import { onTestFinished, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { type HeldMessage, leaseOf } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { settleMessage } from '../db/outbox-messages.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { noFailpoint } from '../domain/runs/failpoint.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import type { BegunRun } from '../engine/run/begin-run.ts'
import type { Delivery } from '../engine/run/run.ts'
import { createSignals } from '../signals.ts'
import { createDispatcher } from './dispatcher.ts'
import type { ZapPolicy } from './lease-round.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

/** A run that the test ends when it wants. */
export type Held = {
  message: HeldMessage
  /** The id of its message; 0 while that is not stored. */
  id(): number
  signal: AbortSignal
  /** All but its last commit is done. */
  leave(): void
  end(): Promise<void>
  fail(error: Error): void
}

/** A database that does every operation twice, as it may when a batch of them fails and is done again one by one. */
function redoing(database: Database): Database {
  return {
    ...database,
    write: (operation) =>
      database.write((tx) => {
        tx.run('SAVEPOINT redone')
        operation(tx)
        tx.run('ROLLBACK TO redone')
        tx.run('RELEASE redone')
        return operation(tx)
      }),
  }
}

/** A dispatcher on a database of its own, whose runs the test ends; it is stopped after the test. */
export async function dispatcherUnderTest(
  policy: ZapPolicy | ((zapId: string) => ZapPolicy) = { mode: 'parallel', maxParallel: 10, share: 1 },
  slots = 10,
) {
  const database = temporaryDatabase()
  const clock = manualClock(1_000_000)
  const held: Held[] = []
  const told: string[] = []
  const signals = createSignals(log)
  signals.on('run:ended', ({ runId }) => told.push(runId))
  const dispatcher = createDispatcher({
    database: redoing(database),
    clock,
    log,
    failpoint: noFailpoint,
    processId: 'host',
    slots,
    policyOf(_tx, zapId) {
      if (zapId === 'broken') throw new Error('cannot be read')
      return typeof policy === 'function' ? policy(zapId) : policy
    },
    // The dispatcher only hands the run on, so the message is all of it that matters here.
    begin: (_tx, message) => {
      if (message.zapId === 'broken') throw new Error('cannot be read')
      return { message } as BegunRun
    },
    execute: ({ message }, signal, leave) => {
      const done = Promise.withResolvers<Delivery>()
      held.push({
        message,
        id: () => leaseOf(message)?.id ?? 0,
        signal,
        leave,
        async end() {
          await database.write((tx) => {
            const lease = leaseOf(message)
            if (lease !== null) settleMessage(tx, lease, 'delivered', clock.now())
          })
          done.resolve('settled')
        },
        fail: (error) => done.reject(error),
      })
      signal.addEventListener('abort', () => done.resolve('returned'))
      return done.promise
    },
    end: (_tx, runId) => ({ runId, state: 'failed', finishedAt: 0, zapIds: [], runIds: [], abandonedIds: [] }),
    signals,
  })
  dispatcher.start()
  onTestFinished(async () => {
    const stopped = dispatcher.stop(0)
    clock.advance(0)
    await stopped
  })
  return { database, clock, dispatcher, held, told }
}

/** Accepts `count` events of a zap. */
export async function accept(database: Database, zapId: string, count: number, now = 1_000_000): Promise<void> {
  await database.write((tx) => {
    insertZap(tx, { id: zapId, draft: blankZap(zapId), now: 0 })
    insertVersion(tx, { zapId, kind: 'published', definition: blankZap(zapId), now: 0 })
    for (let n = 0; n < count; n++) {
      acceptEvent(tx, { zapId, version: 1, triggerStepId: 'hook', dedupeKey: null, data: { n }, receivedAt: now })
    }
  })
}
