import { storeEvent } from '../db/trigger-events.ts'
import type { ZapRow } from '../db/zaps.ts'
import { insertVersion } from '../db/zaps.ts'
import { firstRunId, newEventId } from '../domain/host/ids.ts'
import type { PartOfZap } from '../domain/zap/part-of-zap.ts'
import type { Stepping } from '../domain/zap/stepping.ts'
import { beginTest, type GivenOutput } from '../engine/run/begin-test.ts'
import type { RunningServices } from './services.ts'

/** A run of a draft, or of a part of it. */
export type DraftRun = {
  readonly zap: ZapRow
  readonly part: PartOfZap
  /** The trigger's id, and its output as stored text. */
  readonly trigger: { readonly id: string; readonly output: string }
  /** What steps are taken to have given, the trigger among them where that is not an event of its own. */
  readonly given: ReadonlyMap<string, GivenOutput>
  readonly stepping: Stepping | null
}

/** Puts a run of a draft into the queue, on a version that holds what is run. */
export async function beginDraftRun(
  { clock, outbox }: RunningServices,
  { zap, part, trigger, given, stepping }: DraftRun,
): Promise<{ eventId: string; runId: string }> {
  const now = clock.now()
  const eventId = newEventId()
  const runId = firstRunId(eventId)
  await outbox.resume({ id: runId, zapId: zap.id }, (tx) => {
    const version = insertVersion(tx, { zapId: zap.id, kind: 'test', definition: part.zap, now })
    storeEvent(tx, {
      id: eventId,
      zapId: zap.id,
      triggerStepId: trigger.id,
      dedupeKey: null,
      json: trigger.output,
      receivedAt: now,
    })
    beginTest(tx, { runId, zapId: zap.id, version, eventId, givable: part.givable, given, stepping, now })
  })
  return { eventId, runId }
}
