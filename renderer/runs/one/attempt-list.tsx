import type { ShownStepRun } from '../../steps/shown-step-run.ts'
import { StatusIcon } from '../../ui/look/status-badge.tsx'
import { elapsedMs, formatDuration } from '../../ui/words/duration.ts'
import { RelativeTime } from '../../ui/words/relative-time.tsx'
import { ToldText } from '../../ui/words/told-text.tsx'
import { WaitNote } from './wait-note.tsx'

/** Every attempt of a step with its error, the first one first, and the time of the next. */
export function AttemptList({ run }: { run: ShownStepRun }) {
  if (run.attempts.length === 0 && run.status !== 'waiting') {
    return <p className="p-4 text-ink-faint">This step made no attempt.</p>
  }
  return (
    <ol className="divide-y divide-line px-4">
      {run.attempts.map((attempt) => {
        const status = attempt.error !== null ? 'failed' : attempt.finishedAt === null ? 'running' : 'succeeded'
        return (
          <li key={attempt.n} className="flex gap-2.5 py-2.5">
            <span className="mt-[3px]">
              <StatusIcon status={status} />
            </span>
            <div className="min-w-0 flex-1">
              <div className="flex items-baseline justify-between gap-2">
                <span className="font-medium">Attempt {attempt.n}</span>
                <span className="text-sm text-ink-faint">
                  <RelativeTime iso={attempt.startedAt} />
                  {attempt.finishedAt !== null &&
                    ` · ${formatDuration(elapsedMs(attempt.startedAt, attempt.finishedAt, 0))}`}
                </span>
              </div>
              {attempt.error !== null && (
                <>
                  <p className="break-words text-ink-soft">
                    <ToldText>{attempt.error.message}</ToldText>
                  </p>
                  <p className="font-mono text-xs text-ink-faint">{attempt.error.code}</p>
                </>
              )}
            </div>
          </li>
        )
      })}
      {run.status === 'waiting' && (
        <li className="flex items-center gap-2.5 py-2.5 text-ink-soft">
          <WaitNote waitsFor={run.waitsFor} until={run.nextAttemptAt} />
          {run.waitsFor === 'retry' && run.maxAttempts !== null && (
            <span className="text-ink-faint">
              {run.attempts.length + 1} of {run.maxAttempts}
            </span>
          )}
        </li>
      )}
    </ol>
  )
}
