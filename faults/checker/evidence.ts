import type { Acknowledged } from '../round/record.ts'

/** All that a check looks at: the data folder of a host that has stopped, and what the world outside of it saw. */
export type Evidence = {
  readonly dataDir: string
  /** Files beside the data folder in which no secret may be: what the host printed. */
  readonly logFiles: readonly string[]
  /** When the host stopped, in milliseconds since 1970 UTC. */
  readonly now: number
  readonly acknowledged: readonly Acknowledged[]
  /** What the target did, by idempotency key. */
  readonly effects: ReadonlyMap<string, { readonly key: string; readonly path: string; readonly body: string }>
  /** Ids of the steps that are done when the target did something. */
  readonly effectSteps: readonly string[]
  /** Lines that unsafe steps wrote: the id of the run that wrote each. */
  readonly unsafeLines: readonly string[]
  /** How often a person had the cut-off steps of a run done again. */
  readonly runAgain: ReadonlyMap<string, number>
  /** Runs of which a person took cut-off steps for done. */
  readonly markedDone: ReadonlySet<string>
  /** Texts that may only be in the credential store, sealed. */
  readonly secrets: readonly string[]
}

/** A promise that was broken. `rule` names it, `message` says where. */
export type Violation = { readonly rule: string; readonly message: string }
