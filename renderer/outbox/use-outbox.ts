import type { DeadLetter, Incident, OutboxStats, RunSummary } from '../../core/contract/values.ts'
import type { Failure } from '../api/failure.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import type { PastIncident } from './past-incidents.tsx'

/** Waiting runs that are shown: more than a person reads one by one. */
const SHOWN = 100
/** Dead letters that the host lists at most. */
const LISTED_LETTERS = 500

export type Outbox = {
  readonly stats: OutboxStats
  readonly waiting: readonly RunSummary[]
  readonly hasMoreWaiting: boolean
  /** Those that were neither replayed nor dismissed. */
  readonly deadLetters: readonly DeadLetter[]
  readonly hasMoreLetters: boolean
  /** The newest first. */
  readonly pastIncidents: readonly PastIncident[]
}

/** The queue's numbers, the runs that wait in it, what was given up and what went wrong, live. */
export function useOutbox(): { outbox: Outbox | null; failure: Failure | null; reload: () => void } {
  const stats = useAnswer(queries.outbox.stats.queryOptions())
  const letters = useAnswer(queries.outbox.deadLetters.queryOptions())
  const incidents = useAnswer(queries.incidents.list.queryOptions())
  const waiting = useAnswer(queries.runs.list.queryOptions({ input: { status: 'waiting', limit: SHOWN } }))
  const review = useAnswer(queries.runs.list.queryOptions({ input: { status: 'needs-review', limit: SHOWN } }))
  const asked = [stats, letters, incidents, waiting, review]
  return {
    outbox:
      stats.data === null ||
      letters.data === null ||
      incidents.data === null ||
      waiting.data === null ||
      review.data === null
        ? null
        : {
            stats: stats.data,
            // Those that only a person can help come first.
            waiting: [...review.data.runs, ...waiting.data.runs],
            hasMoreWaiting: waiting.data.next !== null || review.data.next !== null,
            deadLetters: letters.data,
            hasMoreLetters: letters.data.length >= LISTED_LETTERS,
            pastIncidents: incidents.data.filter(isPast),
          },
    failure: asked.find((one) => one.failure !== null)?.failure ?? null,
    reload: () => {
      for (const one of asked) one.reload()
    },
  }
}

function isPast(incident: Incident): incident is PastIncident {
  return incident.closedAt !== null
}
