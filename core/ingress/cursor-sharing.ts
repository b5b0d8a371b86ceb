import type { IncomingEvent } from '../domain/runs/incoming-event.ts'

/** What polls and connections owe the other hosts of a fleet; absent on a host that stands alone. */
export type CursorSharing = {
  /** Whether this host does what happens by itself for a zap, now. */
  owns(zapId: string): boolean
  /**
   * Stores what a poll or a connection has found, with `work`. While it does, how far that has come is told to no host, and the ids that `named` makes are those
   * that the next owner would make of the same: it goes on at what was told last. Rejects, without a call of `work`, when the others cannot be told.
   */
  storing<T>(
    at: { readonly zapId: string; readonly stepId: string },
    work: (named: (event: IncomingEvent) => IncomingEvent) => Promise<T>,
  ): Promise<T>
}

/** Stores as {@link CursorSharing.storing}, also on a host that stands alone. */
export function storingShared<T>(
  sharing: CursorSharing | undefined,
  at: { readonly zapId: string; readonly stepId: string },
  work: (named: (event: IncomingEvent) => IncomingEvent) => Promise<T>,
): Promise<T> {
  return sharing === undefined ? work((event) => event) : sharing.storing(at, work)
}
