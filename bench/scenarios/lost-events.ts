import { setTimeout as pause } from 'node:timers/promises'
import { startTarget } from '../../e2e/fixtures/counting-target.ts'
import { sendOne } from '../load.ts'
import { withFolder } from '../owned-processes.ts'
import type { Scenario } from '../scenario.ts'

const SENDERS = 10

/** Acknowledged events that never arrive when the target is down and the program is killed half way through sending. */
export const lostEvents: Scenario = {
  name: 'lost',
  about: 'acknowledged events lost when the target is down and the program is killed half way',
  fits: ({ kind }) => kind === 'product',
  measure: (program, { lostEvents: total, patienceMs }) =>
    withFolder(async (folder) => {
      const before = await startTarget()
      const port = Number(new URL(before.url).port)
      await before.close()
      const options = { targetUrl: `http://127.0.0.1:${port}`, folder }
      const running = await program.start(options)
      const acknowledged = new Set<string>()
      let next = 0
      const sender = async (): Promise<void> => {
        while (next < total && acknowledged.size < total / 2) {
          const id = `lost-${next++}`
          try {
            await sendOne(running.hook, JSON.stringify({ id }))
            acknowledged.add(id)
          } catch {
            // Killed before it answered: nothing was promised.
          }
          if (acknowledged.size === Math.floor(total / 2)) await running.stop('SIGKILL')
        }
      }
      await Promise.all(Array.from({ length: SENDERS }, sender))
      await running.stop('SIGKILL')

      const target = await startTarget(port)
      try {
        const again = await program.start(options)
        const missing = new Set(acknowledged)
        let seen = 0
        let lastArrival = performance.now()
        while (missing.size > 0 && performance.now() - lastArrival < patienceMs) {
          for (; seen < target.requests.length; seen++) {
            for (const id of /lost-\d+/.exec(target.requests[seen]?.body ?? '') ?? []) {
              if (missing.delete(id)) lastArrival = performance.now()
            }
          }
          await pause(50)
        }
        await again.stop('SIGKILL')
        return { acknowledged: acknowledged.size, lost: missing.size }
      } finally {
        await target.close()
      }
    }),
}
