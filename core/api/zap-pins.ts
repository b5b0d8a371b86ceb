import { type PinnedSample, pinSample, unpinSample } from '../db/pinned-samples.ts'
import { findRun } from '../db/runs.ts'
import { findStepOutput } from '../db/step-runs.ts'
import { findEvent } from '../db/trigger-events.ts'
import { findZap, type ZapRow } from '../db/zaps.ts'
import { adoptReferences, holdsLarge } from '../domain/large-value.ts'
import { fromStored, toStored } from '../domain/stored-json.ts'
import type { Step } from '../domain/zap-file.ts'
import { type ApiServices, procedures } from './services.ts'
import { connectorSample, samplesOf } from './zap-samples.ts'

/** Outputs that are pinned to steps of a draft, for samples and tests. */
export function zapPinProcedures(services: ApiServices) {
  const { database, clock, signals } = services
  const { reader } = database

  /** The zap, with its name for messages, and a step of its draft, if there are any. */
  async function findStep(
    id: string,
    stepId: string,
  ): Promise<{ name: string; zap: ZapRow; step: Step | undefined } | undefined> {
    const zap = await findZap(reader, id)
    if (zap === undefined || zap.removedAt !== null) return undefined
    return { name: zap.name, zap, step: zap.draft.steps.find((one) => one.id === stepId) }
  }

  async function keep(zapId: string, stepId: string, pin: Omit<PinnedSample, 'pinnedAt'>): Promise<void> {
    await database.write((tx) => pinSample(tx, { zapId, stepId, ...pin, now: clock.now() }))
    signals.emit('zaps:changed', [zapId])
  }

  /** What a step gave in a run, as JSON text. Of a trigger that is what started the run. */
  async function outputIn(zapId: string, runId: string, stepId: string): Promise<string | undefined> {
    const run = await findRun(reader, runId)
    if (run === undefined || run.zapId !== zapId) return undefined
    if (run.triggerStepId === stepId) return (await findEvent(reader, run.eventId))?.data
    return findStepOutput(reader, runId, stepId)
  }

  return {
    pinOutput: procedures.zaps.pinOutput.handler(async ({ input, errors }) => {
      const { id, step, output } = input
      const found = await findStep(id, step)
      if (found === undefined) throw errors.NOT_FOUND({ message: `There is no zap ${id}.` })
      if (found.step === undefined) throw errors.NOT_FOUND({ message: noStep(found.name, step) })
      const sample = (await samplesOf(services, found.zap))[step]?.value ?? null
      if (holdsLarge(adoptReferences(output, [sample]))) throw errors.CONFLICT({ message: TOO_LARGE })
      await keep(id, step, { data: toStored(output), origin: 'written', runId: null })
      return { ok: true }
    }),

    pinSample: procedures.zaps.pinSample.handler(async ({ input, errors }) => {
      const { id, step, run } = input
      const found = await findStep(id, step)
      if (found === undefined) throw errors.NOT_FOUND({ message: `There is no zap ${id}.` })
      if (found.step === undefined) throw errors.NOT_FOUND({ message: noStep(found.name, step) })
      if (run === undefined) {
        const data = toStored(connectorSample(services.catalogue, found.step))
        await keep(id, step, { data, origin: 'connector', runId: null })
        return { ok: true }
      }
      const data = await outputIn(id, run, step)
      if (data === undefined) {
        throw errors.NOT_FOUND({ message: `The step "${step}" gave nothing in the run ${run}: choose another one.` })
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

const noStep = (zapName: string, step: string): string => `The zap "${zapName}" has no step "${step}".`
