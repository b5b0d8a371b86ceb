/**
 * What is known here of the pending messages, so that the database is asked only when there is something to lease. A round reads the
 * database in a transaction; what is woken after that transaction began it cannot have seen, so it is kept when the round ends.
 */
export type PendingWork = {
  /** Something of this zap is due now. */
  wake(zapId: string): void
  /** Something of this zap is due at a time, as was read; that does not put off what was woken. */
  note(zapId: string, availableAt: number): void
  /** Messages that crashed processes before are in the queue again. */
  expectSuspects(): void
  /** Whether such messages may be there. */
  hasSuspects(): boolean
  /** Whether something may be due. */
  hasDue(now: number): boolean
  /** Whether something due was left in the queue by the last round, for want of slots. */
  hasBacklog(): boolean
  /** The first time after `now` at which something becomes due; Infinity when nothing does. */
  nextAfter(now: number): number
  /** Zaps that may have something pending, each with the time from which that is so. */
  zaps(): ReadonlyMap<string, number>
  /** The transaction of a round begins. */
  beginRound(): void
  /**
   * The round is committed that began at `startedAt`: `next` says when each zap that it looked at is to be looked at again, null for one of
   * which nothing is pending. Returns whether something became due since `startedAt`, so that no timer will tell of it.
   */
  endRound(
    found: { readonly next: ReadonlyMap<string, number | null>; readonly suspectsExpected: boolean },
    startedAt: number,
    now: number,
  ): boolean
}

export function createPendingWork(): PendingWork {
  const zaps = new Map<string, number>()
  const wokenSince = new Set<string>()
  let areSuspectsExpected = false
  let wereSuspectsTold = false
  let hasBacklog = false

  return {
    wake(zapId) {
      zaps.set(zapId, 0)
      wokenSince.add(zapId)
    },
    note(zapId, availableAt) {
      if (availableAt < (zaps.get(zapId) ?? Number.POSITIVE_INFINITY)) zaps.set(zapId, availableAt)
    },
    expectSuspects() {
      areSuspectsExpected = true
      wereSuspectsTold = true
    },
    hasSuspects: () => areSuspectsExpected,
    hasDue: (now) => zaps.values().some((at) => at <= now),
    hasBacklog: () => hasBacklog,
    nextAfter(now) {
      let next = Number.POSITIVE_INFINITY
      for (const at of zaps.values()) if (at > now && at < next) next = at
      return next
    },
    zaps: () => zaps,
    beginRound() {
      wokenSince.clear()
      wereSuspectsTold = false
    },
    endRound({ next, suspectsExpected }, startedAt, now) {
      let isLate = false
      for (const [zapId, at] of next) {
        if (wokenSince.has(zapId)) continue
        if (at === null) zaps.delete(zapId)
        else zaps.set(zapId, at)
        isLate ||= at !== null && at > startedAt && at <= now
      }
      hasBacklog = zaps.entries().some(([zapId, at]) => at <= startedAt && !wokenSince.has(zapId))
      areSuspectsExpected = suspectsExpected || wereSuspectsTold
      return isLate
    },
  }
}
