import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Incident } from '../../core/contract/values.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { elapsedMs, formatDuration } from '../ui/duration.ts'
import { RelativeTime } from '../ui/relative-time.tsx'
import { AllClear } from './all-clear.tsx'

/** Incidents that are over and shown at first. */
const PAST_AT_FIRST = 5

/** What needed a person's eye: what still does, then what is over. */
export function IncidentList({ incidents }: { incidents: readonly Incident[] }) {
  const [showsAll, setShowsAll] = useState(false)
  const open = incidents.filter((incident) => incident.closedAt === null)
  const past = incidents.filter((incident) => incident.closedAt !== null)
  const shown = showsAll ? past : past.slice(0, PAST_AT_FIRST)
  return (
    <div className="flex flex-col gap-2">
      {open.length === 0 && <AllClear>None is open. Nothing is stuck.</AllClear>}
      {incidents.length > 0 && (
        <ul className="flex flex-col gap-2">
          {[...open, ...shown].map((incident) => (
            <IncidentLine key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      {past.length > shown.length && (
        <div>
          <Button size="sm" variant="ghost" onClick={() => setShowsAll(true)}>
            Show {past.length - shown.length} earlier
          </Button>
        </div>
      )}
    </div>
  )
}

function IncidentLine({ incident }: { incident: Incident }) {
  const { closedAt } = incident
  const isOpen = closedAt === null
  const Icon = isOpen ? TriangleAlert : CircleCheck
  return (
    <li
      data-incident={isOpen ? 'open' : 'closed'}
      className={classNames(
        'flex items-start gap-2.5 rounded border px-3 py-2',
        isOpen ? 'border-error/30 bg-error-soft' : 'border-line bg-surface',
      )}
    >
      <Icon
        size={15}
        aria-hidden
        className={classNames('mt-[3px] shrink-0', isOpen ? 'text-error' : 'text-ink-faint')}
      />
      <div className="min-w-0 flex-1">
        <p className={classNames('break-words', !isOpen && 'text-ink-soft')}>{incident.message}</p>
        <p className={classNames('text-sm', isOpen ? 'text-ink-soft' : 'text-ink-faint')}>
          {isOpen ? (
            <>
              Since <RelativeTime iso={incident.openedAt} />. It closes by itself when the cause is gone.
            </>
          ) : (
            <>
              Closed <RelativeTime iso={closedAt} />, after {formatDuration(elapsedMs(incident.openedAt, closedAt, 0))}
            </>
          )}
        </p>
      </div>
      {incident.zapId !== null && (
        <Link
          href={`/zaps/${incident.zapId}`}
          className="shrink-0 rounded-sm text-sm font-medium text-accent hover:underline"
        >
          Open zap
        </Link>
      )}
    </li>
  )
}
