import { z } from 'zod'

const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

const MAX_DURATION_CHARS = 60
/** A number and its unit, with the blanks before them. */
const PART = /\s*(\d+(?:\.\d+)?)(ms|[wdhms])/y

/** Longest duration that is understood, in milliseconds: ten years. */
export const MAX_DURATION_MS = 3_653 * 86_400_000

/**
 * Milliseconds of a duration such as `90s`, `5m`, `2h`, `1d`, `1h30m` or `1.5h` (units `ms s m h d w`, larger before
 * smaller, blanks between allowed); undefined for anything else and for more than ten years.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > MAX_DURATION_CHARS) return undefined
  const written = text.trim()
  let ms = 0
  let last = -1
  for (let at = 0; at < written.length; ) {
    PART.lastIndex = at
    const [part = '', count = '', unit = ''] = PART.exec(written) ?? []
    const order = UNITS.findIndex(([name]) => name === unit)
    const size = UNITS[order]?.[1]
    if (size === undefined || order <= last) return undefined
    ms += Number(count) * size
    last = order
    at += part.length
  }
  ms = Math.round(ms)
  return last >= 0 && ms <= MAX_DURATION_MS ? ms : undefined
}

/** A duration in the words of {@link parseDuration}, exact to the millisecond: `1h30m`, `0s`. Negative ones count as 0. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms))
  let text = ''
  for (const [unit, size] of UNITS) {
    if (unit === 'w' || rest < size) continue // "14d" is read more easily than "2w"
    text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  return text === '' ? '0s' : text
}

/** A duration as a text, kept as it was written. */
export const durationSchema = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: 'must be a duration, such as 90s, 5m, 2h, 1d or 1h30m',
})

/** As {@link durationSchema}, of at least a millisecond: for what would make no sense without any time. */
export const pauseSchema = z.string().refine((text) => (parseDuration(text) ?? 0) > 0, {
  error: 'must be a duration of more than 0s, such as 90s, 5m, 2h, 1d or 1h30m',
})
