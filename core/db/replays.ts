import type { Knex } from 'knex'
import type { RunState, ShownRunState } from '../domain/runs/states.ts'
import type { Tx } from './executor.ts'

/** Begins the replay of a run, with the next free replay number of its event and version. The old run is no open failure any more. */
export function insertReplay(
  tx: Tx,
  replay: { id: string; of: string; zapId: string; version: number; eventId: string; now: number },
): void {
  tx.run(
    `INSERT INTO run (id, zap_id, version, event_id, replay_no, replay_of_run_id, state, started_at)
      VALUES (?, ?, ?, ?, (SELECT coalesce(max(replay_no), 0) + 1 FROM run WHERE event_id = ? AND version = ?), ?, 'running', ?)`,
    [replay.id, replay.zapId, replay.version, replay.eventId, replay.eventId, replay.version, replay.of, replay.now],
  )
  tx.run(`UPDATE run SET outcome = 'replayed' WHERE id = ? AND state IN ('failed', 'cancelled')`, [replay.of])
}

/** Whether a run was run again. */
export function hasReplay(tx: Tx, id: string): boolean {
  return tx.has('SELECT 1 FROM run WHERE replay_of_run_id = ?', [id])
}

/** What is known of the replays of a run. */
export type ReplaysOf = {
  /** Its own replays, the oldest first; the newest 20 of many. */
  readonly replays: readonly { readonly id: string; readonly status: RunState }[]
  /** Where the newest of them led: itself, or the end of what it was replayed as in turn. */
  readonly replayedAs: { readonly id: string; readonly status: ShownRunState }
}

const TOLD_REPLAYS = 20
/** Replays of replays that are followed. */
const FOLLOWED = 100

/** The replays of those of the named runs that have any. A seek in a small index for each run that has none. */
export async function findReplays(reader: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, ReplaysOf>> {
  if (ids.length === 0) return new Map()
  const direct: { root: string; id: string; status: RunState }[] = await reader.raw(
    `SELECT replay_of_run_id AS root, id, state AS status FROM (
      SELECT replay_of_run_id, id, state, row_number() OVER (PARTITION BY replay_of_run_id ORDER BY id DESC) AS age
        FROM run WHERE replay_of_run_id IN (SELECT value FROM json_each(?))
    ) WHERE age <= ${TOLD_REPLAYS} ORDER BY id`,
    [JSON.stringify(ids)],
  )
  if (direct.length === 0) return new Map()
  const replaysOf = Map.groupBy(direct, (replay) => replay.root)
  const ends: { root: string; id: string; status: ShownRunState }[] = await reader.raw(
    `WITH RECURSIVE chain (root, id, length) AS (
        SELECT value, value, 0 FROM json_each(?)
        UNION ALL
        SELECT root, (SELECT max(id) FROM run WHERE replay_of_run_id = chain.id), length + 1
          FROM chain WHERE id IS NOT NULL AND length < ${FOLLOWED}
      )
      SELECT root, run.id AS id, shown AS status FROM chain JOIN run ON run.id = chain.id WHERE length > 0 ORDER BY length`,
    [JSON.stringify([...replaysOf.keys()])],
  )
  // Of a chain the last one stays.
  const endOf = new Map(ends.map(({ root, id, status }) => [root, { id, status }]))
  return new Map(
    [...replaysOf].flatMap(([root, replays]) => {
      const replayedAs = endOf.get(root)
      return replayedAs === undefined
        ? []
        : [[root, { replays: replays.map(({ id, status }) => ({ id, status })), replayedAs }]]
    }),
  )
}

/** The runs that the named ones replay, directly or through others: what they are told with changes with them. */
export async function findReplayedBy(reader: Knex, ids: readonly string[]): Promise<string[]> {
  const rows: { id: string }[] = await reader.raw(
    `WITH RECURSIVE earlier (id, length) AS (
        SELECT replay_of_run_id, 1 FROM run
          WHERE id IN (SELECT value FROM json_each(?)) AND replay_of_run_id IS NOT NULL
        UNION
        SELECT run.replay_of_run_id, length + 1 FROM earlier JOIN run ON run.id = earlier.id
          WHERE run.replay_of_run_id IS NOT NULL AND length < ${FOLLOWED}
      )
      SELECT DISTINCT id FROM earlier`,
    [JSON.stringify(ids)],
  )
  return rows.map((row) => row.id)
}

/** Those of the named runs that were run again. */
export async function findAmongReplayed(reader: Knex, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows: { id: string }[] = await reader.raw(
    `SELECT DISTINCT replay_of_run_id AS id FROM run WHERE replay_of_run_id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  )
  return new Set(rows.map((row) => row.id))
}
