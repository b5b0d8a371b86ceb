import { os } from '@orpc/server'
import { findAnyRun } from '../db/run-rows.ts'
import { findZap, type ZapRow } from '../db/zaps.ts'
import { missingRun, runElsewhere } from './history.ts'
import type { CallContext, CoreServices, RunServices } from './services.ts'
import { isUnreviewed, noZap, reviewFirst } from './zap-refusals.ts'

/*
 * What procedures begin with: looking up what their input names. What is found stands in their context; a procedure whose input names
 * nothing that is there is refused, in the same words everywhere.
 */

const base = os.$context<CallContext>().errors({ NOT_FOUND: {}, REVIEW_FIRST: {} })

/** `context.zap`: the zap `input.id`, which must not be removed. */
export function requireZap({ database }: Pick<CoreServices, 'database'>) {
  return base.middleware(async ({ next, errors }, { id }: { id: string }) => {
    const zap = await findZap(database.reader, id)
    if (zap === undefined || zap.removedAt !== null) throw errors.NOT_FOUND({ message: noZap(id) })
    return next({ context: { zap } })
  })
}

/** `context.zap`: the zap `input.id`, also one that was removed. */
export function requireStoredZap({ database }: Pick<CoreServices, 'database'>) {
  return base.middleware(async ({ next, errors }, { id }: { id: string }) => {
    const zap = await findZap(database.reader, id)
    if (zap === undefined) throw errors.NOT_FOUND({ message: noZap(id) })
    return next({ context: { zap } })
  })
}

/** After {@link requireZap}: what it may touch was approved. */
export const requireReviewed = base
  .$context<CallContext & { zap: ZapRow }>()
  .middleware(({ next, errors, context: { zap } }) => {
    if (isUnreviewed(zap)) throw errors.REVIEW_FIRST({ message: reviewFirst(zap) })
    return next()
  })

/** After {@link requireZap}, `context.step`: the step `input.step` of its draft. */
export const requireStep = base
  .$context<CallContext & { zap: ZapRow }>()
  .middleware(({ next, errors, context: { zap } }, { step: stepId }: { step: string }) => {
    const step = zap.draft.steps.find((one) => one.id === stepId)
    if (step === undefined) throw errors.NOT_FOUND({ message: `The zap "${zap.name}" has no step "${stepId}".` })
    return next({ context: { step } })
  })

/** `context.run`: the run `input.id`, also one whose event was accepted and that waits for the dispatcher. */
export function requireRun(services: Pick<RunServices, 'database' | 'history'>) {
  return base.middleware(async ({ next, errors }, { id }: { id: string }) => {
    const run = await findAnyRun(services.database.reader, id)
    if (run === undefined) throw errors.NOT_FOUND({ message: await missingRun(services, id) })
    // Accepted here, and perhaps at work on another host of the fleet.
    const elsewhere = run.reason?.code === 'queued' ? await runElsewhere(services, id) : undefined
    if (elsewhere !== undefined) throw errors.NOT_FOUND({ message: elsewhere })
    return next({ context: { run } })
  })
}
