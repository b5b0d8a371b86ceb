import { queries, useAnswer } from '../queries/queries.ts'
import { RunDuration } from '../runs/run-duration.tsx'
import { RowLink } from '../ui/lists/row-link.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { StatusBadge } from '../ui/look/status-badge.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Status', width: '128px' },
  { title: 'Zap' },
  { title: 'Host', width: '22%' },
  { title: 'Started', width: '110px' },
  { title: 'Took', width: '96px', align: 'end' },
]
const SHOWN = 25

/** The newest runs of all hosts. */
export function FleetRuns({ self }: { self: string }) {
  const { data, failure } = useAnswer(queries.fleet.runs.queryOptions({ input: { limit: SHOWN } }))
  if (failure !== null)
    return <ErrorNote title="The runs of the other hosts could not be read." remedy={failure.message} />
  const missing = data?.missing ?? []
  return (
    <Table
      label="Newest runs of all hosts"
      columns={COLUMNS}
      after={
        data !== null &&
        (data.runs.length === 0 || missing.length > 0) && (
          <p className="border-t border-line px-4 py-2.5 text-ink-faint">
            {data.runs.length === 0 && 'Nothing ran yet. '}
            {missing.length > 0 &&
              `${missing.join(', ')} did not answer: of what ran there, this is what was told last.`}
          </p>
        )
      }
    >
      {data?.runs.map((run) => (
        <tr key={`${run.host} ${run.id}`} className={TABLE_ROW} style={{ height: 36 }}>
          <td>
            <StatusBadge status={run.shownAs} plain />
          </td>
          <td>
            <RowLink
              href={run.host === self ? `/runs/${run.id}` : `/fleet/${run.host}/runs/${run.id}`}
              label={`Open run of ${run.zapName} on ${run.host}`}
            >
              {run.zapName}
            </RowLink>
          </td>
          <td className="truncate text-ink-soft">
            <ToldText>{run.host}</ToldText>
          </td>
          <td className="text-ink-soft">
            <span className="relative z-[1]">
              <RelativeTime iso={run.startedAt} />
            </span>
          </td>
          <td className="text-right text-ink-soft tabular-nums">
            <RunDuration run={run} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
