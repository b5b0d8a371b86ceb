import type { Clock } from '../domain/time/clock.ts'

/** Milliseconds that an event waits for a slot at most; it is stored then in any case. */
const PATIENCE_MS = 50
/** Events that wait at most. */
const MAX_WAITING = 256

/** An event that waits for a slot: `settle` is called once, with the slot or with nothing. */
type Waiter<Event, Slot> = {
  readonly event: Event
  readonly until: number
  readonly settle: (slot: Slot | undefined) => void
}

/**
 * Where events wait a moment for the slot of their run, before they are stored and their senders hear OK. When events come faster
 * than runs end, those that are stored without a slot are leased and read again one after the other, which costs as much again as
 * the run itself; so it is better to let the senders wait a little. No event waits where no slot has become free of late.
 */
export type AdmissionQueue<Event, Slot> = {
  /** Whether an event of this zap must wait behind others of it. */
  isAwaited(zapId: string): boolean
  /** Whether waiting makes sense: runs of this zap are ending, and the queue is not full. */
  isWorthwhile(zapId: string): boolean
  enter(event: Event, settle: (slot: Slot | undefined) => void): void
  /** A run of this zap has left its slot. */
  ended(zapId: string): void
  /** Hands out slots in order of arrival, as far as `slotFor` returns any. */
  offer(slotFor: (event: Event) => Slot | undefined): void
  /** Settles every waiter without a slot. */
  empty(): void
}

export function createAdmissionQueue<Event extends { readonly zapId: string }, Slot>(
  clock: Clock,
): AdmissionQueue<Event, Slot> {
  let waiters: Waiter<Event, Slot>[] = []
  const lastEnd = new Map<string, number>()
  let cancelTimer: (() => void) | null = null

  /** All wait equally long, so the first in the queue is the first whose time is up. */
  function armTimer(): void {
    const [first] = waiters
    if (first === undefined || cancelTimer !== null) return
    cancelTimer = clock.after(first.until - clock.now(), () => {
      cancelTimer = null
      const now = clock.now()
      const late = waiters.findIndex((waiter) => waiter.until > now)
      for (const waiter of waiters.splice(0, late < 0 ? waiters.length : late)) waiter.settle(undefined)
      armTimer()
    })
  }

  return {
    isAwaited: (zapId) => waiters.some((waiter) => waiter.event.zapId === zapId),
    isWorthwhile(zapId) {
      return (
        waiters.length < MAX_WAITING && clock.now() - (lastEnd.get(zapId) ?? Number.NEGATIVE_INFINITY) < PATIENCE_MS
      )
    },
    enter(event, settle) {
      waiters.push({ event, until: clock.now() + PATIENCE_MS, settle })
      armTimer()
    },
    ended(zapId) {
      lastEnd.set(zapId, clock.now())
    },
    offer(slotFor) {
      if (waiters.length === 0) return
      const full = new Set<string>()
      const waiting = waiters
      waiters = []
      const left: Waiter<Event, Slot>[] = []
      for (const waiter of waiting) {
        const { zapId } = waiter.event
        const slot = full.has(zapId) ? undefined : slotFor(waiter.event)
        if (slot === undefined) {
          full.add(zapId)
          left.push(waiter)
        } else waiter.settle(slot)
      }
      waiters = [...left, ...waiters]
    },
    empty() {
      cancelTimer?.()
      cancelTimer = null
      for (const waiter of waiters.splice(0)) waiter.settle(undefined)
    },
  }
}
