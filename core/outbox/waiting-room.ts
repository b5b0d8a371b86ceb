import type { Clock } from '../domain/clock.ts'

/** Milliseconds that an event waits for a place at most; it is stored then in any case. */
const PATIENCE_MS = 50
/** Events that wait at most. */
const SEATS = 256

/** Somebody who waits for a place: to be called once, with the place or with nothing. */
type Guest<Event, Place> = {
  readonly event: Event
  readonly until: number
  readonly seated: (place: Place | undefined) => void
}

/**
 * Where events wait a moment for the place of their run, before they are stored and their senders hear OK. When events come faster
 * than runs end, those that are stored without a place are leased and read again one after the other, which costs as much again as
 * the run itself; so it is better to let the senders wait a little. Nobody waits where no place has become free of late.
 */
export type WaitingRoom<Event, Place> = {
  /** Whether an event of this zap must wait behind others of it. */
  isAwaited(zapId: string): boolean
  /** Whether waiting makes sense: runs of this zap are ending, and there is a seat. */
  isWorthwhile(zapId: string): boolean
  enter(event: Event, seated: (place: Place | undefined) => void): void
  /** A run of this zap has left its place. */
  ended(zapId: string): void
  /** Gives places to those who wait, the first one first, as far as `placeOf` has any. */
  serve(placeOf: (event: Event) => Place | undefined): void
  /** Lets everybody go on without a place. */
  empty(): void
}

export function createWaitingRoom<Event extends { readonly zapId: string }, Place>(
  clock: Clock,
): WaitingRoom<Event, Place> {
  let guests: Guest<Event, Place>[] = []
  const lastEnd = new Map<string, number>()
  let cancelTimer: (() => void) | null = null

  /** All wait equally long, so the first in the row is the first to lose patience. */
  function armTimer(): void {
    const [first] = guests
    if (first === undefined || cancelTimer !== null) return
    cancelTimer = clock.after(first.until - clock.now(), () => {
      cancelTimer = null
      const now = clock.now()
      const late = guests.findIndex((guest) => guest.until > now)
      for (const guest of guests.splice(0, late < 0 ? guests.length : late)) guest.seated(undefined)
      armTimer()
    })
  }

  return {
    isAwaited: (zapId) => guests.some((guest) => guest.event.zapId === zapId),
    isWorthwhile(zapId) {
      return guests.length < SEATS && clock.now() - (lastEnd.get(zapId) ?? Number.NEGATIVE_INFINITY) < PATIENCE_MS
    },
    enter(event, seated) {
      guests.push({ event, until: clock.now() + PATIENCE_MS, seated })
      armTimer()
    },
    ended(zapId) {
      lastEnd.set(zapId, clock.now())
    },
    serve(placeOf) {
      if (guests.length === 0) return
      const full = new Set<string>()
      const waiting = guests
      guests = []
      const left: Guest<Event, Place>[] = []
      for (const guest of waiting) {
        const { zapId } = guest.event
        const place = full.has(zapId) ? undefined : placeOf(guest.event)
        if (place === undefined) {
          full.add(zapId)
          left.push(guest)
        } else guest.seated(place)
      }
      guests = [...left, ...guests]
    },
    empty() {
      cancelTimer?.()
      cancelTimer = null
      for (const guest of guests.splice(0)) guest.seated(undefined)
    },
  }
}
