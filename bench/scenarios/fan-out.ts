import { timeRuns } from '../load.ts'
import { within } from '../owned-processes.ts'
import { type Scenario, shareOf, withProgram } from '../scenario.ts'
import { FAN_OUT } from '../work.ts'

/** Ten zaps in turn, of which each run calls the target ten times, side by side. */
export const fanOut: Scenario = {
  name: 'fan-out',
  about: 'ten zaps with ten steps side by side: steps a second with 50 connections',
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(
      program,
      async ({ hooks }, target) => {
        const time = (runs: number) =>
          within(120_000, `${runs} runs of ${program.name}`, timeRuns(hooks, 50, runs, target, FAN_OUT.steps))
        // The run that `start` set off must not be taken for a part of these.
        await within(
          30_000,
          'the first run',
          target.until((requests) => requests.length >= FAN_OUT.steps),
        )
        await time(shareOf(program, size.warmUpRuns / 10))
        const runs = shareOf(program, size.runs / 10)
        const { ms, drainMs } = await time(runs)
        return { 'steps/s': (runs * FAN_OUT.steps) / (ms / 1_000), 'drain ms': drainMs }
      },
      { work: FAN_OUT },
    ),
}
