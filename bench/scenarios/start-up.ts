import { startTarget } from '../../e2e/fixtures/counting-target.ts'
import { withFolder } from '../owned-processes.ts'
import type { Scenario } from '../scenario.ts'

/** Milliseconds from starting the program, in a folder that it has used before, to its first answered webhook. */
export const startUp: Scenario = {
  name: 'start',
  about: 'milliseconds from start to the first answered webhook',
  fits: ({ kind }) => kind === 'product',
  measure: (program) =>
    withFolder(async (folder) => {
      const target = await startTarget()
      try {
        const options = { targetUrl: target.url, folder }
        const first = await program.start(options)
        await first.stop('SIGTERM')
        const startedAt = performance.now()
        const again = await program.start(options)
        const ms = performance.now() - startedAt
        await again.stop('SIGKILL')
        return { ms }
      } finally {
        await target.close()
      }
    }),
}
