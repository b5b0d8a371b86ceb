import { RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { DeadLetter } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { bulkTarget } from '../runs/bulk-target.ts'
import { replayRun } from '../runs/run-actions.ts'
import { startBulk } from '../stores/bulk.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/table.tsx'
import { toast } from '../ui/toast.tsx'
import { AllClear } from './all-clear.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Zap', width: '20%' },
  { title: 'Why it was given up' },
  { title: 'When', width: '104px' },
  { title: 'Actions', width: '216px', isTitleHidden: true },
]

/** Letters that are shown before somebody asks for all; what waits stands below them. */
const SHOWN_AT_FIRST = 6

const isReplayable = bulkTarget('replay')

/** What was given up, and what can be done about it: replayed, or taken off the list. */
export function DeadLetters({ letters, onChanged }: { letters: readonly DeadLetter[]; onChanged: () => void }) {
  const [showsAll, setShowsAll] = useState(false)
  if (letters.length === 0) return <AllClear>None. Whatever failed was replayed or dismissed.</AllClear>
  const shown = showsAll ? letters : letters.slice(0, SHOWN_AT_FIRST)
  return (
    <Table
      label="Dead letters"
      columns={COLUMNS}
      after={
        shown.length < letters.length && (
          <div className="border-t border-line px-2 py-1">
            <Button size="sm" variant="ghost" onClick={() => setShowsAll(true)}>
              Show all {letters.length.toLocaleString()}
            </Button>
          </div>
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
  const [busy, setBusy] = useState<'replay' | 'dismiss' | null>(null)
  const replay = async () => {
    setBusy('replay')
    const runId = await replayRun(letter.runId, { fromFailed: true })
    setBusy(null)
    if (runId !== null) toast({ title: `Replaying the run of ${letter.zapName}`, tone: 'success' })
    onChanged()
  }
  const dismiss = async () => {
    setBusy('dismiss')
    await dismissLetters([letter.id])
    setBusy(null)
    onChanged()
  }
  return (
    <tr className={TABLE_ROW} style={{ height: 44 }}>
      <td className="truncate">
        <RowLink href={`/runs/${letter.runId}`} label={`Open run of ${letter.zapName}`}>
          {letter.zapName}
        </RowLink>
      </td>
      <td className="truncate text-ink-soft" title={letter.reason}>
        {letter.reason}
      </td>
      <td className="text-ink-soft">
        <span className="relative z-[1]">
          <RelativeTime iso={letter.at} />
        </span>
      </td>
      <td className="text-right">
        <span className="relative z-[1] inline-flex items-center gap-1.5">
          {letter.run?.status === 'needs-review' ? (
            <Link
              href={`/runs/${letter.runId}`}
              className="rounded-sm px-2 text-sm font-medium text-accent hover:underline"
            >
              Review
            </Link>
          ) : (
            letter.run !== null &&
            isReplayable(letter.run) && (
              <Button
                size="sm"
                icon={RotateCcw}
                title="Goes on at the step that failed"
                aria-label={`Replay the run of ${letter.zapName}`}
                loading={busy === 'replay'}
                disabled={busy !== null}
                onClick={() => void replay()}
              >
                Replay
              </Button>
            )
          )}
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Dismiss the dead letter of ${letter.zapName}`}
            loading={busy === 'dismiss'}
            disabled={busy !== null}
            onClick={() => void dismiss()}
          >
            Dismiss
          </Button>
        </span>
      </td>
    </tr>
  )
}

/** Deals with all dead letters at once. */
export function DeadLetterActions({ letters, onChanged }: { letters: readonly DeadLetter[]; onChanged: () => void }) {
  const [asks, setAsks] = useState<'replay' | 'dismiss' | null>(null)
  const [busy, setBusy] = useState(false)
  const replayable = letters.filter((letter) => letter.run !== null && isReplayable(letter.run))
  if (letters.length < 2) return null
  const act = async () => {
    setBusy(true)
    if (asks === 'replay') {
      const ids = replayable.map((letter) => letter.runId)
      await startBulk({ action: 'replay', fromFailed: true, runs: { ids } })
    } else await dismissLetters(letters.map((letter) => letter.id))
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
            ? `Dismiss ${letters.length.toLocaleString()} dead letters?`
            : `Replay ${replayable.length === 1 ? '1 run' : `${replayable.length.toLocaleString()} runs`}?`
        }
        confirm={asks === 'dismiss' ? 'Dismiss all' : 'Replay all'}
        busy={busy}
        onConfirm={() => void act()}
      >
        {asks === 'dismiss'
          ? 'They leave this list and nothing is tried again. Their runs stay among the runs.'
          : 'Each gets a new run that keeps what finished steps gave, and goes on at the step that failed.'}
      </ConfirmDialog>
    </span>
  )
}

async function dismissLetters(ids: readonly number[]): Promise<void> {
  try {
    const { dismissed } = await api.outbox.dismiss({ ids: [...ids] })
    toast({ title: dismissed === 1 ? 'Dismissed' : `Dismissed ${dismissed.toLocaleString()} dead letters` })
  } catch (thrown) {
    toast({ title: 'It could not be dismissed', detail: describeFailure(thrown).message, tone: 'error' })
  }
}
