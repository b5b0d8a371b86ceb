import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import type { ActionContext } from './action-context.ts'

/**
 * What calls a service where there is no run: a test of a credential, the choices of a field, a poll, a subscription. It is the same as
 * for an action: signed in at the last moment, held to what the zap may touch, ended at a deadline, without secrets in what comes back.
 */
export type ServiceContext = Pick<
  ActionContext<unknown>,
  'http' | 'connect' | 'credential' | 'large' | 'clock' | 'signal' | 'idempotencyKey'
>

/** What a test of a credential and a connection that is kept are given besides: files and heavy work. */
export type FullServiceContext = ServiceContext & Pick<ActionContext<unknown>, 'files' | 'heavy' | 'noteCredential'>

/** For which step of which zap a service is called. `file` is the draft or the version that the step stands in. */
export type ServiceCaller = { readonly zapId: string; readonly file: ZapFile; readonly step: Step }

export type ServiceCallOptions = {
  /** Ends the call early. */
  readonly signal?: AbortSignal
  /** Milliseconds until it is given up; half a minute when absent. */
  readonly timeoutMs?: number
  /** By which the service tells a repeat of what changes something. */
  readonly idempotencyKey?: string
}

/** Calls a service as a step may. Rejects with a StepError without secrets, `timeout` when it took too long. */
export type CallService = <Result>(
  caller: ServiceCaller,
  work: (context: FullServiceContext) => Promise<Result>,
  options?: ServiceCallOptions,
) => Promise<Result>
