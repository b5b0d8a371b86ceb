import { timeRuns } from '../load.ts'
import { within } from '../owned-processes.ts'
import { type Scenario, withProgram } from '../scenario.ts'

/** From the first request until the last run has called its target: 50 connections, and what is left when the last was answered. */
export const completeRuns: Scenario = {
  name: 'runs',
  about: 'complete runs a second with 50 connections, and how long they go on after the last answer',
  fits: ({ kind }) => kind !== 'intake',
  measure: (program, { runs, warmUpRuns }) =>
    withProgram(program, async ({ hook }, target) => {
      const time = (count: number) =>
        within(120_000, `${count} runs of ${program.name}`, timeRuns(hook, 50, count, target))
      await time(warmUpRuns)
      const { ms, drainMs } = await time(runs)
      return { 'runs/s': runs / (ms / 1_000), 'drain ms': drainMs }
    }),
}
