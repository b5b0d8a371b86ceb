import { Ban, FastForward, GitBranchPlus, RotateCcw, X } from 'lucide-react'
import { useState } from 'react'
import { LEFT_OUT, type RunSummary } from '../../../core/contract/values.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { SplitButton } from '../../ui/controls/split-button.tsx'
import type { MenuItem } from '../../ui/layers/menu-items.tsx'
import type { RunFilter } from '../list/run-filter.ts'
import { isSelected, type RunSelection } from '../list/run-selection.ts'
import { startBulk } from './bulk.ts'
import { BulkConfirm } from './bulk-confirm.tsx'
import { countIn, tallyOf } from './bulk-tally.ts'
import { type BulkChoice, bulkTarget, stateBehind } from './bulk-target.ts'
import { runsWords } from './bulk-words.ts'

/** What can be done with the selected runs, all at once: only what applies to some of them. */
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
  const [choice, setChoice] = useState<BulkChoice | null>(null)
  const [busy, setBusy] = useState(false)
  const isAll = selection.kind === 'all'
  const chosen = runs.filter((run) => isSelected(selection, run.id))
  const tally = tallyOf(chosen)
  // Of "all that match" most are not at hand, so all that the filter lets through may be among them.
  const applies = (to: BulkChoice) =>
    isAll
      ? filter.status === undefined || bulkTarget(to)(stateBehind(filter.status))
      : countIn(tally, { ...to, include: LEFT_OUT }) > 0
  const start = async (request: BulkChoice) => {
    setBusy(true)
    const isMeant = bulkTarget(request)
    const ids = chosen.filter((run) => isMeant(run.status)).map((run) => run.id)
    const began = await startBulk({ ...request, runs: isAll ? { filter } : { ids } })
    setBusy(false)
    setChoice(null)
    if (began) onClear()
  }

  const mayReplay = applies({ action: 'replay' })
  const mayCancel = applies({ action: 'cancel' })
  const waysToReplay: MenuItem[] = [
    {
      label: 'Replay through the newest version',
      icon: GitBranchPlus,
      onSelect: () => setChoice({ action: 'replay', version: 'newest' }),
    },
  ]
  if (applies({ action: 'replay', fromFailed: true })) {
    waysToReplay.unshift({
      label: 'Replay from the failed step',
      icon: FastForward,
      onSelect: () => setChoice({ action: 'replay', fromFailed: true }),
    })
  }

  return (
    <section
      aria-label="Selected runs"
      className="mt-2 flex min-h-11 shrink-0 animate-rise flex-wrap items-center gap-2 rounded-lg border border-accent-line bg-accent-soft px-3 py-1.5"
    >
      <IconButton icon={X} size="sm" label="Clear the selection" shortcut="Esc" onClick={onClear} />
      <span aria-live="polite" className="font-medium tabular-nums">
        {isAll ? `All ${filterWords} selected` : `${runsWords(chosen.length)} selected`}
      </span>
      {!isAll && hasOlder && chosen.length === runs.length && filter.text === undefined && (
        <Button size="sm" variant="ghost" className="text-accent!" onClick={onAll}>
          Select all {filterWords}
        </Button>
      )}
      {hasOlder && filter.text !== undefined && (
        <span className="text-ink-soft">What is found later is not selected.</span>
      )}
      <span className="ml-auto flex min-h-8 items-center gap-2">
        {!mayReplay && !mayCancel && (
          <span className="text-ink-soft">Runs that need review are answered one by one: open them.</span>
        )}
        {mayCancel && (
          <Button icon={Ban} disabled={busy} onClick={() => setChoice({ action: 'cancel' })}>
            Cancel runs
          </Button>
        )}
        {mayReplay && (
          <SplitButton
            variant="primary"
            icon={RotateCcw}
            more="More ways to replay the selected runs"
            disabled={busy}
            onClick={() => setChoice({ action: 'replay' })}
            items={waysToReplay}
          >
            Replay
          </SplitButton>
        )}
      </span>
      {choice !== null && (
        <BulkConfirm
          choice={choice}
          filter={filter}
          selected={isAll ? null : tally}
          filterWords={filterWords}
          busy={busy}
          onConfirm={(include) => void start({ ...choice, include })}
          onClose={() => setChoice(null)}
        />
      )}
    </section>
  )
}
