import { type PinnedSample, pinSample, unpinSample } from '../db/pinned-samples.ts'
import { findRun } from '../db/run-rows.ts'
import { findStepOutput } from '../db/step-runs.ts'
import { findEvent } from '../db/trigger-events.ts'
import { adoptReferences, holdsLarge } from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import { requireStep, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { connectorSample, samplesOf } from './zap-samples.ts'

/** Outputs that are pinned to steps of a draft, for samples and tests. */
export function zapPinProcedures(services: ZapServices) {
  const { database, clock, signals } = services
  const { reader } = database
  const zapOf = requireZap(services)

  async function keep(zapId: string, stepId: string, pin: Omit<PinnedSample, 'pinnedAt'>): Promise<void> {
    await database.write((tx) => pinSample(tx, { zapId, stepId, ...pin, now: clock.now() }))
    signals.emit('zaps:changed', [zapId])
  }

  /** What a step returned in a run, as JSON text. Of a trigger that is what started the run. */
  async function outputIn(zapId: string, runId: string, stepId: string): Promise<string | undefined> {
    const run = await findRun(reader, runId)
    if (run === undefined || run.zapId !== zapId) return undefined
    if (run.triggerStepId === stepId) return (await findEvent(reader, run.eventId))?.data
    return findStepOutput(reader, runId, stepId)
  }

  return {
    pinOutput: procedures.zaps.pinOutput
      .use(zapOf)
      .use(requireStep)
      .handler(async ({ input, errors, context: { zap } }) => {
        const { id, step, output } = input
        const sample = (await samplesOf(services, zap))[step]?.value ?? null
        if (holdsLarge(adoptReferences(output, [sample]))) throw errors.CONFLICT({ message: TOO_LARGE })
        await keep(id, step, { data: toStored(output), origin: 'written', runId: null })
        return { ok: true }
      }),

    pinSample: procedures.zaps.pinSample
      .use(zapOf)
      .use(requireStep)
      .handler(async ({ input, errors, context }) => {
        const { id, step, run } = input
        if (run === undefined) {
          const data = toStored(connectorSample(services.catalogue, context.step))
          await keep(id, step, { data, origin: 'connector', runId: null })
          return { ok: true }
        }
        const data = await outputIn(id, run, step)
        if (data === undefined) {
          throw errors.NOT_FOUND({
            message: `The step "${step}" returned nothing in the run ${run}: choose another one.`,
          })
        }
        if (holdsLarge(fromStored(data))) throw errors.CONFLICT({ message: TOO_LARGE })
        await keep(id, step, { data, origin: 'run', runId: run })
        return { ok: true }
      }),

    unpinOutput: procedures.zaps.unpinOutput.handler(async ({ input, errors }) => {
      const was = await database.write((tx) => unpinSample(tx, input.id, input.step))
      if (!was) throw errors.NOT_FOUND({ message: `Nothing is pinned for the step "${input.step}".` })
      signals.emit('zaps:changed', [input.id])
      return { ok: true }
    }),
  }
}

// Its bytes belong to a run and are forgotten with it.
const TOO_LARGE = 'A part of this output is too large to be pinned: edit it to something smaller.'
