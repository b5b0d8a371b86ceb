import { CalendarX, FilterX, ListChecks, SearchX } from 'lucide-react'
import { useLocation } from 'wouter'
import { Button } from '../../ui/controls/button.tsx'
import { EmptyState } from '../../ui/page/empty-state.tsx'
import { isBackwards, type RunFilter } from './run-filter.ts'
import { SEARCHED } from './search-line.tsx'

/** What the list says when there is no run, and why that may be. */
export function NoRuns({ filter, onClear }: { filter: RunFilter; onClear: () => void }) {
  const [, navigate] = useLocation()
  if (isBackwards(filter.when)) {
    return (
      <EmptyState icon={CalendarX} title="The time ends before it begins">
        Choose a later end, or leave one of them open.
      </EmptyState>
    )
  }
  if (filter.text !== undefined) {
    return (
      <EmptyState
        icon={SearchX}
        title={`No run has “${shortened(filter.text)}” in it`}
        action={<Button onClick={onClear}>Clear filters</Button>}
      >
        {SEARCHED} New runs that match appear here by themselves.
      </EmptyState>
    )
  }
  if (Object.keys(filter).length > 0) {
    return (
      <EmptyState icon={FilterX} title="No run matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        New runs that match appear here by themselves.
      </EmptyState>
    )
  }
  return (
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
  )
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
