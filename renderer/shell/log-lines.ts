/** From the least to the most serious. */
export const LEVELS = ['info', 'warn', 'error'] as const

export type LogLine = {
  readonly key: string
  /** The time of this computer, or nothing where the line says none. */
  readonly at: string
  readonly level: (typeof LEVELS)[number]
  readonly text: string
}

/** The lines of a log as they are shown: `2026-11-30T08:00:00.000Z warn What happened. {"details":…}`. */
export function logLines(lines: readonly string[]): readonly LogLine[] {
  return lines.map((line, n) => {
    const [time = '', word = ''] = line.slice(0, 40).split(' ', 2)
    const level = LEVELS.find((one) => one === word)
    const at = new Date(time)
    if (level === undefined || Number.isNaN(at.getTime())) return { key: `${n}`, at: '', level: 'info', text: line }
    const text = line.slice(time.length + word.length + 2)
    return { key: `${n} ${time}`, at: at.toLocaleString(undefined, { hour12: false }), level, text }
  })
}
