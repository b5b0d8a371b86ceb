import { type CountingTarget, startTarget } from '../e2e/fixtures/counting-target.ts'
import { withFolder } from './owned-processes.ts'
import type { Program, Running, StartOptions } from './program.ts'

/** What one measurement gave: figures by name; the name ends with the unit. */
export type Figures = Readonly<Record<string, number>>

/** How many of so many runs a program is given; at least ten, so that every figure is one. */
export const shareOf = (program: Program, runs: number): number => Math.max(10, Math.round(runs * program.share))

/** How much is done; `--quick` does less of it. */
export type Size = {
  readonly rounds: number
  readonly seconds: number
  readonly runs: number
  readonly warmUpRuns: number
  /** After so many runs it is weighed again. */
  readonly memoryRuns: number
  /** So many runs show what one leaves on the disk. */
  readonly diskRuns: number
  /** Items of the list that one run goes through. */
  readonly items: number
  readonly latencySamples: number
  readonly lostEvents: number
  /** Where programs are measured too that are given a share of the runs only, as they are slow to start as well. */
  readonly slowPrograms: 'everywhere' | readonly string[]
  /** After so long without a new arrival, what is missing counts as lost. */
  readonly patienceMs: number
  /** How long the soak takes; sixty minutes are a year. */
  readonly soakMinutes: number
}

export type Scenario = {
  /** What `--only` calls it. */
  readonly name: string
  readonly about: string
  /** Measured in the last round only, and not by `--quick`. */
  readonly isLong?: boolean
  /** Whether it says anything about such a program. */
  fits(program: Program): boolean
  measure(program: Program, size: Size): Promise<Figures>
}

/** Calls `use` with the program running in an empty folder beside a target, and ends both. */
export function withProgram<T>(
  program: Program,
  use: (running: Running, target: CountingTarget, folder: string) => Promise<T>,
  options: Omit<StartOptions, 'targetUrl' | 'folder'> = {},
): Promise<T> {
  return withFolder(async (folder) => {
    const target = await startTarget()
    // One that takes in before it runs anything is to be measured at that alone.
    if (options.queued && program.name === 'hookline') target.neverAnswer()
    try {
      const running = await program.start({ targetUrl: target.url, folder, ...options })
      try {
        return await use(running, target, folder)
      } finally {
        await running.stop('SIGKILL')
      }
    } finally {
      await target.close()
    }
  })
}
