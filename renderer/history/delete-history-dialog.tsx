import { useEffect, useState } from 'react'
import type { HistorySettings } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { startHistoryJob } from './history.ts'
import { whatGoes } from './history-words.ts'

/** Asks once more, as it cannot be undone, and says how many runs go. */
export function DeleteHistoryDialog({ settings, onClose }: { settings: HistorySettings; onClose: () => void }) {
  const [count, setCount] = useState<number | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    let gone = false
    api.history.count({}).then(
      ({ runs }) => {
        if (!gone) setCount(runs)
      },
      (thrown: unknown) => {
        if (!gone) setFailure(describeFailure(thrown))
      },
    )
    return () => {
      gone = true
    }
  }, [])

  const what = count === 1 ? '1 run' : `${(count ?? 0).toLocaleString('en')} runs`
  const isNothing = count === 0
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={count === null ? 'Delete old history?' : isNothing ? 'Nothing is old enough to go' : `Delete ${what}?`}
      confirm={count === null ? 'Delete runs' : isNothing ? 'OK' : `Delete ${what}`}
      tone={isNothing ? 'primary' : 'danger'}
      busy={count === null}
      onConfirm={() => {
        if (!isNothing) void startHistoryJob('prune')
        onClose()
      }}
    >
      <p>
        {isNothing ? 'These would go: ' : ''}
        {whatGoes(settings)}
      </p>
      {!isNothing && (
        <p className="mt-2">
          Their steps, attempts and data go with them; this cannot be undone. What is not finished stays, with all that
          it needs.
        </p>
      )}
      {count === null && failure === null && <p className="mt-2 text-ink-faint">Counting them…</p>}
      {failure !== null && (
        <div className="mt-3">
          <ErrorNote title="They could not be counted." remedy={failure.message} details={failure.details} />
        </div>
      )}
    </ConfirmDialog>
  )
}
