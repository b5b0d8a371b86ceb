import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Tx } from './executor.ts'
import { integer, rowOf, text } from './row.ts'

/** Messages of one zap, counted up to a limit. */
export type CountOfZap = { readonly zapId: string; readonly zapName: string; readonly count: number }

/** The zaps with messages that have been due since before `since`: what the sweeper calls stuck. Counts up to `limit` of each. */
export function stuckSince(tx: Tx, since: number, limit: number): CountOfZap[] {
  return countByZap(tx, `state = 'pending'`, 'AND available_at < ?', [since], limit)
}

/** The zaps with dead letters that nobody has dealt with. Counts up to `limit` of each. */
export function deadLettersByZap(tx: Tx, limit: number): CountOfZap[] {
  return countByZap(tx, `state = 'dead' AND handled_at IS NULL`, '', [], limit)
}

const countRow = rowOf({ zapId: text, zapName: text, count: integer })

/** Goes from zap to zap by a partial index that begins with `zap_id`: one seek each, however many messages there are. */
function countByZap(tx: Tx, where: string, and: string, params: readonly number[], limit: number): CountOfZap[] {
  return tx.all(
    countRow,
    `WITH RECURSIVE next (zapId) AS (
        SELECT min(zap_id) FROM outbox_message WHERE ${where}
        UNION ALL
        SELECT (SELECT min(zap_id) FROM outbox_message WHERE ${where} AND zap_id > next.zapId)
          FROM next WHERE next.zapId IS NOT NULL
      ), counted (zapId, count) AS MATERIALIZED (
        SELECT zapId, (
          SELECT count(*) FROM (SELECT 1 FROM outbox_message WHERE ${where} AND zap_id = next.zapId ${and} LIMIT ?)
        ) FROM next WHERE zapId IS NOT NULL
      )
      SELECT zapId, zap.name AS zapName, count FROM counted JOIN zap ON zap.id = zapId WHERE count > 0`,
    [...params, limit],
  )
}

/** The condition of the index `outbox_sent_on`: SQLite takes that index only where it stands in so many words, and else goes through the table. */
export const IS_SENT_ON = `state IN ('outgoing', 'relayed')`

export type OutboxCounts = {
  pending: number
  waiting: number
  leased: number
  /** Dead letters that were neither replayed nor dismissed. */
  dead: number
  oldestDueAt: number | null
}

/** How many messages are in each open state, from the partial indexes alone: the cost does not grow with the history. */
export async function countOpenMessages(reader: Knex, now: number): Promise<OutboxCounts> {
  const [row]: OutboxCounts[] = await reader.raw(
    `SELECT
      (SELECT count(*) FROM outbox_message WHERE state = 'pending' AND available_at <= ?)
        + (SELECT count(*) FROM outbox_message WHERE ${IS_SENT_ON} AND state = 'outgoing') AS pending,
      (SELECT count(*) FROM outbox_message WHERE state = 'pending' AND available_at > ?) AS waiting,
      (SELECT count(*) FROM outbox_message WHERE state = 'leased') AS leased,
      (SELECT count(*) FROM outbox_message WHERE state = 'dead' AND handled_at IS NULL) AS dead,
      (SELECT min(available_at) FROM outbox_message WHERE state = 'pending' AND available_at <= ?) AS oldestDueAt`,
    [now, now, now],
  )
  return row ?? { pending: 0, waiting: 0, leased: 0, dead: 0, oldestDueAt: null }
}

/** Ids of messages that are looked at in one turn: a millisecond or two. */
const COUNTED_AT_ONCE = 10_000

const idsRow = z.tuple([z.object({ first: z.int().nullable(), last: z.int().nullable() })])

/** Messages that ended well. Goes through the whole table, in turns with everything else. */
export async function countDelivered(reader: Knex): Promise<number> {
  // Asked for together, SQLite would look at every row for them.
  const [{ first, last }] = idsRow.parse(
    await reader.raw(
      'SELECT (SELECT min(id) FROM outbox_message) AS first, (SELECT max(id) FROM outbox_message) AS last',
    ),
  )
  let delivered = 0
  for (let from = first ?? 1; from <= (last ?? 0); from += COUNTED_AT_ONCE) {
    if (from !== first) await turn()
    const [row]: { count: number }[] = await reader.raw(
      `SELECT count(*) AS count FROM outbox_message WHERE id >= ? AND id < ? AND state = 'delivered'`,
      [from, from + COUNTED_AT_ONCE],
    )
    delivered += row?.count ?? 0
  }
  return delivered
}
