import type { ActionContext } from './action-context.ts'

/**
 * What calls a service where there is no run: a test of a credential, the choices of a field, a poll, a subscription. It is the same as
 * for an action: signed in at the last moment, held to what the zap may touch, ended at a deadline, without secrets in what comes back.
 */
export type ServiceContext = Pick<
  ActionContext<unknown>,
  'http' | 'credential' | 'large' | 'clock' | 'signal' | 'idempotencyKey'
>
