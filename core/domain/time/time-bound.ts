import { z } from 'zod'
import { parseDuration } from './duration.ts'

const DAY = z.iso.date()
const MOMENT = z.iso.datetime({ local: true, offset: true })

/**
 * A bound of time as a person writes it, in milliseconds since 1970 UTC: a duration back from now (`24h`), a day (`2026-11-01`: where it
 * begins or ends), or a day and time (`2026-11-01T14:00`). Days, and times that name no zone, are those of this computer. Undefined for
 * anything else.
 */
export function parseTimeBound(text: string, bound: 'since' | 'until', now: number): number | undefined {
  const trimmed = text.trim()
  const back = parseDuration(trimmed)
  if (back !== undefined) return now - back
  if (DAY.safeParse(trimmed).success) {
    const day = new Date(`${trimmed}T00:00`)
    // By the calendar: a day in which the clocks change has not 24 hours.
    if (bound === 'until') day.setDate(day.getDate() + 1)
    return day.getTime()
  }
  const moment = trimmed.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T')
  return MOMENT.safeParse(moment).success ? Date.parse(moment) : undefined
}
