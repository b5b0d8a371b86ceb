import { timeRuns } from '../load.ts'
import { within } from '../owned-processes.ts'
import { type Scenario, shareOf, withProgram } from '../scenario.ts'
import { CODE } from '../work.ts'

/** Runs with a step of code in them, as `runs` times those without. */
export const connectors: Scenario = {
  name: 'connectors',
  about: 'complete runs a second in which a code step makes what is posted',
  fits: ({ kind }) => kind === 'product',
  measure: (program, size) =>
    withProgram(
      program,
      async ({ hook }, target) => {
        // A script takes some milliseconds: a tenth of the runs of nothing but a request says as much.
        const runs = shareOf(program, size.runs / 5)
        const time = (count: number) =>
          within(120_000, `${count} runs of code of ${program.name}`, timeRuns([hook], 50, count, target))
        await time(Math.max(10, Math.round(runs / 5)))
        const { ms } = await time(runs)
        return { 'code runs/s': runs / (ms / 1_000) }
      },
      { work: CODE },
    ),
}
