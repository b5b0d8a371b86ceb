import { setTimeout as pause } from 'node:timers/promises'
import { sendOne } from '../load.ts'
import { within } from '../owned-processes.ts'
import { quantile } from '../quantile.ts'
import { type Scenario, withProgram } from '../scenario.ts'

/** So long nothing is asked of the program between two requests: it is idle, not merely serial. */
export const GAP_MS = 30
export const WARM_UP = 40

/** Milliseconds from sending a request to the arrival of its step's own request. */
export const idleLatency: Scenario = {
  name: 'latency',
  about: 'milliseconds from a request to its step’s request, 30 ms apart',
  fits: ({ kind }) => kind !== 'intake',
  measure: (program, { latencySamples }) =>
    withProgram(program, async ({ hook }, target) => {
      const samples: number[] = []
      // The request that `start` was answered must not be taken for one of these.
      await within(
        10_000,
        'the first request',
        target.until((requests) => requests.length > 0),
      )
      for (let n = 0; n < latencySamples + WARM_UP; n++) {
        const next = target.requests.length + 1
        const startedAt = performance.now()
        const arrived = target.until((requests) => requests.length >= next).then(() => performance.now() - startedAt)
        const answered = sendOne(hook)
        await answered
        const ms = await within(10_000, `a request of ${program.name}`, arrived)
        if (n >= WARM_UP) samples.push(ms)
        await pause(GAP_MS)
      }
      return { 'p50 ms': quantile(samples, 0.5), 'p95 ms': quantile(samples, 0.95), 'p99 ms': quantile(samples, 0.99) }
    }),
}
