import type { Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import type { Sweeper } from './sweeper.ts'

/** Looks at once for what a sleep of the computer, or a clock that was set, made due: timers stood still meanwhile. */
export type AfterSleep = {
  /** Resolves when the queue has been looked at. Looks follow each other. */
  look(): Promise<void>
  /** Resolves when the look under way is over; later ones do nothing. */
  stop(): Promise<void>
}

export function createAfterSleep(config: {
  readonly signals: Signals
  readonly sweeper: Pick<Sweeper, 'runOnce'>
  readonly outbox: Pick<Outbox, 'look'>
}): AfterSleep {
  const { signals, sweeper, outbox } = config
  let last = Promise.resolve()
  let isStopped = false

  async function lookOnce(): Promise<void> {
    if (isStopped) return
    signals.emit('clock:jumped')
    // Leases that ran out meanwhile go back into the queue before that is looked at.
    await sweeper.runOnce()
    await outbox.look()
  }

  return {
    look() {
      last = last.catch(() => undefined).then(lookOnce)
      return last
    },
    async stop() {
      isStopped = true
      await last.catch(() => undefined)
    },
  }
}
