import { findPinnedSamples } from '../db/pinned-samples.ts'
import { findZapVersion, type ZapRow } from '../db/zaps.ts'
import type { Json } from '../domain/values/json.ts'
import { adoptReferences } from '../domain/values/large-value.ts'
import { compileZap } from '../domain/zap/graph.ts'
import { wholeZap } from '../domain/zap/part-of-zap.ts'
import type { Stepping } from '../domain/zap/stepping.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import type { GivenOutput } from '../engine/run/begin-test.ts'
import { startingTrigger } from '../outbox/called-zaps.ts'
import { beginDraftRun } from './begin-draft-run.ts'
import { requireReviewed, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { notPublished, noZap } from './zap-refusals.ts'
import { triggerSample } from './zap-samples.ts'
import { problemsOf } from './zap-view.ts'

/** Runs of whole zaps that a person starts. */
export function zapRunProcedures(services: ZapServices) {
  const { database, clock, values } = services
  const { reader } = database

  /** Runs the draft with what is pinned in place of the steps to which it is pinned. */
  async function runDraft(
    zap: ZapRow,
    start: { triggerId: string; trigger: GivenOutput | null; json: string; stepping: Stepping | null },
  ) {
    const part = wholeZap(compileZap(zap.draft, services.catalogue.info))
    const given = new Map<string, GivenOutput>()
    if (start.trigger !== null) given.set(start.triggerId, start.trigger)
    for (const [id, { data }] of await findPinnedSamples(reader, zap.id)) {
      if (part.givable.has(id)) given.set(id, { output: await values.pack(await values.unpack(data)), from: 'pinned' })
    }
    const trigger = { id: start.triggerId, output: start.json }
    return beginDraftRun(services, { zap, part, trigger, given, stepping: start.stepping })
  }

  async function runLive(zap: ZapRow, version: number, start: { triggerId: string; data: Json; json: string }) {
    const { eventId, runId } = await services.outbox.accept({
      zapId: zap.id,
      version,
      triggerStepId: start.triggerId,
      dedupeKey: null,
      data: start.data,
      json: start.json,
      receivedAt: clock.now(),
      runsHere: true,
    })
    return { eventId, runId }
  }

  return {
    run: procedures.zaps.run
      .use(requireZap(services))
      .use(requireReviewed)
      .handler(async ({ input, errors, context: { zap } }) => {
        const isLive = input.source === 'live'
        if (isLive && zap.liveVersion === null) {
          throw errors.CONFLICT({ message: `The zap "${zap.name}" was never published: publish it first.` })
        }
        if (isLive && input.stepping !== undefined) {
          throw errors.CONFLICT({ message: 'Only a test of the draft can be stepped through, not what is live.' })
        }
        const definition: ZapFile | undefined = isLive
          ? (await findZapVersion(reader, zap.id, zap.liveVersion ?? 0))?.definition
          : zap.draft
        if (definition === undefined) throw errors.NOT_FOUND({ message: noZap(input.id) })
        const problems = isLive ? [] : await problemsOf(services, definition)
        if (problems.length > 0) throw errors.INVALID_ZAP({ message: notPublished(zap, problems), data: { problems } })
        const trigger = startingTrigger(services.catalogue.info, definition, input.trigger)
        if (trigger === undefined) {
          throw errors.CONFLICT({
            message: `The zap "${zap.name}" has no trigger${input.trigger ? ` "${input.trigger}"` : ''}.`,
          })
        }
        // Input from the caller is an event like any other; a sample is only taken for one.
        const known = await triggerSample(services, zap.id, trigger)
        const sample = input.input === undefined ? known : undefined
        const data = input.input === undefined ? known.value : adoptReferences(input.input, [known.value])
        const json = await values.pack(data)
        const triggerId = trigger.id
        if (isLive) return runLive(zap, zap.liveVersion ?? 0, { triggerId, data, json })
        const taken = sample === undefined ? null : { output: json, from: sample.from }
        return runDraft(zap, { triggerId, trigger: taken, json, stepping: input.stepping ?? null })
      }),
  }
}
