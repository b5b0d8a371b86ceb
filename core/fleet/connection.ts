import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { type FleetLog, LogError, type OpenLogOptions } from './log.ts'
import { openLog } from './open-log.ts'

/** The way to the log: opened in the background and again when that failed, so that a host without it goes on alone. */
export type Connection = {
  start(): void
  stop(): Promise<void>
  /** Waits for work that ends what is done with the log. A log that stands still is let go of after a moment, and what waits for it fails. */
  ending(work: Promise<void>): Promise<void>
  /** The log, while it answers. */
  current(): FleetLog | undefined
  /** Ends its part in it, for this reason, and tries again in a while. */
  leave(reason: LogError): void
  /** Why it does not answer, since when (milliseconds since 1970 UTC); null while it does. */
  problem(): { readonly error: LogError; readonly since: number } | null
}

const FIRST_RETRY_MS = 500
/** What a host that is told to stop waits for the log. */
const ENDING_MS = 2_000

export function createConnection(config: {
  readonly options: OpenLogOptions
  readonly retryMs: number
  readonly clock: Clock
  readonly log: Log
  /** It is open. What this rejects with closes it again, to be opened anew. */
  opened(log: FleetLog): Promise<void>
  /** It answers again, or for the first time. */
  found(log: FleetLog): void
  lost(): void
  /** It holds nothing any more of what it held: what is known of it is forgotten. */
  emptied(): Promise<void>
  /** What is said of it is other than before. */
  changed(): void
  closing(): Promise<void>
}): Connection {
  const { clock, log } = config
  let current: FleetLog | undefined
  let isUp = false
  let trouble: { error: LogError; since: number } | null = null
  let isStopped = false
  let cancelRetry = (): void => undefined
  let opening: Promise<void> = Promise.resolve()
  let failures = 0
  let said = ''

  function fail(error: LogError): void {
    if (isStopped) return
    trouble = { error, since: trouble?.since ?? clock.now() }
    // The same is said once, however often it is tried.
    const until = error.code === 'copy' ? '' : ' This host goes on alone until then.'
    if (said !== error.message) log.warn(error.message + until)
    said = error.message
    config.changed()
  }

  async function open(): Promise<void> {
    let opened: FleetLog | undefined
    try {
      opened = await openLog(config.options)
      if (isStopped) return await opened.close()
      current = opened
      isUp = true
      await config.opened(opened)
      failures = 0
      opened.watchHealth(health)
      config.changed()
    } catch (error) {
      if (opened !== undefined) {
        await config.closing()
        await opened.close()
      }
      current = undefined
      isUp = false
      const cause = `The fleet’s log could not be used: ${error instanceof Error ? error.message : String(error)}`
      fail(error instanceof LogError ? error : new LogError('unreachable', cause, { cause: error }))
      retry()
    }
  }

  function retry(): void {
    if (isStopped) return
    const pause = Math.min(config.retryMs, FIRST_RETRY_MS * 2 ** Math.min(failures++, 10))
    cancelRetry = clock.after(pause, () => {
      opening = open()
    })
  }

  function health(error: LogError | null): void {
    const opened = current
    if (isStopped || opened === undefined) return
    if (error !== null) {
      fail(error)
      if (isUp) config.lost()
      isUp = false
      if (error.code === 'missing') opening = opening.then(() => openAnew(opened))
      return
    }
    if (said !== '') log.info(`The fleet’s log at ${opened.address} answers again.`)
    said = ''
    trouble = null
    if (!isUp) config.found(opened)
    isUp = true
  }

  async function openAnew(emptied: FleetLog): Promise<void> {
    if (isStopped || current !== emptied) return
    current = undefined
    await config.closing()
    await emptied.close()
    await config.emptied()
    await open()
  }

  async function closeAndRetry(opened: FleetLog): Promise<void> {
    if (isStopped || current !== opened) return
    current = undefined
    isUp = false
    config.lost()
    await config.closing()
    await opened.close()
    retry()
  }

  async function ending(work: Promise<void>): Promise<void> {
    const cancel = clock.after(ENDING_MS, () => void current?.close())
    await work.finally(cancel)
  }

  return {
    start() {
      opening = open()
    },
    async stop() {
      isStopped = true
      cancelRetry()
      // One that does not come about is not waited for; should it, it is closed at once.
      const late = Promise.withResolvers<void>()
      const cancel = clock.after(ENDING_MS, late.resolve)
      await Promise.race([opening, late.promise])
      cancel()
      const opened = current
      if (opened === undefined) return
      await ending(config.closing())
      await opened.close()
    },
    leave(reason) {
      const opened = current
      if (opened === undefined) return
      fail(reason)
      opening = opening.then(() => closeAndRetry(opened))
    },
    ending,
    current: () => (isUp ? current : undefined),
    problem: () => trouble,
  }
}
