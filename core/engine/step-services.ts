import type { Credential, CredentialRef, FileAccess, GuardedFetch } from '../connectors/define.ts'
import type { Clock } from '../domain/clock.ts'

/** What the engine hands on to actions; each host wires it in `core/app.ts`. */
export type StepServices = {
  readonly clock: Clock
  readonly fetch: GuardedFetch
  readonly files: FileAccess
  /** @throws StepError `credential` when there is none of that name or it cannot be opened. */
  credential(ref: CredentialRef): Promise<Credential>
  notify(message: { title: string; body?: string }): Promise<void>
  /** The environment variables that the user allows templates to read. */
  readonly env: Readonly<Record<string, string>>
  /** Between 0 and 1, for the jitter of retries. */
  random(): number
}
