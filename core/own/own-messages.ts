import type { FamilyManifest } from '../connectors/family-list.ts'
import type { StepErrorDetails } from '../domain/runs/step-error.ts'
import type { Touch } from '../domain/trust/permissions.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'

/** What is known of a file of connectors once it was read. */
export type OwnFamily = {
  readonly manifest: FamilyManifest
  readonly title: string
  /** What each connector touches, whatever its input is. */
  readonly touches: Readonly<Record<string, readonly Touch[]>>
}

/** What a process of connectors is asked. */
export type OwnWork =
  | { readonly do: 'open'; readonly file: string }
  | { readonly do: 'run' | 'poll'; readonly connector: string; readonly input: JsonObject; readonly facts: OwnFacts }

/** What a connector knows of the run, or of the poll, that it is in. */
export type OwnFacts = { readonly idempotencyKey: string; readonly now: number; readonly cursor?: Json }

/** What the host tells the process: work, an answer to a call of its own, and that a piece of work is not wanted any more. */
export type ToProcess =
  | { readonly id: number; readonly work: OwnWork }
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: StepErrorDetails }
  | { readonly abort: number }

/** What of its context a connector may call: the host does it, under the permissions of the zap. */
export const OWN_CALLS = ['http', 'keep', 'read', 'open'] as const
export type OwnCall = (typeof OWN_CALLS)[number]

/** What the process tells the host. */
export type FromProcess =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: StepErrorDetails }
  | { readonly call: number; readonly of: number; readonly name: OwnCall; readonly value: unknown }
  | { readonly says: string }
