import { useEffect, useState } from 'react'
import { describeFailure, type Failure } from '../api/failure.ts'
import type { RunFilter } from '../stores/run-filter.ts'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { type BulkTally, countIn, countMatching } from './bulk-tally.ts'
import type { BulkChoice } from './bulk-target.ts'
import { bulkConsequence, bulkQuestion, leftAloneWords, runsWords } from './bulk-words.ts'

/** Asks once more, as nothing of it can be taken back, and names how many runs it is about. */
export function BulkConfirm({
  choice,
  filter,
  selected,
  filterWords,
  busy,
  onConfirm,
  onClose,
}: {
  choice: BulkChoice
  filter: RunFilter
  /** What is selected; null stands for all that the filter finds, which are counted here. */
  selected: BulkTally | null
  filterWords: string
  busy: boolean
  onConfirm: () => void
  onClose: () => void
}) {
  const isAll = selected === null
  const [matching, setMatching] = useState<BulkTally | Failure | null>(null)
  useEffect(() => {
    if (!isAll) return
    let gone = false
    void countMatching(filter)
      .catch(describeFailure)
      .then((counted) => {
        if (!gone) setMatching(counted)
      })
    return () => {
      gone = true
    }
  }, [isAll, filter])

  const counted = selected ?? matching
  const failure = counted !== null && 'message' in counted ? counted : null
  const tally = counted !== null && 'counts' in counted ? counted : null
  const count = tally === null ? null : countIn(tally, choice)
  const what = tally === null || count === null ? `all ${filterWords}` : runsWords(count, tally.isWhole)
  const leftAlone = tally?.isWhole && count !== null ? leftAloneWords(choice, countIn(tally) - count) : null
  const verb = choice.action === 'cancel' ? 'Cancel' : 'Replay'
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      tone={choice.action === 'cancel' ? 'danger' : 'primary'}
      title={bulkQuestion(choice, what)}
      confirm={count === null ? `${verb} runs` : `${verb} ${runsWords(count, tally?.isWhole)}`}
      busy={busy || counted === null}
      onConfirm={onConfirm}
    >
      <p>{bulkConsequence(choice)}</p>
      {leftAlone !== null && <p className="mt-2 text-ink">{leftAlone}</p>}
      {counted === null && <p className="mt-2 text-ink-faint">Counting them…</p>}
      {failure !== null && (
        <div className="mt-3">
          <ErrorNote title="They could not be counted." remedy={failure.message} details={failure.details} />
        </div>
      )}
    </ConfirmDialog>
  )
}
