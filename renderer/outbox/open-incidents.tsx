import { TriangleAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Incident } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { useReveal } from '../ui/lists/use-reveal.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { incidentAdvice } from './incident-advice.ts'
import { IncidentLinks } from './incident-links.tsx'

/** Incidents that are shown at first, so that what they are about stays in reach below them. */
const AT_FIRST = 4

/** What needs a person's eye now, and what to do about it. */
export function OpenIncidents({ incidents }: { incidents: readonly Incident[] }) {
  const [showsAll, setShowsAll] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const reveal = useReveal(list)
  const shown = showsAll ? incidents : incidents.slice(0, AT_FIRST)
  return (
    <>
      <ul
        ref={list}
        className="divide-y divide-error/20 overflow-hidden rounded-lg border border-error/30 bg-error-soft"
      >
        {shown.map((incident) => (
          <li key={incident.id} data-incident="open" className="flex items-start gap-2.5 px-4 py-2.5">
            <TriangleAlert size={15} aria-hidden className="mt-[3px] shrink-0 text-error" />
            <div className="min-w-0 flex-1">
              <p className="font-medium break-words">
                <ToldText>{incident.message}</ToldText>
              </p>
              <p className="text-sm text-ink-soft">{incidentAdvice(incident).text}</p>
            </div>
            <div className="flex shrink-0 flex-col items-end text-sm text-ink-soft">
              <span>
                since <RelativeTime iso={incident.openedAt} />
              </span>
              <IncidentLinks incident={incident} />
            </div>
          </li>
        ))}
      </ul>
      {incidents.length > shown.length && (
        <Button
          size="sm"
          variant="ghost"
          className="mt-1"
          onClick={() => {
            reveal(shown.length)
            setShowsAll(true)
          }}
        >
          Show {incidents.length - shown.length} more
        </Button>
      )}
    </>
  )
}
