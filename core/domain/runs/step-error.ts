import type { JsonObject } from '../values/json.ts'

/** What went wrong in a step, in the words that the journal keeps and the screens show. */
export type StepErrorDetails = {
  /** A short permanent word, such as `timeout`, `http-500`, `template`, `bad-input`. */
  readonly code: string
  /** One sentence that names the thing and, where there is one, the remedy. */
  readonly message: string
  /** Whether the same attempt may succeed later; only then is the step retried. */
  readonly retryable: boolean
  /** Milliseconds that the other side asked us to wait (its `Retry-After`), if it did. */
  readonly retryAfterMs?: number
  /** The step needs the network, and there is none: it waits for it, and this attempt does not count. */
  readonly needsNetwork?: boolean
  /** The credential whose sign-in was withdrawn: the step waits until a person signs in with it again, and this attempt does not count. */
  readonly needsSignIn?: string
  /** The connection broke once the request was on its way, so the other side may have done what it asks for. */
  readonly maybeDone?: boolean
  /** What else is known of it, such as what a program wrote: it stands beside code and message on the step's `error` port. */
  readonly facts?: JsonObject
}

/** Thrown by connectors and the engine for every failure that they understand. Anything else counts as `unexpected`. */
export class StepError extends Error {
  readonly details: StepErrorDetails

  constructor(details: StepErrorDetails, options?: ErrorOptions) {
    super(details.message, options)
    this.name = 'StepError'
    this.details = details
  }

  /** The details of any thrown value. An error that nobody foresaw is not retried: it would most likely come again. */
  static from(thrown: unknown): StepErrorDetails {
    if (thrown instanceof StepError) return thrown.details
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return { code: 'unexpected', message, retryable: false }
  }
}
