import { pinSample, unpinSample } from '../db/pinned-samples.ts'
import { findZap } from '../db/zaps.ts'
import { holdsLarge } from '../domain/large-value.ts'
import { type ApiServices, procedures } from './services.ts'

/** Outputs that are pinned to steps of a draft, for samples and tests. */
export function zapPinProcedures({ database, clock, bus }: ApiServices) {
  return {
    pinOutput: procedures.zaps.pinOutput.handler(async ({ input, errors }) => {
      const { id, step, output } = input
      const zap = await findZap(database.reader, id)
      if (zap === undefined || zap.removedAt !== null) throw errors.NOT_FOUND({ message: `There is no zap ${id}.` })
      if (!zap.draft.steps.some((one) => one.id === step)) {
        throw errors.NOT_FOUND({ message: `The zap "${zap.name}" has no step "${step}".` })
      }
      if (holdsLarge(output)) {
        // Its bytes belong to a run and are forgotten with it.
        throw errors.CONFLICT({
          message: 'A part of this output is too large to be pinned: edit it to something smaller.',
        })
      }
      const data = JSON.stringify(output)
      await database.write((tx) => pinSample(tx, { zapId: id, stepId: step, data, now: clock.now() }))
      bus.zapsChanged([id])
      return { ok: true }
    }),

    unpinOutput: procedures.zaps.unpinOutput.handler(async ({ input, errors }) => {
      const was = await database.write((tx) => unpinSample(tx, input.id, input.step))
      if (!was) throw errors.NOT_FOUND({ message: `Nothing is pinned for the step "${input.step}".` })
      bus.zapsChanged([input.id])
      return { ok: true }
    }),
  }
}
