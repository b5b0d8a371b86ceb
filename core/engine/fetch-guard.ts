import { StepError } from '../domain/runs/step-error.ts'
import { NOTHING_SECRET, type StepSecrets } from './step-secrets.ts'

/** What holds for the requests of one step, on every hop of a redirect. */
export type FetchGuard = {
  /** What no answer may hold. */
  readonly secrets: StepSecrets
  /** The answer comes as it is, to one who looks after the secrets in it; where secrets may not go holds all the same. */
  readonly keepsAnswer?: true
  /** @throws StepError where the step may not begin at this address. Whereto that redirects is up to it, but for what follows. */
  checkStart(url: URL): void
  /** Whether the way may lead to this computer and one's own network, at this address or from it on. */
  mayBeLocal(url: URL): boolean
  /** Why it may not; `start` is the address at which the way began. */
  refuseLocal(url: URL, start: URL): StepError
}

/** For a step that may go everywhere. */
export const NO_GUARD: FetchGuard = {
  secrets: NOTHING_SECRET,
  checkStart: () => undefined,
  mayBeLocal: () => true,
  refuseLocal: (url) =>
    new StepError({ code: 'not-permitted', message: `${url.host} is not permitted.`, retryable: false }),
}
