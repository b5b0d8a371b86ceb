import { TriangleAlert } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Incident } from '../../core/contract/values.ts'
import { incidentAdvice } from '../outbox/incident-advice.ts'
import { IncidentLinks } from '../outbox/incident-links.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'

/** What needs a person's eye. Nothing at all where nothing does. */
export function Incidents({ incidents }: { incidents: readonly Incident[] }) {
  return <span aria-live="polite">{incidents.length > 0 && <IncidentsButton incidents={incidents} />}</span>
}

function IncidentsButton({ incidents }: { incidents: readonly Incident[] }) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="flex h-6 items-center gap-1.5 rounded-sm bg-error-soft px-2 font-medium text-error hover:brightness-97">
        <TriangleAlert size={13} aria-hidden />
        {incidents.length === 1 ? '1 open incident' : `${incidents.length} open incidents`}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Open incidents"
          className="z-40 max-h-96 w-[400px] animate-pop overflow-y-auto rounded-lg bg-raised p-1 shadow-float outline-none"
        >
          <ul className="divide-y divide-line">
            {incidents.map((incident) => (
              <li key={incident.id} className="px-3 py-2">
                <p className="text-base font-medium break-words text-ink">
                  <ToldText>{incident.message}</ToldText>
                </p>
                <p className="mt-0.5 text-sm text-ink-soft">{incidentAdvice(incident).text}</p>
                <p className="mt-1 flex items-baseline justify-between gap-3">
                  <IncidentLinks incident={incident} onFollowed={close} />
                  <span className="shrink-0 text-sm text-ink-faint">
                    since <RelativeTime iso={incident.openedAt} />
                  </span>
                </p>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
