import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Log } from '../domain/host/log.ts'
import type { WorkMarker } from '../domain/runs/work-marker.ts'
import type { Clock } from '../domain/time/clock.ts'
import { createWatchedMemory, type WatchdogNews, type WatchdogOrder, watchedWork } from './watchdog-memory.ts'

/**
 * Notices from a thread of its own that the main thread has been busy with one thing for too long, and writes down what it is. Only ending the
 * process may help then, so the next start reads it and sets that run aside. The thread takes a dozen megabytes, so it is there only while
 * there is work.
 */
export type Watchdog = {
  readonly mark: WorkMarker
  /** Resolves when the thread watches; nothing needs to wait for it. */
  watching(): Promise<void>
  stop(): Promise<void>
}

/** What kept everything else from being done, as it is written down. */
export const standstillSchema = z.object({
  /** Milliseconds since 1970 UTC. */
  at: z.int(),
  /** `unknown`: neither a run nor a request was known to be at work. */
  kind: z.enum(['run', 'request', 'unknown']),
  /** The id of the run, or the request in words. */
  what: z.string(),
})
export type Standstill = z.infer<typeof standstillSchema>

/** Milliseconds between two signs of life of the main thread. */
const BEAT_MS = 1_000
/** Milliseconds without one for which the thread waits, twice. */
const PATIENCE_MS = 5_000
/** Signs of life without any work after which the thread ends. */
const IDLE_BEATS = 30

export function createWatchdog(config: {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  readonly patienceMs?: number
}): Watchdog {
  const { clock, log } = config
  const memory = createWatchedMemory()
  const work = watchedWork(memory)
  let cancelTimer = (): void => undefined
  let worker: Worker | undefined
  let watching = Promise.withResolvers<void>()
  let idleBeats = 0
  let isStopped = false

  function watch(): void {
    if (isStopped) return
    const file = standstillFile(config.dataDir)
    const order: WatchdogOrder = { memory, file, patienceMs: config.patienceMs ?? PATIENCE_MS }
    // As it is written in tests, and as it is built.
    const name = import.meta.url.endsWith('.ts') ? './watchdog-worker.ts' : './watchdog-worker.js'
    const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 1 }
    worker = new Worker(new URL(name, import.meta.url), { workerData: order, resourceLimits })
    worker.unref()
    worker.on('message', hear)
    worker.on('error', (error) => log.warn('The watchdog has ended.', { error: String(error) }))
    idleBeats = 0
    cancelTimer = clock.after(BEAT_MS, beat)
  }

  function hear(news: WatchdogNews): void {
    if (news === 'watching') {
      watching.resolve()
      return
    }
    const { seconds, kind, what } = news
    log.warn(`Hookline stood still for ${Math.round(seconds)} seconds.`, kind === 'unknown' ? {} : { [kind]: what })
  }

  function beat(): void {
    idleBeats = work.read().kind === 'unknown' ? idleBeats + 1 : 0
    work.beat()
    if (idleBeats < IDLE_BEATS) cancelTimer = clock.after(BEAT_MS, beat)
    else void rest()
  }

  async function rest(): Promise<void> {
    cancelTimer()
    const ending = worker
    worker = undefined
    watching = Promise.withResolvers()
    await ending?.terminate()
  }

  return {
    mark(kind, what) {
      work.mark(kind, what)
      if (worker === undefined) watch()
    },
    watching: () => watching.promise,
    async stop() {
      isStopped = true
      await rest()
    },
  }
}

const standstillFile = (dataDir: string): string => join(dataDir, 'standstill.json')

/** What the process before this one stood still at until it was ended; undefined when it did not. */
export function readStandstill(dataDir: string): Standstill | undefined {
  try {
    return standstillSchema.parse(JSON.parse(readFileSync(standstillFile(dataDir), 'utf8')))
  } catch {
    return undefined
  }
}

export function forgetStandstill(dataDir: string): void {
  rmSync(standstillFile(dataDir), { force: true })
}
