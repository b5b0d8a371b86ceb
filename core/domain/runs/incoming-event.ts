import type { Json } from '../values/json.ts'

/** Something that happened to a trigger: the seed of a run. */
export type IncomingEvent = {
  /** The id that the event gets if it is no repeat. Absent: a new one. */
  readonly id?: string
  readonly zapId: string
  readonly version: number
  readonly triggerStepId: string
  /** The sender's own id of this event, by which a repeat is known; null when it has none. */
  readonly dedupeKey: string | null
  /** The trigger's output. */
  readonly data: Json
  /** What is stored of `data`: its stored text or, when it is large, that of a reference. Absent: its stored text. */
  readonly json?: string
  readonly receivedAt: number
  /** From when on it may run, by the clock of this host, which another host’s `receivedAt` may be ahead of; `receivedAt` without one. */
  readonly availableAt?: number
  /** Runs on this host, also where hosts are joined: a person waits for it here, or it came from another host. */
  readonly runsHere?: true
  /** The run that caused it by calling the zap; absent when it came from outside. */
  readonly caller?: { readonly runId: string; readonly depth: number }
}

/** What became of an event: its own ids or, when it is a repeat, those of the first one. */
export type AcceptedEvent = { readonly eventId: string; readonly runId: string; readonly isDuplicate: boolean }

/** How many calls lie above the run of an event. */
export function depthOf(caller: IncomingEvent['caller']): number {
  return caller === undefined ? 0 : caller.depth + 1
}
