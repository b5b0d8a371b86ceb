import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog } from './log.ts'
import { encode, type Letter } from './records.ts'

/** Letters to other hosts about their events, collected for a moment so that many share one. */
export type Post = {
  /** `resting`: it is taken, and its run waits for what may take days. */
  say(kind: Letter['kind'] | 'resting', to: string, event: string): void
  /** The log is there: what waits is sent. */
  start(log: FleetLog): void
  /** Sends what waits, if that can be done. */
  stop(): Promise<void>
}

const MAX_EVENTS = 5_000

export function createPost(config: {
  readonly name: string
  readonly letterMs: number
  readonly clock: Clock
  readonly log: Log
  /** A letter is in the log. */
  sent(letter: Letter): Promise<void>
}): Post {
  const { name, letterMs, clock } = config
  const waiting = new Map<
    string,
    { readonly kind: Letter['kind'] | 'resting'; readonly to: string; readonly events: Set<string> }
  >()
  let connection: FleetLog | undefined
  let isArmed = false
  let sending: Promise<void> = Promise.resolve()

  async function send(): Promise<void> {
    for (const [key, { kind, to, events }] of waiting) {
      if (connection === undefined) return
      const some = [...events].slice(0, MAX_EVENTS)
      if (some.length === 0) {
        waiting.delete(key)
        continue
      }
      // Hosts that are older know no rest: to them it is taken.
      const said = kind === 'resting' ? { kind: 'taken' as const, areResting: true } : { kind }
      const letter: Letter = { ...said, from: name, events: some }
      await connection.mail.send(to, await encode(letter))
      for (const event of some) events.delete(event)
      await config.sent(letter)
    }
  }

  function arm(): void {
    if (isArmed || connection === undefined) return
    isArmed = true
    clock.after(letterMs, () => {
      isArmed = false
      sending = sending.then(send).catch(() => {
        // The log does not answer: what waits is sent when it does, or told again by the next look at what has ended.
        clock.after(1_000, arm)
      })
    })
  }

  return {
    say(kind, to, event) {
      const key = `${kind} ${to}`
      const open = waiting.get(key)
      if (open === undefined) waiting.set(key, { kind, to, events: new Set([event]) })
      else open.events.add(event)
      arm()
    },
    start(opened) {
      connection = opened
      arm()
    },
    async stop() {
      await sending
      await send().catch(() => undefined)
      connection = undefined
    },
  }
}
