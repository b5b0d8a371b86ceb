import { createHmac } from 'node:crypto'
import { ORDER, throughput, untilQuiet } from '../load.ts'
import { type Figures, type Scenario, withProgram } from '../scenario.ts'
import { SIGNED, SIGNING_SECRET } from '../work.ts'

/** As GitHub signs what it sends. */
const SIGNATURE = {
  'x-hub-signature-256': `sha256=${createHmac('sha256', SIGNING_SECRET).update(ORDER).digest('hex')}`,
}

/** Requests a second that are answered 200. Hookline has them on the disk by then, and runs one at a time that never ends. */
export const ingest: Scenario = {
  name: 'ingest',
  about: 'acknowledged requests a second with 1, 10 and 50 connections; also of signed ones',
  fits: ({ kind }) => kind !== 'relay',
  async measure(program, { seconds }) {
    const figures: Record<string, number> = {}
    await withProgram(
      program,
      async ({ hook }, target) => {
        await throughput(hook, 50, 1)
        for (const connections of [1, 10, 50]) {
          // A program that runs what it takes in would still be busy with what came before.
          await untilQuiet(target)
          figures[`c = ${connections}, requests/s`] = await throughput(hook, connections, seconds)
        }
      },
      { queued: true },
    )
    if (program.name !== 'hookline') return figures satisfies Figures
    await withProgram(
      program,
      async ({ hook }) => {
        await throughput(hook, 50, 1, SIGNATURE)
        figures['c = 50, signed, requests/s'] = await throughput(hook, 50, seconds, SIGNATURE)
      },
      { queued: true, work: SIGNED },
    )
    return figures satisfies Figures
  },
}
