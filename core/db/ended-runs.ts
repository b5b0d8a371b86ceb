import type { Knex } from 'knex'
import { encodeTimeAsId } from '../domain/host/ids.ts'

/** Runs that ended within one minute since 1970 UTC. */
export type MinuteOfRuns = { readonly minute: number; readonly succeeded: number; readonly failed: number }

/** Newest runs that are looked at: this is read at every start, and must not grow with the history. */
const LOOKED_AT = 10_000

const MINUTE_MS = 60_000
/** Runs that began longer before and ended within the time are not found. */
const LONGEST_RUN_MS = 86_400_000

/**
 * How many runs ended in each minute since `since`, from the newest runs alone. `from` is the time from which the counts are whole: later
 * than `since` when there were more runs than are looked at.
 */
export async function countEndedRuns(reader: Knex, since: number): Promise<{ from: number; minutes: MinuteOfRuns[] }> {
  const newest = reader('run')
    .where('id', '>=', encodeTimeAsId('run', since - LONGEST_RUN_MS))
    .orderBy('id', 'desc')
    .limit(LOOKED_AT)
    .select('state', 'started_at', 'finished_at')
  const [scanned]: { count: number; oldest: number | null }[] = await reader(newest.clone().as('newest')).select(
    reader.raw('count(*) AS count, min(started_at) AS oldest'),
  )
  const minutes: MinuteOfRuns[] = await reader(newest.as('newest'))
    .where('finished_at', '>=', since)
    .whereIn('state', ['succeeded', 'failed'])
    .groupBy('minute')
    .select(
      reader.raw(`finished_at / ${MINUTE_MS} AS minute`),
      reader.raw(`sum(state = 'succeeded') AS succeeded`),
      reader.raw(`sum(state = 'failed') AS failed`),
    )
  const isCutOff = scanned !== undefined && scanned.count >= LOOKED_AT && scanned.oldest !== null
  return { from: isCutOff ? Math.max(since, scanned.oldest ?? since) : since, minutes }
}
