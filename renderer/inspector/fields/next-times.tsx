import { isJsonObject } from '../../../core/domain/values/json.ts'
import { useDraft } from '../../draft/session/draft-store.ts'
import { useStepForm } from '../form/form-context.ts'

/** How many times are named ahead. */
export const NEXT_TIMES = 5

/** The zone of a schedule: the step's own counts before the zap's; undefined for this computer's. */
export function useZone(): string | undefined {
  const { stepId } = useStepForm()
  return useDraft((state) => {
    const zap = state.history.present
    const input = zap.steps.find((step) => step.id === stepId)?.input
    const own = isJsonObject(input) ? input.timezone : undefined
    return typeof own === 'string' && own !== '' ? own : zap.settings?.timezone
  })
}

/** When a schedule is due next. */
export function NextTimes({
  times,
  zone,
  seconds = false,
}: {
  times: readonly Date[]
  zone: string | undefined
  seconds?: boolean
}) {
  if (times.length === 0) return null
  return (
    <div className="rounded border border-line bg-sunken px-2.5 py-2 text-sm text-ink-soft">
      <p className="font-medium">Next times{zone && <span className="font-normal text-ink-faint"> in {zone}</span>}</p>
      <ol className="tabular-nums">
        {times.map((time) => (
          <li key={time.getTime()}>
            <time dateTime={time.toISOString()}>{format(time, zone, seconds)}</time>
          </li>
        ))}
      </ol>
    </div>
  )
}

function format(time: Date, zone: string | undefined, seconds: boolean): string {
  const wanted: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
  }
  try {
    return new Intl.DateTimeFormat(undefined, { ...wanted, ...(zone !== undefined && { timeZone: zone }) }).format(time)
  } catch {
    // A zone that is still being typed is none yet.
    return new Intl.DateTimeFormat(undefined, wanted).format(time)
  }
}
