import { FilterX } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { navigate, useHashQuery } from '../../commands/hash-location.ts'
import { useZaps } from '../../queries/zaps.ts'
import { Button } from '../../ui/controls/button.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import { Page } from '../../ui/page/page.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { BulkBar } from '../bulk/bulk-bar.tsx'
import { BulkProgress } from '../bulk/bulk-progress.tsx'
import { filterWords } from './filter-words.ts'
import { NoRuns } from './no-runs.tsx'
import { readRunsQuery, runsAddress } from './run-address.ts'
import { RunFilters } from './run-filters.tsx'
import { RunList } from './run-list.tsx'
import { searchAgain, searchFurther, useRunSearch } from './run-search.ts'
import { isEmpty, keepShown, NO_RUNS, type RunSelection } from './run-selection.ts'
import { useRunList } from './runs.ts'
import { SearchLine } from './search-line.tsx'

const searchOlder = () => void searchFurther()
const clear = () => navigate(runsAddress({}))

/** Everything that ran, newest first, live. The address says what it is narrowed to. */
export function RunsPage() {
  const query = useHashQuery()
  const filter = useMemo(() => readRunsQuery(query), [query])
  const list = useRunList(filter)
  const found = useRunSearch(filter)
  const { search } = found
  const isSearch = filter.text !== undefined
  const { runs, next, failure } = isSearch ? found : list
  const { data: zaps } = useZaps()

  const [chosen, setSelection] = useState<RunSelection>(NO_RUNS)
  const selection = useMemo(() => keepShown(chosen, runs?.map((run) => run.id) ?? []), [chosen, runs])
  // What was chosen among other runs means nothing here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter shows other runs
  useEffect(() => setSelection(NO_RUNS), [filter])

  const isNarrowed = Object.keys(filter).length > 0
  const isNothing = runs !== null && runs.length === 0 && next === null
  // A search that was stopped goes on by its button, not by scrolling.
  const hasOlder = next !== null && search?.state !== 'stopped'

  return (
    <Page
      title="Runs"
      scrolls={false}
      actions={
        isNarrowed && (
          <Button variant="ghost" icon={FilterX} onClick={clear}>
            Clear filters
          </Button>
        )
      }
      toolbar={
        <RunFilters
          filter={filter}
          onChange={(changed, keepsBefore) => navigate(runsAddress(changed), { replace: !keepsBefore })}
        />
      }
    >
      {failure !== null && (
        <div className="mb-3">
          <ErrorNote
            title="The runs could not be read."
            remedy={failure.message}
            details={failure.details}
            action={
              <Button size="sm" variant="ghost" onClick={isSearch ? searchAgain : list.reload}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {runs === null && failure === null && !isSearch && <Spinner label="Reading the runs…" />}
      <BulkProgress />
      {search !== null && !isNothing && (
        <SearchLine search={search} found={runs?.length ?? 0} isWhole={runs !== null && next === null} />
      )}
      {runs !== null && runs.length > 0 && (
        <>
          <RunList
            runs={runs}
            hasOlder={hasOlder}
            onOlder={isSearch ? searchOlder : list.loadOlder}
            selection={selection}
            onSelection={setSelection}
          />
          {!isEmpty(selection) && (
            <BulkBar
              selection={selection}
              runs={runs}
              hasOlder={next !== null}
              filter={filter}
              filterWords={filterWords(filter, zaps?.find((zap) => zap.id === filter.zapId)?.name, Date.now())}
              onAll={() => setSelection({ kind: 'all' })}
              onClear={() => setSelection(NO_RUNS)}
            />
          )}
        </>
      )}
      {isNothing && <NoRuns filter={filter} onClear={clear} />}
    </Page>
  )
}
