import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { sendOne } from './load.ts'
import { within } from './owned-processes.ts'
import type { Work } from './work.ts'

/** A program that takes webhooks in and, unless it is a limit of intake, posts each of them to a target. */
export type Program = {
  readonly name: string
  /** What it can be measured at: `intake` answers only, `relay` calls the target too, `product` also keeps things in a folder. */
  readonly kind: 'intake' | 'relay' | 'product'
  /** How many of the runs of the others it is given, from 0 to 1, so that a slow program takes no longer than they do. */
  readonly share: number
  /** Whether it can be started without downloading anything. */
  installed(): boolean
  install(): Promise<void>
  /** Starts it in `folder`, which may hold what an earlier start left. Resolves when it has answered a first webhook. */
  start(options: StartOptions): Promise<Running>
}

export type StartOptions = {
  readonly targetUrl: string
  readonly folder: string
  /** `RELAY` when absent; the limits can do nothing else. */
  readonly work?: Work
  /** Take events in and run one at a time, where the program can do that. */
  readonly queued?: boolean
  readonly env?: Record<string, string>
}

export type Running = {
  /** The webhook of the first zap. */
  readonly hook: string
  /** The webhooks of all zaps. */
  readonly hooks: readonly string[]
  readonly pid: number
  stop(signal: NodeJS.Signals): Promise<void>
}

const START_MS = 60_000
/** The address may be known before it is connected: what is asked then would stay without an answer. */
const ANSWER_MS = 2_000

/** Resolves when a webhook sent to `hook` has been answered 200. */
export async function answers(hook: string): Promise<void> {
  let isOver = false
  const attempt = async (): Promise<void> => {
    while (!isOver) {
      try {
        return await within(ANSWER_MS, `an answer of ${hook}`, sendOne(hook, '[]'))
      } catch {
        // Nobody listens there yet.
        await pause(3)
      }
    }
  }
  await within(START_MS, `an answer of ${hook}`, attempt()).finally(() => {
    isOver = true
  })
}

/** Resolves when something answers at a port; what it says does not matter. */
export async function listens(port: number): Promise<void> {
  const attempt = async (): Promise<void> => {
    while (
      !(await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      ))
    )
      await pause(50)
    // Its flows are deployed a moment after its editor answers.
    await pause(2_000)
  }
  await within(START_MS, `an answer at port ${port}`, attempt())
}

/** A port that is free now, for programs that take no port 0. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  await closed.promise
  return port
}
