/** The value below which `share` (0 to 1) of the values lie; NaN when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** The value in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)
