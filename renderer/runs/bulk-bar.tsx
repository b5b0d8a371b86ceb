import { Ban, FastForward, GitBranchPlus, RotateCcw, X } from 'lucide-react'
import { useState } from 'react'
import type { RunSummary } from '../../core/contract/values.ts'
import type { RunState } from '../../core/domain/states.ts'
import { type BulkRequest, startBulk } from '../stores/bulk.ts'
import type { RunFilter } from '../stores/live-runs.ts'
import { isSelected, type RunSelection } from '../stores/run-selection.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { SplitButton } from '../ui/split-button.tsx'
import { bulkTarget, canBeCancelled, canBeReplayed } from './bulk-target.ts'

type Ask = Omit<BulkRequest, 'runs'>

/** What can be done with the selected runs, all at once. Each is asked for once more, as nothing of it can be taken back. */
export function BulkBar({
  selection,
  runs,
  hasOlder,
  filter,
  filterWords,
  onAll,
  onClear,
}: {
  selection: RunSelection
  /** The runs that are shown. */
  runs: readonly RunSummary[]
  hasOlder: boolean
  filter: RunFilter
  /** What the filter finds, such as "failed runs of Orders". */
  filterWords: string
  onAll: () => void
  onClear: () => void
}) {
  const [ask, setAsk] = useState<Ask | null>(null)
  const [busy, setBusy] = useState(false)
  const isAll = selection.kind === 'all'
  const chosen = runs.filter((run) => isSelected(selection, run.id))
  const mayReplay = isAll ? mayHold(filter, canBeReplayed) : chosen.some((run) => canBeReplayed(run.status))
  const mayCancel = isAll ? mayHold(filter, canBeCancelled) : chosen.some((run) => canBeCancelled(run.status))
  const words = isAll
    ? `All ${filterWords} selected`
    : chosen.length === 1
      ? '1 run selected'
      : `${chosen.length} runs selected`
  const start = async (request: Ask) => {
    setBusy(true)
    const target = isAll ? { filter } : { ids: chosen.filter(bulkTarget(request.action)).map((run) => run.id) }
    const began = await startBulk({ ...request, runs: target })
    setBusy(false)
    setAsk(null)
    if (began) onClear()
  }
  return (
    <section
      aria-label="Selected runs"
      className="mt-2 flex min-h-11 shrink-0 animate-rise flex-wrap items-center gap-2 rounded-lg border border-accent-line bg-accent-soft px-3 py-1.5"
    >
      <IconButton icon={X} size="sm" label="Clear the selection" onClick={onClear} />
      <span aria-live="polite" className="font-medium tabular-nums">
        {words}
      </span>
      {!isAll && hasOlder && chosen.length === runs.length && (
        <Button size="sm" variant="ghost" className="text-accent!" onClick={onAll}>
          Select all {filterWords}
        </Button>
      )}
      <span className="ml-auto flex gap-2">
        <Button icon={Ban} disabled={!mayCancel || busy} onClick={() => setAsk({ action: 'cancel' })}>
          Cancel runs
        </Button>
        <SplitButton
          variant="primary"
          icon={RotateCcw}
          more="More ways to replay the selected runs"
          disabled={!mayReplay || busy}
          onClick={() => setAsk({ action: 'replay' })}
          items={[
            {
              label: 'Replay from failed step',
              icon: FastForward,
              onSelect: () => setAsk({ action: 'replay', fromFailed: true }),
            },
            {
              label: 'Replay through newest version',
              icon: GitBranchPlus,
              onSelect: () => setAsk({ action: 'replay', version: 'newest' }),
            },
          ]}
        >
          Replay
        </SplitButton>
      </span>
      {ask !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setAsk(null)
          }}
          tone={ask.action === 'cancel' ? 'danger' : 'primary'}
          title={titleOf(ask, isAll ? `all ${filterWords}` : countOf(chosen.filter(bulkTarget(ask.action)).length))}
          confirm={ask.action === 'cancel' ? 'Cancel runs' : 'Replay'}
          busy={busy}
          onConfirm={() => void start(ask)}
        >
          {explain(ask)}
          {!isAll && leftAlone(ask.action, chosen)}
        </ConfirmDialog>
      )}
    </section>
  )
}

function titleOf(ask: Ask, what: string): string {
  if (ask.action === 'cancel') return `Cancel ${what}?`
  if (ask.fromFailed === true) return `Replay ${what} from the failed step?`
  return ask.version === 'newest' ? `Replay ${what} through the newest version?` : `Replay ${what}?`
}

function explain(ask: Ask): string {
  if (ask.action === 'cancel') {
    return 'Runs that are under way or wait are ended where they are. What they have done stays done, and each can be replayed.'
  }
  if (ask.fromFailed === true) {
    return 'Each gets a new run that keeps what finished steps gave, and does the failed step and everything behind it.'
  }
  const through = ask.version === 'newest' ? 'through the version that is live now' : 'through its own version'
  return `Each gets a new run with the same event, from its start and ${through}: all its steps are done again.`
}

/** A word on selected runs that the action is not for. */
function leftAlone(action: Ask['action'], chosen: readonly RunSummary[]): string {
  const left = chosen.filter((run) => !bulkTarget(action)(run)).length
  if (left === 0) return ''
  const what = action === 'replay' ? 'that have not ended' : 'that have ended or need review'
  return ` Of the selected runs, the ${left.toLocaleString()} ${what} are left alone.`
}

function countOf(count: number): string {
  return count === 1 ? '1 run' : `${count.toLocaleString()} runs`
}

/** Whether a filter may find runs of this sort. */
function mayHold(filter: RunFilter, is: (status: RunState) => boolean): boolean {
  return filter.status === undefined || is(filter.status)
}
