import { parseDuration } from '../../../core/domain/time/duration.ts'

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
] as const

/** A duration as a person says it (`1h30m`: "1 hour 30 minutes"); null for what is none. */
export function durationInWords(text: string): string | null {
  let rest = parseDuration(text)
  if (rest === undefined) return null
  const words: string[] = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return words.length === 0 ? 'no time at all' : words.join(' ')
}
