import { Info } from 'lucide-react'
import { Button } from '../../ui/controls/button.tsx'
import { Tooltip } from '../../ui/layers/tooltip.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import { formatClock } from '../../ui/words/clock-time.tsx'
import { runsWords } from '../bulk/bulk-words.ts'
import { type RunSearch, searchAgain, searchFurther, stopSearch } from './run-search.ts'

/** What a search looks through, and what it does not. */
export const SEARCHED =
  'Searches events, the input and output of steps, errors, reasons and ids; upper and lower case count the same. Values over 256 KB are kept as files and not searched.'

/** How the search for a text stands, and what can be done about it. */
export function SearchLine({ search, found, isWhole }: { search: RunSearch; found: number; isWhole: boolean }) {
  const { state, searchedTo, hasMissed } = search
  return (
    <div className="mb-2 flex min-h-7 shrink-0 items-center gap-2 text-ink-soft">
      {state === 'going' && <Spinner />}
      {/* Only what matters is told aloud, not each step back. */}
      <span role="status">
        <span className="font-medium text-ink tabular-nums">{runsWords(found)}</span> found
        {state === 'stopped' && ', stopped'}
        {isWhole && ', everything searched'}
      </span>
      {!isWhole && searchedTo !== null && (
        <span className="tabular-nums">
          · Searched back to <time dateTime={searchedTo}>{formatClock(searchedTo, Date.now())}</time>
          {state === 'going' && ' …'}
        </span>
      )}
      {/* One button, so that it keeps the focus. */}
      {!isWhole && (
        <Button size="sm" onClick={state === 'going' ? stopSearch : () => void searchFurther()}>
          {state === 'going' ? 'Stop' : 'Search further'}
        </Button>
      )}
      {hasMissed && state !== 'going' && (
        <Button size="sm" variant="ghost" onClick={searchAgain}>
          Newer runs came that were not searched: search again
        </Button>
      )}
      <Tooltip content={SEARCHED}>
        <button
          type="button"
          aria-label="What is searched"
          className="ml-auto rounded-sm p-1 text-ink-faint hover:text-ink"
        >
          <Info size={14} aria-hidden />
        </button>
      </Tooltip>
    </div>
  )
}
