import { throughput, untilQuiet } from '../load.ts'
import { type Figures, type Scenario, withProgram } from '../scenario.ts'

/** Requests a second that are answered 200. Hookline has them on the disk by then, and runs one at a time that never ends. */
export const ingest: Scenario = {
  name: 'ingest',
  about: 'acknowledged requests a second with 1, 10 and 50 connections',
  fits: ({ kind }) => kind !== 'relay',
  measure: (program, { seconds }) =>
    withProgram(
      program,
      async ({ hook }, target) => {
        await throughput(hook, 50, 1)
        const figures: Record<string, number> = {}
        for (const connections of [1, 10, 50]) {
          // A program that runs what it takes in would still be busy with what came before.
          await untilQuiet(target)
          figures[`c = ${connections}, requests/s`] = await throughput(hook, connections, seconds)
        }
        return figures satisfies Figures
      },
      { queued: true },
    ),
}
