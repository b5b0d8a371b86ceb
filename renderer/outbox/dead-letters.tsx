import { RotateCcw, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { DeadLetter } from '../../core/contract/values.ts'
import { startBulk } from '../runs/bulk/bulk.ts'
import { leftOutWords } from '../runs/bulk/bulk-jobs.ts'
import { canBeReplayed, leftOutAs } from '../runs/bulk/bulk-target.ts'
import { replayRun } from '../runs/run-actions.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { RowLink } from '../ui/lists/row-link.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { AllClear } from './all-clear.tsx'
import { dismissAll, dismissLetter } from './dismissals.ts'

const COLUMNS: readonly Column[] = [
  { title: 'Zap', width: '20%' },
  { title: 'Why it was given up' },
  { title: 'When', width: '104px' },
  { title: 'Actions', width: '150px', isTitleHidden: true },
]

/** Rows that are shown at first, so that what comes below stays in reach. */
const AT_FIRST = 8

/** What was given up, and what can be done about it: replayed, or taken off the list. */
export function DeadLetters({
  letters,
  hasMore,
  onChanged,
}: {
  letters: readonly DeadLetter[]
  /** Whether there are older ones that the host did not list. */
  hasMore: boolean
  onChanged: () => void
}) {
  const [showsAll, setShowsAll] = useState(false)
  if (letters.length === 0) return <AllClear>None. There is nothing to replay or dismiss.</AllClear>
  const shown = showsAll ? letters : letters.slice(0, AT_FIRST)
  return (
    <Table
      label="Dead letters"
      columns={COLUMNS}
      after={
        shown.length < letters.length ? (
          <div className="border-t border-line p-1.5">
            <Button size="sm" variant="ghost" onClick={() => setShowsAll(true)}>
              Show all {letters.length}
            </Button>
          </div>
        ) : (
          hasMore && (
            <p className="border-t border-line px-4 py-2 text-sm text-ink-faint">
              Only the newest {letters.length.toLocaleString()} are shown. The others move up as these are dealt with.
            </p>
          )
        )
      }
    >
      {shown.map((letter) => (
        <LetterRow key={letter.id} letter={letter} onChanged={onChanged} />
      ))}
    </Table>
  )
}

function LetterRow({ letter, onChanged }: { letter: DeadLetter; onChanged: () => void }) {
  const [busy, setBusy] = useState(false)
  const replay = async () => {
    setBusy(true)
    const runId = await replayRun(letter.runId, { fromFailed: true })
    setBusy(false)
    if (runId !== null) toast({ title: `Replaying the run of "${letter.zapName}"`, tone: 'success' })
    onChanged()
  }
  return (
    <tr className={TABLE_ROW} style={{ height: 48 }}>
      <td className="truncate">
        <RowLink href={`/runs/${letter.runId}`} label={`Open run of ${letter.zapName}`}>
          {letter.zapName}
        </RowLink>
      </td>
      <td className="py-1 text-sm text-ink-soft" title={letter.reason}>
        <span className="line-clamp-2 break-words">
          <ToldText>{letter.reason}</ToldText>
        </span>
      </td>
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          <RelativeTime iso={letter.at} />
        </span>
      </td>
      <td className="pr-2! text-right">
        <span className="relative z-[1] inline-flex items-center gap-1">
          {letter.run?.status === 'needs-review' ? (
            <Link
              href={`/runs/${letter.runId}`}
              className="rounded-sm px-2 text-sm font-medium text-accent hover:underline"
            >
              Review
            </Link>
          ) : (
            letter.run !== null &&
            canBeReplayed(letter.run.status) && (
              <Button
                size="sm"
                icon={RotateCcw}
                title="Goes on at the step that failed"
                aria-label={`Replay the run of ${letter.zapName}`}
                loading={busy}
                onClick={() => void replay()}
              >
                Replay
              </Button>
            )
          )}
          <IconButton
            size="sm"
            icon={X}
            label={`Dismiss the dead letter of ${letter.zapName}`}
            disabled={busy}
            onClick={() => dismissLetter(letter.id, letter.zapName)}
          />
        </span>
      </td>
    </tr>
  )
}

/** Deals with all dead letters at once. */
export function DeadLetterActions({
  letters,
  hasMore,
  onChanged,
}: {
  letters: readonly DeadLetter[]
  hasMore: boolean
  onChanged: () => void
}) {
  const [asks, setAsks] = useState<'replay' | 'dismiss' | null>(null)
  const [busy, setBusy] = useState(false)
  const ended = letters.flatMap(({ run }) => (run !== null && canBeReplayed(run.status) ? [run] : []))
  const replayable = ended.filter((run) => leftOutAs(run) === null)
  const leftOut = {
    replayed: ended.filter((run) => leftOutAs(run) === 'replayed').length,
    tests: ended.filter((run) => leftOutAs(run) === 'tests').length,
  }
  const left = leftOutWords(leftOut, 'are')
  if (letters.length < 2) return null
  const act = async () => {
    setBusy(true)
    if (asks === 'replay') {
      const ids = replayable.map((run) => run.id)
      await startBulk({ action: 'replay', fromFailed: true, runs: { ids } })
    } else await dismissAll(hasMore ? 'every' : letters.map((letter) => letter.id))
    setBusy(false)
    setAsks(null)
    onChanged()
  }
  return (
    <span className="flex gap-1.5">
      <Button size="sm" icon={RotateCcw} disabled={replayable.length === 0} onClick={() => setAsks('replay')}>
        Replay all
      </Button>
      <Button size="sm" variant="ghost" icon={Trash2} onClick={() => setAsks('dismiss')}>
        Dismiss all
      </Button>
      <ConfirmDialog
        open={asks !== null}
        onOpenChange={(open) => {
          if (!open) setAsks(null)
        }}
        tone={asks === 'dismiss' ? 'danger' : 'primary'}
        title={
          asks === 'dismiss'
            ? `Dismiss ${hasMore ? 'more than ' : ''}${letters.length.toLocaleString()} dead letters?`
            : `Replay ${replayable.length === 1 ? '1 run' : `${replayable.length.toLocaleString()} runs`}?`
        }
        confirm={asks === 'dismiss' ? 'Dismiss all' : 'Replay all'}
        busy={busy}
        onConfirm={() => void act()}
      >
        {asks === 'dismiss'
          ? 'They leave this list and nothing is tried again. Their runs stay among the runs, where each can still be replayed.'
          : 'Each gets a new run that keeps the results of finished steps, and goes on at the step that failed.'}
        {asks === 'replay' && left !== null && <p className="mt-2 text-ink">{left}: replay them one by one.</p>}
      </ConfirmDialog>
    </span>
  )
}
