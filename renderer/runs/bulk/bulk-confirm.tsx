import { useEffect, useState } from 'react'
import { LEFT_OUT, type LeftOut } from '../../../core/contract/values.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { Checkbox } from '../../ui/controls/checkbox.tsx'
import { ConfirmDialog } from '../../ui/layers/dialog.tsx'
import { ErrorNote } from '../../ui/page/error-note.tsx'
import type { RunFilter } from '../list/run-filter.ts'
import { leftOutWords } from './bulk-jobs.ts'
import { type BulkTally, countIn, countMatching, leftOutIn } from './bulk-tally.ts'
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
  /** With what is taken along although a replay leaves it out by itself. */
  onConfirm: (include: readonly LeftOut[]) => void
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
  const tally = counted !== null && 'kinds' in counted ? counted : null
  const [include, setInclude] = useState<readonly LeftOut[]>([])
  const wanted = { ...choice, include }
  const count = tally === null ? null : countIn(tally, wanted)
  const leftOut = tally === null ? null : leftOutIn(tally, choice)
  const what = tally === null || count === null ? `all ${filterWords}` : runsWords(count, tally.isWhole)
  const leftAlone =
    tally?.isWhole && count !== null
      ? leftAloneWords(choice, countIn(tally) - countIn(tally, { ...choice, include: LEFT_OUT }))
      : null
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
      disabled={count === 0}
      onConfirm={() => onConfirm(include)}
    >
      <p>{bulkConsequence(choice)}</p>
      {leftOut !== null && <LeftOutChoice leftOut={leftOut} include={include} onChange={setInclude} />}
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

const TAKE_ALONG: Readonly<Record<LeftOut, string>> = {
  replayed: 'Replay once more what was replayed before',
  tests: 'Replay the tests, too',
}

/** Says what a replay leaves out, and takes it along where that is wanted. */
function LeftOutChoice({
  leftOut,
  include,
  onChange,
}: {
  leftOut: Readonly<Record<LeftOut, number>>
  include: readonly LeftOut[]
  onChange: (include: readonly LeftOut[]) => void
}) {
  const { replayed, tests } = leftOut
  const left = leftOutWords(
    { replayed: include.includes('replayed') ? 0 : replayed, tests: include.includes('tests') ? 0 : tests },
    'are',
  )
  const kinds = LEFT_OUT.filter((kind) => leftOut[kind] > 0)
  if (kinds.length === 0) return null
  return (
    <div className="mt-3 rounded-md border border-line bg-sunken px-3 py-2 text-ink">
      <p aria-live="polite">{left === null ? 'Nothing is left out.' : `${left}.`}</p>
      {kinds.map((kind) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the box has a name of its own
        <label key={kind} className="mt-1.5 flex items-center gap-2">
          <Checkbox
            label={TAKE_ALONG[kind]}
            checked={include.includes(kind)}
            onChange={(on) => onChange(on ? [...include, kind] : include.filter((one) => one !== kind))}
          />
          <span aria-hidden>{TAKE_ALONG[kind]}</span>
        </label>
      ))}
    </div>
  )
}
