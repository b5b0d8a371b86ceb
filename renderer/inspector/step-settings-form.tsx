import { useEffect, useId, useState } from 'react'
import { formatDuration, parseDuration } from '../../core/domain/duration.ts'
import type { Step, StepSettings } from '../../core/domain/zap-file.ts'
import { changeStepSettings } from '../editor/draft-operations.ts'
import { useDraftStore } from '../editor/draft-store.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'

const LONGEST_TIMEOUT_MS = 86_400_000
const ON_ERROR = [
  { value: 'stop', label: 'Stop the run' },
  { value: 'continue', label: 'Carry on without it' },
  { value: 'route', label: 'Follow an own path' },
] as const

/** How a step behaves around its connector. */
export function StepSettingsForm({ step, isTrigger }: { step: Step; isTrigger: boolean }) {
  const id = useId()
  const store = useDraftStore()
  const settings = step.settings ?? {}
  const set = (next: StepSettings): void => store.getState().change((zap) => changeStepSettings(zap, step.id, next))
  const without = <K extends keyof StepSettings>(key: K): Omit<StepSettings, K> => {
    const { [key]: _gone, ...rest } = settings
    return rest
  }
  const { maxAttempts: _attempts, ...pauses } = settings.retry ?? {}
  return (
    <>
      {!isTrigger && (
        <>
          <div data-field="settings.onError">
            <Field label="If this step fails" htmlFor={`${id}-error`}>
              <Select
                id={`${id}-error`}
                value={settings.onError ?? 'stop'}
                options={ON_ERROR}
                onChange={(onError) => set(onError === 'stop' ? without('onError') : { ...settings, onError })}
              />
            </Field>
          </div>
          <div data-field="settings.retry.maxAttempts">
            <Field label="Attempts" htmlFor={`${id}-attempts`} help="In all, with growing pauses between them.">
              <ParsedInput
                id={`${id}-attempts`}
                shown={settings.retry?.maxAttempts?.toString() ?? ''}
                placeholder="8"
                wrong="A whole number from 1 to 100."
                parse={(text) => wholeNumber(text, 1, 100)}
                onChange={(maxAttempts) =>
                  set(
                    maxAttempts === null
                      ? { ...without('retry'), retry: pauses }
                      : { ...settings, retry: { ...pauses, maxAttempts } },
                  )
                }
              />
            </Field>
          </div>
          <div data-field="settings.timeoutMs">
            <Field label="Time limit of one attempt" htmlFor={`${id}-timeout`}>
              <ParsedInput
                id={`${id}-timeout`}
                shown={settings.timeoutMs === undefined ? '' : formatDuration(settings.timeoutMs)}
                placeholder="30s"
                wrong="A time such as 10s or 2m, a day at most."
                parse={timeLimit}
                onChange={(timeoutMs) => set(timeoutMs === null ? without('timeoutMs') : { ...settings, timeoutMs })}
              />
            </Field>
          </div>
        </>
      )}
      <div data-field="settings.disabled" className="flex items-center justify-between gap-3">
        <label htmlFor={`${id}-disabled`} className="text-sm font-medium text-ink-soft">
          {isTrigger ? 'Ignore this trigger' : 'Pass through without running'}
        </label>
        <Switch
          id={`${id}-disabled`}
          checked={settings.disabled === true}
          onChange={(disabled) => set(disabled ? { ...settings, disabled } : without('disabled'))}
        />
      </div>
    </>
  )
}

/** Text for a number: what cannot be read stays in the field with a word about it, and never reaches the draft. */
export function ParsedInput(props: {
  id: string
  shown: string
  placeholder: string
  wrong: string
  parse(text: string): number | null
  onChange(value: number | null): void
}) {
  const [text, setText] = useState(props.shown)
  const [isWrong, setWrong] = useState(false)
  useEffect(() => {
    setText(props.shown)
    setWrong(false)
  }, [props.shown])
  const commit = (): void => {
    const isEmpty = text.trim() === ''
    const value = isEmpty ? null : props.parse(text)
    const isReadable = isEmpty || value !== null
    setWrong(!isReadable && text !== props.shown)
    if (isReadable && text !== props.shown) props.onChange(value)
  }
  return (
    <>
      <Input
        id={props.id}
        value={text}
        placeholder={props.placeholder}
        aria-invalid={isWrong || undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
        }}
      />
      {isWrong && <p className="text-sm text-error">{props.wrong}</p>}
    </>
  )
}

/** A whole number within bounds; null for any other text. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text.trim())
  return Number.isInteger(value) && value >= least && value <= most ? value : null
}

function timeLimit(text: string): number | null {
  const ms = parseDuration(/^\d+$/.test(text.trim()) ? `${text.trim()}s` : text)
  return ms === undefined || ms < 1 || ms > LONGEST_TIMEOUT_MS ? null : ms
}
