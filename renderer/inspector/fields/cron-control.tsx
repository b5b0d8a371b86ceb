import { Cron } from 'croner'
import { useMemo } from 'react'
import { isJsonObject } from '../../../core/domain/json.ts'
import { cronInWords } from '../../canvas/cron-in-words.ts'
import { useDraft } from '../../editor/draft-store.ts'
import { describedBy } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import type { ControlProps } from '../field-control.tsx'
import { useControlId, useProblemAt, useSetValue, useStepForm } from '../form-context.ts'
import { textOfValue, valueOfText } from '../value-text.ts'

const PRESETS = ['*/5 * * * *', '0 * * * *', '0 9 * * *', '0 9 * * 1-5', '0 9 * * 1', '0 9 1 * *']
const TIMES = 5

/** A cron pattern, said in words, with the times that it means. */
export function CronControl({ field, path, value }: ControlProps) {
  const id = useControlId(path)
  const problem = useProblemAt(path)
  const setValue = useSetValue(field)
  const zone = useZone()
  const text = textOfValue(value)
  const times = useMemo(() => nextTimes(text, zone), [text, zone])
  return (
    <div className="flex flex-col gap-1.5">
      <Select
        label={`${field.title}: usual times`}
        value={PRESETS.includes(text) ? text : undefined}
        placeholder={text === '' ? 'Usual times…' : 'Own pattern'}
        options={PRESETS.map((preset) => ({ value: preset, label: sentence(cronInWords(preset)) }))}
        onChange={(preset) => setValue(path, preset)}
      />
      <Input
        id={id}
        className="font-mono text-sm"
        placeholder={field.placeholder ?? 'minute hour day month weekday'}
        value={text}
        aria-invalid={problem !== null || times === null || undefined}
        aria-describedby={describedBy(id, { help: field.description, error: problem })}
        onChange={(event) => setValue(path, valueOfText(event.target.value, false))}
      />
      {times === null && problem === null && (
        <p className="text-sm text-error">Five fields are needed: minute, hour, day, month and weekday.</p>
      )}
      {times && times.length > 0 && (
        <div className="rounded border border-line bg-sunken px-2.5 py-2 text-sm text-ink-soft">
          <p className="font-medium">
            Next times{zone && <span className="font-normal text-ink-faint"> in {zone}</span>}
          </p>
          <ol>
            {times.map((time) => (
              <li key={time.getTime()}>
                <time dateTime={time.toISOString()}>{format(time, zone)}</time>
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  )
}

// The step's own zone counts before the zap's; without either it is this computer's.
function useZone(): string | undefined {
  const { stepId } = useStepForm()
  return useDraft((state) => {
    const zap = state.history.present
    const input = zap.steps.find((step) => step.id === stepId)?.input
    const own = isJsonObject(input) ? input.timezone : undefined
    return typeof own === 'string' && own !== '' ? own : zap.settings?.timezone
  })
}

/** The next due times; none for an empty pattern, null for one that cannot be read. */
function nextTimes(cron: string, zone: string | undefined): readonly Date[] | null {
  if (cron.trim() === '') return []
  try {
    return new Cron(cron, zone === undefined ? {} : { timezone: zone }).nextRuns(TIMES)
  } catch {
    return null
  }
}

function format(time: Date, zone: string | undefined): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(zone !== undefined && { timeZone: zone }),
  }).format(time)
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
