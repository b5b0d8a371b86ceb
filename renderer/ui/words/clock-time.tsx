import { Tooltip } from '../layers/tooltip.tsx'
import { formatRelative } from './duration.ts'

const DAY_MS = 86_400_000

/** A time as a clock and calendar say it, as short as it is clear: `14:05`, `Tue 14:05`, `24 Nov, 14:05`. */
export function formatClock(iso: string, now: number, locale?: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const clock: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' }
  if (at.toDateString() === new Date(now).toDateString()) return at.toLocaleTimeString(locale, clock)
  const isNear = Math.abs(at.getTime() - now) < 6 * DAY_MS
  const isSameYear = at.getFullYear() === new Date(now).getFullYear()
  return at.toLocaleString(locale, {
    ...clock,
    ...(isNear ? { weekday: 'short' } : { day: 'numeric', month: 'short' }),
    ...(!isNear && !isSameYear && { year: 'numeric' }),
  })
}

/** A time to come, by the clock; how far it is shows on hover. */
export function ClockTime({ iso }: { iso: string }) {
  const now = Date.now()
  return (
    <Tooltip content={`${new Date(iso).toLocaleString()}, ${formatRelative(iso, now)}`}>
      <time dateTime={iso} className="whitespace-nowrap tabular-nums">
        {formatClock(iso, now)}
      </time>
    </Tooltip>
  )
}
