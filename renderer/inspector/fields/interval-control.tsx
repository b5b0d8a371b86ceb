import { parseDuration } from '../../../core/domain/time/duration.ts'
import { nextTick } from '../../../core/domain/time/interval.ts'
import { useNow } from '../../ui/words/use-now.ts'
import { textOfValue } from '../data/value-text.ts'
import type { ControlProps } from '../form/form-context.ts'
import { DurationControl } from './duration-control.tsx'
import { NEXT_TIMES, NextTimes, useZone } from './next-times.tsx'

/** A steady pause between due times, with the next of them. */
export function IntervalControl(props: ControlProps) {
  const zone = useZone()
  const ms = parseDuration(textOfValue(props.value)) ?? 0
  const now = useNow(ms >= 1_000, 1_000)
  return (
    <div className="flex flex-col gap-1.5">
      <DurationControl {...props} />
      {ms >= 1_000 && <NextTimes times={timesAfter(now, ms)} zone={zone} seconds={ms % 60_000 !== 0} />}
    </div>
  )
}

function timesAfter(now: number, ms: number): readonly Date[] {
  const first = nextTick(now, ms)
  return Array.from({ length: NEXT_TIMES }, (_, index) => new Date(first + index * ms))
}
