import type { Database } from '../db/open.ts'
import { rowOf } from '../db/row.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { encodeTimeAsId, firstRunId } from '../domain/host/ids.ts'
import type { RunState } from '../domain/runs/states.ts'
import { blankZap } from '../domain/zap/zap-file.ts'

export const DAY_MS = 86_400_000
/** The present of the tests. */
export const NOW = 1_000 * DAY_MS
/** Before this, the tests' runs are old. */
export const OLD = NOW - 30 * DAY_MS

/** A run of a made-up history, and what started it. */
export type MadeRun = {
  readonly id: string
  readonly eventId: string
  readonly zapId: string
  readonly version: number
  readonly state: RunState
  readonly startedAt: number
  /** Undefined while it is not finished. */
  readonly finishedAt?: number
  readonly replayOf?: string
  /** The run that called it. */
  readonly parent?: string
  readonly dedupeKey?: string
  readonly data?: string
  readonly message: 'pending' | 'delivered' | 'dead' | 'handled' | 'cancelled'
  readonly steps?: number
}

/** Ids of the `n`th thing that was made at a time, as they would be. */
export const eventIdAt = (ms: number, n: number): string =>
  `${encodeTimeAsId('evt', ms).slice(0, -4)}${String(n).padStart(4, '0')}`

/** A run that succeeded, and that nothing else is about. */
export function oldRun(n: number, finishedAt: number, change: Partial<MadeRun> = {}): MadeRun {
  const startedAt = finishedAt - 60_000
  const eventId = eventIdAt(startedAt, n)
  return {
    id: firstRunId(eventId),
    eventId,
    zapId: 'zap',
    version: 1,
    state: 'succeeded',
    startedAt,
    finishedAt,
    message: 'delivered',
    ...change,
  }
}

/** Zaps with three published versions and three of tests. */
export function makeZaps(database: Database, ids: readonly string[]): Promise<void> {
  return database.write((tx) => {
    for (const id of ids) {
      insertZap(tx, { id, draft: blankZap(id), now: 0 })
      for (const n of [1, 2, 3]) {
        insertVersion(tx, { zapId: id, kind: 'published', definition: blankZap(`live ${n}`), now: 0 })
        insertVersion(tx, { zapId: id, kind: 'test', definition: blankZap(`test ${n}`), now: 0 })
      }
    }
  })
}

/** Stores runs as the engine leaves them: event, message, journal and attempts. */
export function makeRuns(database: Database, runs: readonly MadeRun[]): Promise<void> {
  return database.write((tx) => {
    for (const run of runs) {
      const { id, zapId, eventId, startedAt, finishedAt = null } = run
      tx.run(
        `INSERT INTO trigger_event (id, zap_id, trigger_step_id, dedupe_key, data, received_at, parent_run_id)
          VALUES (?, ?, 'hook', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        [eventId, zapId, run.dedupeKey ?? null, run.data ?? '{"n":1}', startedAt, run.parent ?? null],
      )
      const replayNo =
        run.replayOf === undefined ? 0 : tx.all(rowOf({}), 'SELECT 1 FROM run WHERE event_id = ?', [eventId]).length
      tx.run(
        `INSERT INTO run (id, zap_id, version, event_id, replay_no, replay_of_run_id, state, started_at, finished_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, zapId, run.version, eventId, replayNo, run.replayOf ?? null, run.state, startedAt, finishedAt],
      )
      const state = run.message === 'handled' ? 'dead' : run.message
      tx.run(
        `INSERT INTO outbox_message (kind, state, zap_id, version, event_id, run_id, available_at, created_at, settled_at, handled_at)
          VALUES ('start-run', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          state,
          zapId,
          run.version,
          eventId,
          id,
          startedAt,
          startedAt,
          state === 'pending' ? null : startedAt,
          run.message === 'handled' ? startedAt : null,
        ],
      )
      for (let n = 0; n < (run.steps ?? 1); n++) {
        tx.run(
          `INSERT INTO step_run (run_id, step_id, scope, state, ports, input, output, attempt_no, finished_at)
            VALUES (?, 'post', ?, 'succeeded', '["main"]', '{}', ?, 1, ?)`,
          [id, String(n), run.data ?? '{}', startedAt],
        )
      }
      tx.run(
        `INSERT INTO attempt (run_id, step_id, scope, n, started_at, finished_at, error_code, error_message)
          VALUES (?, 'post', '0', 1, 0, 0, 'http-500', 'It failed.')`,
        [id],
      )
    }
  })
}

/** Ids of the runs that are there, in order. */
export async function runIds(database: Database): Promise<string[]> {
  const rows: { id: string }[] = await database.reader('run').select('id').orderBy('id')
  return rows.map(({ id }) => id)
}
