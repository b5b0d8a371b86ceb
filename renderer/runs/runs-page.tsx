import { FilterX, ListChecks } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { RUN_STATES, type RunState } from '../../core/domain/states.ts'
import { isEmpty, keepShown, NO_RUNS, type RunSelection } from '../stores/run-selection.ts'
import { leaveRuns, loadOlderRuns, showRuns, useRuns } from '../stores/runs.ts'
import { loadZaps, useZaps } from '../stores/zaps.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { Page } from '../ui/page.tsx'
import { Select } from '../ui/select.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { StatusIcon, statusWord } from '../ui/status-badge.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { BulkProgress } from './bulk-progress.tsx'
import { filterWords } from './filter-words.ts'
import { RunList } from './run-list.tsx'

const ANY = ''
const STATUS_OPTIONS = [
  { value: ANY, label: 'Any status' },
  ...RUN_STATES.map((status) => ({
    value: status,
    label: statusWord(status),
    icon: <StatusIcon status={status} hasWord />,
  })),
] as const satisfies readonly { value: RunState | ''; label: string }[]

const loadOlder = () => void loadOlderRuns()

/** Everything that ran, newest first, live. */
export function RunsPage() {
  const [, navigate] = useLocation()
  const { runs, filter, next, failure } = useRuns()
  const zaps = useZaps((state) => state.zaps)
  useEffect(() => {
    void showRuns(useRuns.getState().filter)
    void loadZaps()
    return leaveRuns
  }, [])

  const [chosen, setSelection] = useState<RunSelection>(NO_RUNS)
  const selection = useMemo(() => keepShown(chosen, runs?.map((run) => run.id) ?? []), [chosen, runs])
  // What was chosen among other runs means nothing here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter shows other runs
  useEffect(() => setSelection(NO_RUNS), [filter.zapId, filter.status])

  const isNarrowed = filter.zapId !== undefined || filter.status !== undefined
  const narrow = (zapId: string | undefined, status: RunState | undefined) =>
    void showRuns({ ...(zapId === undefined ? {} : { zapId }), ...(status === undefined ? {} : { status }) })

  return (
    <Page
      title="Runs"
      scrolls={false}
      actions={
        <>
          {isNarrowed && (
            <Button variant="ghost" icon={FilterX} onClick={() => narrow(undefined, undefined)}>
              Clear filters
            </Button>
          )}
          <Select
            label="Zap"
            className="max-w-64 min-w-36"
            value={filter.zapId ?? ANY}
            onChange={(zapId) => narrow(zapId === ANY ? undefined : zapId, filter.status)}
            options={[
              { value: ANY, label: 'Every zap' },
              ...(zaps ?? []).map((zap) => ({ value: zap.id, label: zap.name })),
            ]}
          />
          <Select<RunState | ''>
            label="Status"
            className="min-w-36"
            value={filter.status ?? ANY}
            onChange={(status) => narrow(filter.zapId, status === '' ? undefined : status)}
            options={STATUS_OPTIONS}
          />
        </>
      }
    >
      {failure !== null && (
        <div className="mb-3">
          <ErrorNote
            title="The runs could not be read."
            remedy={failure.message}
            details={failure.details}
            action={
              <Button size="sm" variant="ghost" onClick={() => void showRuns(filter)}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {runs === null && failure === null && <Spinner label="Reading the runs…" />}
      <BulkProgress />
      {runs !== null && runs.length > 0 && (
        <>
          <RunList
            runs={runs}
            hasOlder={next !== null}
            onOlder={loadOlder}
            selection={selection}
            onSelection={setSelection}
          />
          {!isEmpty(selection) && (
            <BulkBar
              selection={selection}
              runs={runs}
              hasOlder={next !== null}
              filter={filter}
              filterWords={filterWords(filter, zaps?.find((zap) => zap.id === filter.zapId)?.name)}
              onAll={() => setSelection({ kind: 'all' })}
              onClear={() => setSelection(NO_RUNS)}
            />
          )}
        </>
      )}
      {runs !== null && runs.length === 0 && isNarrowed && (
        <EmptyState
          icon={FilterX}
          title="No run matches"
          action={<Button onClick={() => narrow(undefined, undefined)}>Clear filters</Button>}
        >
          New runs that match appear here by themselves.
        </EmptyState>
      )}
      {runs !== null && runs.length === 0 && !isNarrowed && (
        <EmptyState
          icon={ListChecks}
          title="Nothing has run yet"
          action={
            <Button variant="primary" onClick={() => navigate('/zaps')}>
              Go to your zaps
            </Button>
          }
        >
          Switch a zap on, and each time it starts, its run appears here with everything that its steps did.
        </EmptyState>
      )}
    </Page>
  )
}
