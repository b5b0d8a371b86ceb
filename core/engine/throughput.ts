import { countEndedRuns, type MinuteOfRuns } from '../db/ended-runs.ts'
import type { Database } from '../db/open.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'

/** How many runs ended in each minute of the last hour: read once at the start, and counted from then on as they end. */
export type Throughput = {
  /** Each minute of the last hour, the oldest first; the last one is under way. `from`: the time from which the counts are whole. */
  lastHour(): { readonly from: number; readonly minutes: readonly MinuteOfRuns[] }
}

const MINUTE_MS = 60_000
const MINUTES = 60

type Counts = { succeeded: number; failed: number }

/** No run may end while this is made. */
export async function createThroughput(database: Database, clock: Clock, signals: Signals): Promise<Throughput> {
  const firstMinute = (): number => Math.floor(clock.now() / MINUTE_MS) - MINUTES + 1
  const before = await countEndedRuns(database.reader, firstMinute() * MINUTE_MS)
  const counts = new Map<number, Counts>(
    before.minutes.map(({ minute, succeeded, failed }) => [minute, { succeeded, failed }]),
  )

  signals.on('run:ended', ({ state, finishedAt }) => {
    if (state === 'cancelled') return
    const minute = Math.floor(finishedAt / MINUTE_MS)
    let entry = counts.get(minute)
    if (entry === undefined) {
      entry = { succeeded: 0, failed: 0 }
      counts.set(minute, entry)
      const first = firstMinute()
      for (const old of counts.keys()) if (old < first) counts.delete(old)
    }
    entry[state]++
  })

  return {
    lastHour() {
      const first = firstMinute()
      const minutes = Array.from({ length: MINUTES }, (_, index): MinuteOfRuns => {
        const { succeeded, failed } = counts.get(first + index) ?? { succeeded: 0, failed: 0 }
        return { minute: first + index, succeeded, failed }
      })
      return { from: Math.max(before.from, first * MINUTE_MS), minutes }
    },
  }
}
