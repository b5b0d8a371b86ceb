import { CircleSlash } from 'lucide-react'
import { formatDuration } from '../../core/domain/time/duration.ts'
import { DEFAULT_MAX_PARALLEL, type ZapSettings } from '../../core/domain/zap/zap-file.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import { Field } from '../ui/controls/field.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { Select } from '../ui/controls/select.tsx'
import { ParsedInput, timeLimit, wholeNumber } from './fields/parsed-input.tsx'

const CONCURRENCY = [
  { value: 'parallel', label: 'Run several at once', help: 'Runs do not wait for each other.' },
  { value: 'queued', label: 'One after the other', help: 'In order of arrival; nothing is left out.' },
  { value: 'restart', label: 'Start over', help: 'Cancels the run that is not finished, and runs the new event.' },
  { value: 'skip', label: 'Leave it out', help: 'The new event makes no run. It is only counted.' },
] as const

const PRIORITY = [
  { value: 'high', label: 'High' },
  { value: 'normal', label: 'Normal' },
  { value: 'low', label: 'Low' },
] as const
const PRIORITY_HELP = {
  high: 'Gets four times the share of an ordinary zap when many runs wait for a place.',
  normal: 'Only matters when many runs wait for a place.',
  low: 'Gets a quarter of the share of an ordinary zap when many runs wait for a place.',
} as const

const LONGEST_RUN_MS = 365 * 86_400_000

/** How the zap's runs get along with each other, how long they may take, and which go first. */
export function ZapRunSettings({
  id,
  settings,
  onChange,
}: {
  id: string
  settings: ZapSettings
  onChange(next: ZapSettings): void
}) {
  const { maxParallel: _parallel, ...withoutParallel } = settings
  const { concurrency: _concurrency, ...withoutConcurrency } = settings
  const { runTimeoutMs: _timeout, ...withoutTimeout } = settings
  const { priority: _priority, ...withoutPriority } = settings
  const concurrency = settings.concurrency ?? 'parallel'
  const priority = settings.priority ?? 'normal'
  return (
    <>
      <section aria-labelledby={`${id}-concurrency`} className="flex flex-col gap-1.5">
        <h3 id={`${id}-concurrency`} className="text-sm font-medium text-ink-soft">
          When an event comes while a run is not finished
        </h3>
        <RadioList
          labelledBy={`${id}-concurrency`}
          value={concurrency}
          options={CONCURRENCY}
          onChange={(next) =>
            onChange(next === 'parallel' ? withoutConcurrency : { ...withoutParallel, concurrency: next })
          }
        />
        <SkippedEvents />
      </section>
      {concurrency === 'parallel' && (
        <Field label="At most at once" htmlFor={`${id}-parallel`}>
          <ParsedInput
            id={`${id}-parallel`}
            shown={settings.maxParallel?.toString() ?? ''}
            placeholder={String(DEFAULT_MAX_PARALLEL)}
            wrong="A whole number from 1 to 1000."
            parse={(text) => wholeNumber(text, 1, 1000)}
            onChange={(maxParallel) => onChange(maxParallel === null ? withoutParallel : { ...settings, maxParallel })}
          />
        </Field>
      )}
      <Field
        label="Time limit of a run"
        htmlFor={`${id}-timeout`}
        help="From its start, waiting included. A run that takes longer fails."
      >
        <ParsedInput
          id={`${id}-timeout`}
          shown={settings.runTimeoutMs === undefined ? '' : formatDuration(settings.runTimeoutMs)}
          placeholder="No limit"
          wrong="A time such as 30m, 2h or 7d, a year at most."
          parse={(text) => timeLimit(text, LONGEST_RUN_MS)}
          onChange={(ms) => onChange(ms === null ? withoutTimeout : { ...settings, runTimeoutMs: ms })}
        />
      </Field>
      <Field label="Priority" htmlFor={`${id}-priority`} help={PRIORITY_HELP[priority]}>
        <Select
          id={`${id}-priority`}
          value={priority}
          options={PRIORITY}
          onChange={(next) => onChange(next === 'normal' ? withoutPriority : { ...settings, priority: next })}
        />
      </Field>
    </>
  )
}

/** Events that made no run of their own. Nothing where there are none. */
function SkippedEvents() {
  const skipped = useDraft((state) => state.host.skippedEvents)
  if (skipped === 0) return null
  return (
    <p className="flex items-start gap-1.5 text-sm text-ink-soft">
      <CircleSlash size={13} aria-hidden className="mt-[3px] shrink-0 text-ink-faint" />
      <span>
        {skipped === 1 ? 'One event so far' : `${skipped.toLocaleString()} events so far`} made no run of{' '}
        {skipped === 1 ? 'its' : 'their'} own, or had it cancelled.
      </span>
    </p>
  )
}
