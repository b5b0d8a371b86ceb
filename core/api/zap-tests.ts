import { connectorLookup } from '../connectors/registry.ts'
import type { Sample } from '../contract/values.ts'
import { findZap, insertVersion } from '../db/zaps.ts'
import { compileZap } from '../domain/graph.ts'
import { firstRunId, newEventId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import { partUpTo } from '../domain/part-of-zap.ts'
import type { Step } from '../domain/zap-file.ts'
import { beginTest } from '../engine/begin-test.ts'
import { acceptEvent, storeEvent } from '../ingress/accept-event.ts'
import { startingTrigger } from '../ingress/called-zaps.ts'
import { type ApiServices, procedures } from './services.ts'
import { samplesOf } from './zap-samples.ts'
import { problemsOf } from './zap-view.ts'

/** Tests of single steps of a draft, by the same engine that runs everything else. */
export function zapTestProcedures(services: ApiServices) {
  const { database, clock, values } = services

  /** What the steps before the tested one are taken to have given: what the caller says, or what is pinned, or else the newest that is known. */
  async function givenOutputs(
    ids: Iterable<string>,
    samples: Readonly<Record<string, Sample>>,
    said: Readonly<Record<string, Json>>,
  ): Promise<Map<string, string>> {
    const outputs = new Map<string, string>()
    for (const id of ids) {
      const value = Object.hasOwn(said, id) ? said[id] : samples[id]?.value
      if (value !== undefined) outputs.set(id, await values.pack(value))
    }
    return outputs
  }

  return {
    test: procedures.zaps.test.handler(async ({ input, errors }) => {
      const zap = await findZap(database.reader, input.id)
      if (zap === undefined || zap.removedAt !== null) {
        throw errors.NOT_FOUND({ message: `There is no zap ${input.id}.` })
      }
      const step = zap.draft.steps.find((one) => one.id === input.step)
      if (step === undefined) throw errors.NOT_FOUND({ message: `The zap "${zap.name}" has no step "${input.step}".` })
      if (connectorLookup(step.uses)?.kind !== 'action') {
        throw errors.CONFLICT({
          message: `"${nameOf(step)}" cannot be tested: a trigger waits for something to happen.`,
        })
      }
      const broken = problemsOf(zap.draft).filter((problem) => problem.severity === 'structure')
      if (broken.length > 0) throw invalid(broken)
      const part = partUpTo(compileZap(zap.draft, connectorLookup), step.id)
      const trigger = startingTrigger(part.zap)
      if (trigger === undefined) {
        throw errors.CONFLICT({ message: `Nothing leads to "${nameOf(step)}": connect it to a trigger first.` })
      }
      const problems = problemsOf(part.zap)
      if (problems.length > 0) throw invalid(problems)
      const samples = await samplesOf(services, zap)
      const isPinned = (id: string): boolean => samples[id]?.from === 'pinned' && !Object.hasOwn(input.outputs, id)
      const given = [...part.givable.keys()].filter((id) => input.runs === 'only-step' || isPinned(id))
      const outputs = await givenOutputs([trigger.id, ...given], samples, input.outputs)
      const json = outputs.get(trigger.id) ?? 'null'
      const now = clock.now()
      const event = { zapId: zap.id, triggerStepId: trigger.id, dedupeKey: null, json, receivedAt: now }
      const accepted = await database.write((tx) => {
        const version = insertVersion(tx, { zapId: zap.id, kind: 'test', definition: part.zap, now })
        // Only what is stored of an event is read here.
        if (given.length === 0 && input.runs === 'all-before') return acceptEvent(tx, { ...event, version, data: null })
        const { id: eventId } = storeEvent(tx, { ...event, id: newEventId() })
        const runId = firstRunId(eventId)
        beginTest(tx, { runId, zapId: zap.id, version, eventId, givable: part.givable, outputs, now })
        return { eventId, runId }
      })
      services.dispatcher.wake(zap.id)
      services.bus.runsChanged([accepted.runId])
      return { eventId: accepted.eventId, runId: accepted.runId }

      function invalid(found: ReturnType<typeof problemsOf>) {
        const [first] = found
        return errors.INVALID_ZAP({
          message: `"${step === undefined ? '' : nameOf(step)}" cannot be tested yet: ${first?.message ?? ''}`,
          data: { problems: found },
        })
      }
    }),
  }
}

const nameOf = (step: Step): string => step.name ?? connectorLookup(step.uses)?.title ?? step.uses
