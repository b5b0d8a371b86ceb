import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { end, firstLine, own, within } from '../owned-processes.ts'

/** How many milliseconds the clock of a soaked host is ahead from now on. It answers with what it holds. */
export type SoakOrder = { readonly aheadMs: number }

const heldSchema = z.object({
  residentMb: z.number(),
  /** What is in use of the heap, and beside it, once the garbage is collected. */
  usedMb: z.number(),
  /** 0 where the system does not tell. */
  descriptors: z.int(),
  timers: z.int(),
})
export type Held = z.infer<typeof heldSchema>

const readySchema = z.object({ hooks: z.string(), pid: z.int() })
const cli = join(import.meta.dirname, '..', '..', 'out', 'headless', 'cli.js')

/** A host whose clock can be moved. */
export type SoakedHost = {
  readonly hook: string
  /** Milliseconds from its start until it was ready. */
  readonly startMs: number
  /** Sets its clock, and has it say what it holds. */
  at(aheadMs: number): Promise<Held>
  /** Times a second that its main thread was woken while nothing was asked of it; NaN where the system does not tell. */
  wakeUps(seconds: number): Promise<number>
  stop(signal: NodeJS.Signals): Promise<void>
}

export async function startSoakedHost(dataDir: string): Promise<SoakedHost> {
  const args = ['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', dataDir]
  const script = pathToFileURL(join(import.meta.dirname, 'moved-clock.ts'))
  const env = { ...process.env, NODE_OPTIONS: `--import ${script}`, HOOKLINE_BENCH_SOAK: '1' }
  const startedAt = performance.now()
  const child = own(spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], env }))
  const { hooks, pid } = await firstLine(child, readySchema)
  const startMs = performance.now() - startedAt
  return {
    hook: `${hooks}/hooks/orders`,
    startMs,
    async at(aheadMs) {
      const answered = once(child, 'message')
      child.send({ aheadMs } satisfies SoakOrder)
      const [held] = await within(60_000, 'the host to say what it holds', answered)
      return heldSchema.parse(held)
    },
    async wakeUps(seconds) {
      if (process.platform !== 'linux') return Number.NaN
      const before = switches(pid)
      await pause(seconds * 1_000)
      return (switches(pid) - before) / seconds
    },
    stop: (signal) => end(child, signal),
  }
}

/** Times that the main thread of a process gave the processor back as it had nothing to do. */
function switches(pid: number): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8')
  return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1])
}
