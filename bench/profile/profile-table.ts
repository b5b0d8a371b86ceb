import { digits, table } from '../table.ts'
import { IDLE } from './part-of.ts'
import type { Spent } from './read-profile.ts'

/** A row for each part, with its share of the busy time of each column; the largest first, and what is below a percent together. */
export function profileTable(columns: Readonly<Record<string, Spent>>): string {
  const spents = Object.values(columns)
  const shares = spents.map((spent) => {
    const busy = [...spent].filter(([part]) => part !== IDLE)
    const sum = busy.reduce((total, [, ms]) => total + ms, 0)
    return new Map(busy.map(([part, ms]) => [part, (100 * ms) / sum]))
  })
  const parts = [...new Set(shares.flatMap((share) => [...share.keys()]))]
  const most = (part: string): number => Math.max(...shares.map((share) => share.get(part) ?? 0))
  const shown = parts.filter((part) => most(part) >= 1).sort((a, b) => most(b) - most(a))
  const rest = shares.map((share) =>
    [...share].filter(([part]) => !shown.includes(part)).reduce((sum, [, of]) => sum + of, 0),
  )
  return table([
    ['the main thread’s time, %', ...Object.keys(columns)],
    ...shown.map((part) => [part, ...shares.map((share) => digits(share.get(part) ?? 0))]),
    ['everything else', ...rest.map(digits)],
  ])
}
