import type { MouseEvent } from 'react'
import { Link, useLocation } from 'wouter'
import type { Incident } from '../../core/contract/values.ts'
import { runsAddress } from '../runs/list/run-address.ts'
import { incidentAdvice } from './incident-advice.ts'

/** The heading of the dead letters on the Outbox page. */
export const DEAD_LETTERS_ID = 'dead-letters'

const LINK = 'rounded-sm font-medium text-accent hover:underline'

/** The ways from an incident to where something can be done about it. `onFollowed` hears when one is taken. */
export function IncidentLinks({ incident, onFollowed }: { incident: Incident; onFollowed?: () => void }) {
  const { runs, isAboutDeadLetters } = incidentAdvice(incident)
  const [location] = useLocation()
  const toDeadLetters = (event: MouseEvent) => {
    onFollowed?.()
    if (location !== '/outbox') return
    // The page is there already: only its place changes.
    event.preventDefault()
    const heading = document.getElementById(DEAD_LETTERS_ID)
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
  }
  return (
    <span className="inline-flex flex-wrap gap-x-3 text-sm">
      {runs !== null && (
        <Link href={runsAddress(runs.filter)} className={LINK} onClick={onFollowed}>
          {runs.words}
        </Link>
      )}
      {isAboutDeadLetters && (
        <Link href="/outbox" className={LINK} onClick={toDeadLetters}>
          Show dead letters
        </Link>
      )}
      {incident.zapId !== null && (
        <Link href={`/zaps/${incident.zapId}`} className={LINK} onClick={onFollowed}>
          Open zap
        </Link>
      )}
    </span>
  )
}
