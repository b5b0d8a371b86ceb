import { useEffect, useId, useState } from 'react'
import { DEFAULT_MAX_PARALLEL, timeZoneSchema, type ZapSettings } from '../../core/domain/zap-file.ts'
import { changeZapSettings, describeZap } from '../editor/draft-operations.ts'
import { useDraft, useDraftStore } from '../editor/draft-store.ts'
import { loadInfo, useStatus } from '../stores/status.ts'
import { Field } from '../ui/field.tsx'
import { Textarea } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { TimeZoneInput } from './fields/time-zone-input.tsx'
import { ProblemNote } from './problem-note.tsx'
import { ParsedInput, wholeNumber } from './step-settings-form.tsx'

const CONCURRENCY = [
  { value: 'parallel', label: 'Several at once' },
  { value: 'queued', label: 'One after the other' },
] as const

/** What concerns the zap as a whole: shown while no step is selected. */
export function ZapPanel() {
  const id = useId()
  const { change } = useDraftStore().getState()
  const description = useDraft((state) => state.history.present.description ?? '')
  const settings = useDraft((state) => state.history.present.settings) ?? {}
  const problems = useDraft((state) => state.host.problems)
  const set = (next: ZapSettings): void => change((zap) => changeZapSettings(zap, next))
  const { maxParallel: _parallel, ...withoutParallel } = settings
  const { concurrency: _concurrency, ...withoutConcurrency } = settings
  return (
    <section aria-label="Zap" className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      <div>
        <h2 className="text-lg font-semibold">Zap</h2>
        <p className="text-ink-soft">Select a step to set it up.</p>
      </div>
      {problems
        .filter((problem) => problem.step === null)
        .map((problem) => (
          <ProblemNote key={problem.message} problem={problem} />
        ))}
      <Field label="Description" htmlFor={`${id}-description`}>
        <Textarea
          id={`${id}-description`}
          rows={4}
          maxLength={5000}
          placeholder="What is it for?"
          value={description}
          onChange={(event) => change((zap) => describeZap(zap, event.target.value), 'description')}
        />
      </Field>
      <Field
        label="Runs"
        htmlFor={`${id}-concurrency`}
        help={
          settings.concurrency === 'queued'
            ? 'Each run waits for the one before it, in order of arrival.'
            : 'Runs do not wait for each other.'
        }
      >
        <Select
          id={`${id}-concurrency`}
          value={settings.concurrency ?? 'parallel'}
          options={CONCURRENCY}
          onChange={(concurrency) =>
            set(concurrency === 'parallel' ? withoutConcurrency : { ...withoutParallel, concurrency })
          }
        />
      </Field>
      {settings.concurrency !== 'queued' && (
        <Field label="At most at once" htmlFor={`${id}-parallel`}>
          <ParsedInput
            id={`${id}-parallel`}
            shown={settings.maxParallel?.toString() ?? ''}
            placeholder={String(DEFAULT_MAX_PARALLEL)}
            wrong="A whole number from 1 to 1000."
            parse={(text) => wholeNumber(text, 1, 1000)}
            onChange={(maxParallel) => set(maxParallel === null ? withoutParallel : { ...settings, maxParallel })}
          />
        </Field>
      )}
      <TimeZoneField id={`${id}-zone`} settings={settings} onChange={set} />
    </section>
  )
}

// An unknown zone cannot be stored in a draft, so it stays in the field until it is one.
function TimeZoneField({
  id,
  settings,
  onChange,
}: {
  id: string
  settings: ZapSettings
  onChange(next: ZapSettings): void
}) {
  const local = useStatus((state) => state.info?.timezone)
  useEffect(() => void loadInfo(), [])
  const { timezone, ...rest } = settings
  const [text, setText] = useState(timezone ?? '')
  useEffect(() => setText(timezone ?? ''), [timezone])
  const isWrong = text !== '' && !timeZoneSchema.safeParse(text).success
  return (
    <Field
      label="Time zone"
      htmlFor={id}
      error={isWrong ? 'Choose a zone such as Europe/Berlin.' : undefined}
      help="For schedules and dates."
    >
      <TimeZoneInput
        id={id}
        value={text}
        placeholder={local ?? 'This computer’s'}
        onChange={(next) => {
          setText(next)
          if (next === '') onChange(rest)
          else if (timeZoneSchema.safeParse(next).success) onChange({ ...rest, timezone: next })
        }}
      />
    </Field>
  )
}
