import { setTimeout as pause } from 'node:timers/promises'
import { sendOne } from './load.ts'
import { within } from './owned-processes.ts'

/** A program that takes webhooks in and, unless it is a limit of intake, posts each of them to a target. */
export type Program = {
  readonly name: string
  /** What it can be measured at: `intake` answers only, `relay` calls the target too, `product` also keeps things in a folder. */
  readonly kind: 'intake' | 'relay' | 'product'
  /** Whether it can be started without downloading anything. */
  installed(): boolean
  install(): Promise<void>
  /** Starts it in `folder`, which may hold what an earlier start left. Resolves when it has answered a first webhook. */
  start(options: StartOptions): Promise<Running>
}

export type StartOptions = {
  readonly targetUrl: string
  readonly folder: string
  /** Take events in and run one at a time, where the program can do that. */
  readonly queued?: boolean
  readonly env?: Record<string, string>
}

export type Running = {
  readonly hook: string
  readonly pid: number
  stop(signal: NodeJS.Signals): Promise<void>
}

/** Resolves when a webhook sent to `hook` has been answered 200. */
export async function answers(hook: string): Promise<void> {
  let isOver = false
  const attempt = async (): Promise<void> => {
    while (!isOver) {
      try {
        return await sendOne(hook)
      } catch {
        // Nobody listens there yet.
        await pause(3)
      }
    }
  }
  await within(60_000, `an answer of ${hook}`, attempt()).finally(() => {
    isOver = true
  })
}
