import { pinSample } from '../db/pinned-samples.ts'
import { findEvent, getEvent, type TriggerEventRow } from '../db/trigger-events.ts'
import { linkEvent } from '../db/webhook-requests.ts'
import { findZap, findZapVersion } from '../db/zaps.ts'
import { firstRunId, newRunId } from '../domain/host/ids.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import { replayRun } from '../engine/run/replay-run.ts'
import { FORMS, webhookPath } from '../ingress/live-triggers.ts'
import { type KeptRequest, type ReadCall, triggerOutputOf } from './kept-request.ts'
import type { InboxServices } from './services.ts'

/** Why something cannot be done with a request, as a sentence for the person who wanted it. */
export class InboxRefusal extends Error {
  override readonly name = 'InboxRefusal'
}

/** Said of a request of which only the line is left. */
export const FORGOTTEN = 'What was sent was deleted with its run, when that was older than the history is kept.'

/** What can be done with a request that the inbox has. All of it may reject with an {@link InboxRefusal}. */
export type InboxCommands = {
  /** Runs a zap with what was sent, and returns the run's id. */
  replay(kept: KeptRequest, to: { zapId?: string | undefined; version?: number | undefined }): Promise<string>
  /** Makes it the example of a webhook trigger. */
  pin(
    kept: KeptRequest,
    to: { zapId?: string | undefined; step?: string | undefined },
  ): Promise<{ zapId: string; step: string }>
  /** The path of a draft's webhook trigger. */
  pathOf(zapId: string, step: string): Promise<string>
}

export function createInboxCommands(services: InboxServices): InboxCommands {
  const { catalogue, database, clock, outbox, pathSecret } = services
  const { reader } = database

  /** The zap that a request came for, or that listens at its path by now. */
  function zapOf({ row }: KeptRequest, wanted: string | undefined): string {
    const claimed = services.liveZaps.current().webhook.find((hook) => hook.path === row.path)
    const zapId = wanted ?? row.zapId ?? claimed?.zapId
    if (zapId === undefined) throw new InboxRefusal(`No zap listens at ${row.path}: choose one.`)
    return zapId
  }

  async function triggersOf(zapId: string, file: ZapFile): Promise<{ id: string; path: string }[]> {
    await catalogue.load(file.steps)
    return file.steps.flatMap((step) => {
      const connector = catalogue.find(step.uses)
      if (connector?.kind !== 'trigger' || connector.source.from !== 'webhook') return []
      const own = typeof step.input.path === 'string' ? step.input.path : null
      return [{ id: step.id, path: webhookPath(own, zapId, step.id, pathSecret) }]
    })
  }

  /** The trigger at the request's path; else the only one that there is. */
  async function triggerFor(zapId: string, file: ZapFile, path: string): Promise<string> {
    const triggers = await triggersOf(zapId, file)
    const trigger = triggers.find((one) => one.path === path) ?? triggers[0]
    if (trigger === undefined) throw new InboxRefusal(`The zap "${file.name}" has no webhook trigger.`)
    return trigger.id
  }

  /** The trigger of an event that no webhook made, such as a form: what was sent is in its event, and in no other shape anywhere. */
  async function ownTrigger(
    zapId: string,
    file: ZapFile,
    event: TriggerEventRow | undefined,
  ): Promise<string | undefined> {
    if (event?.zapId !== zapId) return undefined
    await catalogue.load(file.steps)
    const step = file.steps.find(({ id }) => id === event.triggerStepId)
    const connector = step && catalogue.find(step.uses)
    return connector?.kind === 'trigger' && connector.source.from !== 'webhook' ? step?.id : undefined
  }

  /** How a trigger reads a call, where its service is one that is known. */
  async function readerOf(file: ZapFile, stepId: string): Promise<ReadCall | undefined> {
    await catalogue.load(file.steps)
    const step = file.steps.find(({ id }) => id === stepId)
    const connector = step && catalogue.find(step.uses)
    if (connector?.kind !== 'trigger' || connector.source.from !== 'webhook') return undefined
    const { reads } = connector.source
    if (reads === undefined) return undefined
    // A call may come before its secret is known: that proves the call, and says nothing of what is in it.
    const parsed = [step?.input, { ...step?.input, secret: { $credential: 'later' } }].map(
      (input) => connector.input.safeParse(input).data,
    )
    const input = parsed.find((one) => one !== undefined)
    return input && ((call) => reads.events({ ...call, input }))
  }

  /** Runs once more what an event started, also if that failed or was refused then. */
  async function replay(event: TriggerEventRow, zapId: string, version: number): Promise<string> {
    const runId = newRunId()
    await outbox.resume({ id: runId, zapId }, (tx) => {
      if (getEvent(tx, event.id) === undefined) throw new InboxRefusal(FORGOTTEN)
      const of = { id: firstRunId(event.id), zapId, version, eventId: event.id }
      replayRun(tx, { runId, of, eventId: event.id, version, keeps: [], now: clock.now() })
    })
    return runId
  }

  /** Makes a new event of what was sent, for a zap or a trigger that it has not started yet. */
  async function acceptAnew(
    kept: KeptRequest,
    { zapId, version, file }: { zapId: string; version: number; file: ZapFile },
    triggerStepId: string,
  ): Promise<string> {
    const { id, receivedAt } = kept.row
    const { data, json } = await triggerOutputOf(services, kept, await readerOf(file, triggerStepId))
    const event = { zapId, version, triggerStepId, dedupeKey: null, data, json, receivedAt }
    const { runId } = await outbox.accept(event, (tx, { eventId }) => linkEvent(tx, id, eventId))
    return runId
  }

  return {
    async replay(kept, to) {
      const { row } = kept
      if (kept.isForgotten) throw new InboxRefusal(FORGOTTEN)
      if (kept.body === null || kept.isCut) {
        throw new InboxRefusal('The inbox does not have all of its body, so it cannot be run again.')
      }
      const zapId = zapOf(kept, to.zapId)
      const number = to.version ?? (await findZap(reader, zapId))?.liveVersion ?? null
      if (number === null) throw new InboxRefusal('The zap has no live version: publish it first, or name a version.')
      const version = await findZapVersion(reader, zapId, number)
      if (version === undefined) throw new InboxRefusal(`The zap has no version ${number}.`)
      const event = row.eventId === null ? undefined : await findEvent(reader, row.eventId)
      if (row.path.startsWith(FORMS) && event === undefined) throw new InboxRefusal(FORGOTTEN)
      const trigger =
        (await ownTrigger(zapId, version.definition, event)) ?? (await triggerFor(zapId, version.definition, row.path))
      const isSame = event !== undefined && event.zapId === zapId && event.triggerStepId === trigger
      const runId = isSame
        ? await replay(event, zapId, number)
        : await acceptAnew(kept, { zapId, version: number, file: version.definition }, trigger)
      services.signals.emit('inbox:received')
      return runId
    },

    async pin(kept, to) {
      if (kept.isForgotten) throw new InboxRefusal(FORGOTTEN)
      const zapId = zapOf(kept, to.zapId)
      const zap = await findZap(reader, zapId)
      if (zap === undefined) throw new InboxRefusal('The zap does not exist any more.')
      const step = to.step ?? (await triggerFor(zapId, zap.draft, kept.row.path))
      const { json } = await triggerOutputOf(services, kept, await readerOf(zap.draft, step))
      await database.write((tx) =>
        pinSample(tx, { zapId, stepId: step, data: json, origin: 'request', runId: null, now: clock.now() }),
      )
      services.signals.emit('zaps:changed', [zapId])
      return { zapId, step }
    },

    async pathOf(zapId, step) {
      const zap = await findZap(reader, zapId)
      const trigger = zap && (await triggersOf(zapId, zap.draft)).find((one) => one.id === step)
      if (trigger === undefined) throw new InboxRefusal('The zap has no such webhook trigger any more.')
      return trigger.path
    },
  }
}
