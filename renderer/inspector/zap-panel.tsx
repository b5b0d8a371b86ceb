import { useEffect, useId, useState } from 'react'
import { timeZoneSchema, type ZapSettings } from '../../core/domain/zap/zap-file.ts'
import { changeZapSettings, describeZap } from '../draft/operations/draft-operations.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { KeptValues } from '../memory/kept-values.tsx'
import { ZapPermissions } from '../permissions/zap-permissions.tsx'
import { useInfo } from '../queries/status.ts'
import { Field } from '../ui/controls/field.tsx'
import { Textarea } from '../ui/controls/input.tsx'
import { TimeZoneInput } from './fields/time-zone-input.tsx'
import { ProblemNote } from './form/problem-note.tsx'
import { ZapRunSettings } from './zap-run-settings.tsx'

/** What concerns the zap as a whole: shown while no step is selected. */
export function ZapPanel() {
  const id = useId()
  const { change } = useDraftStore().getState()
  const description = useDraft((state) => state.history.present.description ?? '')
  const settings = useDraft((state) => state.history.present.settings) ?? {}
  const problems = useDraft((state) => state.host.problems)
  const zapId = useDraft((state) => state.host.id)
  const set = (next: ZapSettings): void => change((zap) => changeZapSettings(zap, next))
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
      <ZapRunSettings id={id} settings={settings} onChange={set} />
      <TimeZoneField id={`${id}-zone`} settings={settings} onChange={set} />
      <ZapPermissions zapId={zapId} />
      <div className="flex flex-col gap-1.5">
        <h3 className="text-sm font-medium text-ink-soft">What its steps keep</h3>
        <KeptValues zapId={zapId} />
      </div>
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
  const local = useInfo()?.timezone
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
