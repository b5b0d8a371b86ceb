import type { RunThroughput } from '../../core/contract/outbox-values.ts'
import { formatClock } from '../ui/words/clock-time.tsx'

export type Minute = RunThroughput['minutes'][number]

/** What the picture of the last hour says in words, for those who do not see it and for those who want the number. */
export function throughputWords({ minutes }: RunThroughput, now: number, locale?: string): string {
  const { succeeded, failed } = totals(minutes)
  if (succeeded + failed === 0) return 'Nothing ran in the last hour.'
  const busiest = minutes.reduce((most, minute) => (sum(minute) > sum(most) ? minute : most))
  return `Runs that ended in the last hour: ${said(succeeded)} succeeded, ${said(failed)} failed. Most in one minute: ${said(sum(busiest))}, at ${formatClock(busiest.at, now, locale)}.`
}

/** One minute in words. */
export function minuteWords({ at, succeeded, failed }: Minute, now: number, locale?: string): string {
  const what = [succeeded > 0 && `${said(succeeded)} succeeded`, failed > 0 && `${said(failed)} failed`].filter(Boolean)
  return `${formatClock(at, now, locale)}: ${what.length === 0 ? 'nothing ended' : what.join(', ')}`
}

export function totals(minutes: readonly Minute[]): { succeeded: number; failed: number } {
  return minutes.reduce(
    (all, { succeeded, failed }) => ({ succeeded: all.succeeded + succeeded, failed: all.failed + failed }),
    { succeeded: 0, failed: 0 },
  )
}

const sum = ({ succeeded, failed }: Minute): number => succeeded + failed
const said = (count: number): string => count.toLocaleString()
