import { useEffect, useState } from 'react'
import type { DeadLetter, Incident, OutboxStats, RunSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { throttle } from '../stores/throttle.ts'
import type { PastIncident } from './past-incidents.tsx'

/** Waiting runs that are shown; more than these nobody reads one by one. */
const SHOWN = 100
/** Dead letters that the host lists at most. */
const LISTED_LETTERS = 500

export type Outbox = {
  readonly stats: OutboxStats
  readonly waiting: readonly RunSummary[]
  readonly hasMoreWaiting: boolean
  /** Those that nobody dealt with. */
  readonly deadLetters: readonly DeadLetter[]
  readonly hasMoreLetters: boolean
  /** The newest first. */
  readonly pastIncidents: readonly PastIncident[]
}

/** The queue's numbers, the runs that wait in it, what was given up and what went wrong, as long as somebody looks. */
export function useOutbox(): { outbox: Outbox | null; failure: Failure | null; reload: () => void } {
  const [outbox, setOutbox] = useState<Outbox | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [reload, setReload] = useState<() => void>(() => () => undefined)
  useEffect(() => {
    let gone = false
    const load = async () => {
      try {
        const [stats, page, review, deadLetters, incidents] = await Promise.all([
          api.outbox.stats(),
          api.runs.list({ status: 'waiting', limit: SHOWN }),
          api.runs.list({ status: 'needs-review', limit: SHOWN }),
          api.outbox.deadLetters(),
          api.incidents.list(),
        ])
        if (gone) return
        setOutbox({
          stats,
          // Those that nobody but a person can help come first.
          waiting: [...review.runs, ...page.runs],
          hasMoreWaiting: page.next !== null || review.next !== null,
          deadLetters,
          hasMoreLetters: deadLetters.length >= LISTED_LETTERS,
          pastIncidents: incidents.filter(isPast),
        })
        setFailure(null)
      } catch (thrown) {
        if (!gone) setFailure(describeFailure(thrown))
      }
    }
    // The host counts the whole table for `delivered`: often enough to look alive, seldom enough not to be felt.
    const loadSoon = throttle(2000, () => {
      if (!gone) void load()
    })
    setReload(() => () => void load())
    loadSoon()
    const stopEvents = onAppEvent(loadSoon)
    const stopResumed = onResumed(loadSoon)
    return () => {
      gone = true
      stopEvents()
      stopResumed()
    }
  }, [])
  return { outbox, failure, reload }
}

function isPast(incident: Incident): incident is PastIncident {
  return incident.closedAt !== null
}
