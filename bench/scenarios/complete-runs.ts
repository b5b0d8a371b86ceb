import { join } from 'node:path'
import { timeRuns } from '../load.ts'
import { observed, readCommits } from '../observed-host.ts'
import { withFolder, within } from '../owned-processes.ts'
import { type Figures, type Scenario, shareOf, withProgram } from '../scenario.ts'

/** From the first request until the last run has called its target: 50 connections, and what is left when the last was answered. */
export const completeRuns: Scenario = {
  name: 'runs',
  about: 'complete runs a second with 50 connections, and how long they go on after the last answer',
  fits: ({ kind }) => kind !== 'intake',
  measure: (program, size) =>
    withFolder(async (folder) => {
      const runs = shareOf(program, size.runs)
      const warmUpRuns = shareOf(program, size.warmUpRuns)
      const counters = join(folder, 'commits.json')
      const figures = await withProgram(
        program,
        async ({ hook, stop }, target): Promise<Figures> => {
          const time = (count: number) =>
            within(120_000, `${count} runs of ${program.name}`, timeRuns([hook], 50, count, target))
          await time(warmUpRuns)
          const { ms, drainMs } = await time(runs)
          // It counts its commits until it ends, and says so only when it may end by itself.
          if (program.name === 'hookline') await stop('SIGTERM')
          return { 'runs/s': runs / (ms / 1_000), 'drain ms': drainMs }
        },
        program.name === 'hookline' ? { env: observed(counters) } : {},
      )
      if (program.name !== 'hookline') return figures
      const commits = await readCommits(counters)
      return {
        ...figures,
        'commits/run': commits.syncs / (runs + warmUpRuns),
        'operations/commit': commits.operations / commits.commits,
        'main thread in SQLite %': (commits.ms / commits.activeMs) * 100,
        'ms until a sync is known': commits.syncMs / commits.syncs,
      }
    }),
}
