const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long something took, as short as it can be said: `< 1 ms`, `8 ms`, `1.4 s`, `2 min 05 s`, `3 h 10 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '–'
  // What took no time that could be measured was quick, and not nothing.
  if (Math.round(ms) === 0) return '< 1 ms'
  if (ms < SECOND) return `${Math.round(ms)} ms`
  // Rounded before it is compared, so that 59.96 s becomes a minute and not "60.0 s".
  if (Math.round(ms / 100) < 600) return `${(ms / SECOND).toFixed(1)} s`
  if (Math.round(ms / SECOND) < 3600) {
    const seconds = Math.round(ms / SECOND)
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  }
  if (Math.round(ms / MINUTE) < 24 * 60) {
    const minutes = Math.round(ms / MINUTE)
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
  }
  const hours = Math.round(ms / HOUR)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Milliseconds between two ISO times; an open end counts as `now`. */
export function elapsedMs(startedAt: string, finishedAt: string | null, now: number): number {
  return Math.max(0, (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt))
}

/** Where `iso` lies from `now`: `just now`, `12 s ago`, `3 h ago`, to the nearest; what is to come to the minute: `in 8 h 50 min`. */
export function formatRelative(iso: string, now: number): string {
  const ms = Date.parse(iso) - now
  if (Number.isNaN(ms)) return '–'
  const size = Math.abs(ms)
  if (size < 2 * SECOND) return ms > 0 ? 'now' : 'just now'
  return ms > 0 ? `in ${exactAmount(size)}` : `${nearestAmount(size)} ago`
}

/** In one unit, rounded to the nearest: what lies 3 h 50 back is 4 h ago, not 3. */
function nearestAmount(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (Math.round(ms / MINUTE) < 60) return `${Math.round(ms / MINUTE)} min`
  if (Math.round(ms / HOUR) < 24) return `${Math.round(ms / HOUR)} h`
  if (Math.round(ms / DAY) < 60) return `${Math.round(ms / DAY)} d`
  return `${Math.round(ms / (30 * DAY))} months`
}

/** In two units where the second one matters: who waits for something wants to know when it comes. */
export function exactAmount(ms: number): string {
  const minutes = Math.round(ms / MINUTE)
  if (minutes >= 60 && minutes < 24 * 60) return withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(ms / HOUR)
  if (hours >= 24 && hours < 7 * 24) return withRest(Math.floor(hours / 24), 'd', hours % 24, 'h')
  return nearestAmount(ms)
}

const withRest = (amount: number, unit: string, rest: number, of: string): string =>
  rest === 0 ? `${amount} ${unit}` : `${amount} ${unit} ${rest} ${of}`

/** Milliseconds after which the relative words for `iso` may have changed. */
export function relativeTick(iso: string, now: number): number {
  const size = Math.abs(Date.parse(iso) - now)
  if (size < MINUTE) return SECOND
  return size < HOUR ? 15 * SECOND : MINUTE
}
