import { join } from 'node:path'
import { z } from 'zod'
import { end, firstLine, spawnOwned } from '../owned-processes.ts'
import { answers, type Program, type StartOptions } from '../program.ts'

const readySchema = z.object({ url: z.string(), pid: z.int() })

function limit(
  name: string,
  kind: 'intake' | 'relay',
  script: string,
  args: (options: StartOptions) => readonly string[],
): Program {
  return {
    name,
    kind,
    share: 1,
    installed: () => true,
    install: async () => undefined,
    async start(options) {
      const child = spawnOwned([join(import.meta.dirname, script), ...args(options)])
      const { url, pid } = await firstLine(child, readySchema)
      const hook = `${url}/hooks/bench`
      await answers(hook)
      return { hook, hooks: [hook], pid, stop: (signal) => end(child, signal) }
    },
  }
}

/** What the parts can do that Hookline is made of, each with nothing around it. */
export const limits: readonly Program[] = [
  limit('bare express 5', 'intake', 'express-server.ts', () => []),
  limit('bare node:http', 'intake', 'node-http-server.ts', () => []),
  limit('bare relay', 'relay', 'relay-server.ts', ({ targetUrl }) => [targetUrl]),
  limit('bare relay + commit', 'relay', 'relay-server.ts', ({ targetUrl, folder }) => [
    targetUrl,
    join(folder, 'relay.db'),
  ]),
]
