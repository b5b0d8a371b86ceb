import { useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Incident } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { useReveal } from '../ui/lists/use-reveal.ts'
import { elapsedMs, formatDuration } from '../ui/words/duration.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { AllClear } from './all-clear.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'What happened' },
  { title: 'Began', width: '120px' },
  { title: 'Over', width: '120px' },
  { title: 'Lasted', width: '120px', align: 'end' },
]

/** Incidents that are shown at first. */
const AT_FIRST = 6

export type PastIncident = Incident & { readonly closedAt: string }

/** What needed a person's eye once and is over. */
export function PastIncidents({ incidents }: { incidents: readonly PastIncident[] }) {
  const [showsAll, setShowsAll] = useState(false)
  const rows = useRef<Element>(null)
  const reveal = useReveal(rows)
  if (incidents.length === 0) return <AllClear>None. When something gets stuck and is over, it is kept here.</AllClear>
  const shown = showsAll ? incidents : incidents.slice(0, AT_FIRST)
  return (
    <Table
      label="Earlier incidents"
      columns={COLUMNS}
      after={
        incidents.length > shown.length && (
          <div className="border-t border-line p-1.5">
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                reveal(shown.length)
                setShowsAll(true)
              }}
            >
              Show {incidents.length - shown.length} more
            </Button>
          </div>
        )
      }
    >
      {shown.map((incident) => (
        <tr
          key={incident.id}
          ref={(row) => {
            if (row !== null) rows.current = row.parentElement
          }}
          data-incident="closed"
          className={TABLE_ROW}
          style={{ height: 40 }}
        >
          <td className="truncate" title={incident.message}>
            {incident.zapId === null ? (
              <ToldText>{incident.message}</ToldText>
            ) : (
              <Link
                href={`/zaps/${incident.zapId}`}
                data-row-link
                className="rounded-sm text-ink outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
              >
                <ToldText>{incident.message}</ToldText>
              </Link>
            )}
          </td>
          <Moment iso={incident.openedAt} />
          <Moment iso={incident.closedAt} />
          <td className="text-right text-ink-soft tabular-nums">
            {formatDuration(elapsedMs(incident.openedAt, incident.closedAt, 0))}
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Moment({ iso }: { iso: string }) {
  return (
    <td className="text-ink-soft">
      <span className="relative z-[1]">
        <RelativeTime iso={iso} />
      </span>
    </td>
  )
}
