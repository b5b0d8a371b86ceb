import { useId, useState } from 'react'
import { DEFAULT_RETRY, retrySpanMs } from '../../core/domain/time/backoff.ts'
import { formatDuration } from '../../core/domain/time/duration.ts'
import type { Step, StepSettings } from '../../core/domain/zap/zap-file.ts'
import { changeStepSettings } from '../draft/operations/draft-operations.ts'
import { useDraftStore } from '../draft/session/draft-store.ts'
import { Field } from '../ui/controls/field.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { errorCodes, ParsedInput, timeLimit, wholeNumber } from './fields/parsed-input.tsx'

const LONGEST_TIMEOUT_MS = 86_400_000
const ON_ERROR = [
  { value: 'stop', label: 'Stop the run' },
  { value: 'continue', label: 'Carry on without it' },
  { value: 'route', label: 'Follow an own path' },
] as const

type RetryRule = NonNullable<StepSettings['retry']>['on']

const RETRY_ON = [
  { value: 'transient', label: 'What may pass by itself' },
  { value: 'any', label: 'Every failure' },
  { value: 'codes', label: 'These error codes' },
] as const
const RETRY_HELP = {
  transient: 'Time limits, lost connections, and servers that are busy or broken. Other failures count at once.',
  any: 'Also what will hardly change by itself, such as a wrong address.',
  codes: 'Every other failure counts at once. A run shows the code of each failure.',
} as const

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
  const { on: retryOn, ...withoutOn } = settings.retry ?? {}
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
            <Field label="Attempts" htmlFor={`${id}-attempts`} help={retryHelp(settings.retry)}>
              <ParsedInput
                id={`${id}-attempts`}
                shown={settings.retry?.maxAttempts?.toString() ?? ''}
                placeholder={String(DEFAULT_RETRY.maxAttempts)}
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
          <RetryOn
            id={`${id}-retry-on`}
            on={retryOn}
            onChange={(on) =>
              set({ ...settings, retry: on === undefined || on === 'transient' ? withoutOn : { ...withoutOn, on } })
            }
          />
          <div data-field="settings.timeoutMs">
            <Field label="Time limit of one attempt" htmlFor={`${id}-timeout`}>
              <ParsedInput
                id={`${id}-timeout`}
                shown={settings.timeoutMs === undefined ? '' : formatDuration(settings.timeoutMs)}
                placeholder="30s"
                wrong="A time such as 10s or 2m, a day at most."
                parse={(text) => timeLimit(text, LONGEST_TIMEOUT_MS)}
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

/** How long a step is tried again, in the words of its form. */
function retryHelp(retry: StepSettings['retry']): string {
  const {
    maxAttempts = DEFAULT_RETRY.maxAttempts,
    baseMs = DEFAULT_RETRY.baseMs,
    capMs = DEFAULT_RETRY.capMs,
  } = retry ?? {}
  if (maxAttempts === 1) return 'One attempt alone: it is not tried again.'
  const span = roughDuration(retrySpanMs({ maxAttempts, baseMs, capMs }))
  return `In all. It tries again for about ${span}; the pauses grow from ${formatDuration(baseMs)} to ${formatDuration(capMs)} at most.`
}

/** A time in its largest fitting unit, such as `24 h`. */
function roughDuration(ms: number): string {
  const units = [
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const
  const [size, name] = units.find(([unit]) => ms >= 1.5 * unit) ?? [1_000, 's']
  return `${Math.max(1, Math.round(ms / size))} ${name}`
}

/** Which failures are tried again. The codes are asked for first, and hold once there is one. */
function RetryOn({ id, on, onChange }: { id: string; on: RetryRule; onChange(on: RetryRule): void }) {
  const [isAsking, setAsking] = useState(false)
  const codes = typeof on === 'object' ? on : null
  const choice = isAsking || typeof on === 'object' ? 'codes' : (on ?? 'transient')
  return (
    <div data-field="settings.retry.on" className="flex flex-col gap-1.5">
      <Field label="Try again after" htmlFor={id} help={RETRY_HELP[choice]}>
        <Select
          id={id}
          value={choice}
          options={RETRY_ON}
          onChange={(next) => {
            setAsking(next === 'codes')
            if (next !== 'codes') onChange(next)
          }}
        />
      </Field>
      {choice === 'codes' && (
        <Field label="Error codes" htmlFor={`${id}-codes`}>
          <ParsedInput
            id={`${id}-codes`}
            shown={codes?.join(', ') ?? ''}
            placeholder="timeout, http-503, http-5*"
            wrong="Codes such as timeout and http-503, with commas between them; * at the end stands for anything."
            parse={errorCodes}
            onChange={(next) => {
              // Without any code the first choice holds again.
              if (next === null) setAsking(true)
              onChange(next === null ? 'transient' : [...next])
            }}
          />
        </Field>
      )}
    </div>
  )
}
