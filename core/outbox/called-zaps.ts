import type { ZapCalls } from '../connectors/action-context.ts'
import type { Catalogue } from '../connectors/catalogue.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import { findRun } from '../db/run-rows.ts'
import { findStepRuns } from '../db/step-runs.ts'
import { findZapByIdOrName, findZapVersion, isZapEnabled } from '../db/zaps.ts'
import type { AcceptedEvent, IncomingEvent } from '../domain/runs/incoming-event.ts'
import { reasonText } from '../domain/runs/run-reason.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import type { ConnectorLookup } from '../domain/zap/connector-info.ts'
import { compileZap } from '../domain/zap/graph.ts'
import { lastOutput } from '../domain/zap/last-output.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'

/** Calls that may lie above one another: zaps that call themselves would go on for ever. */
const MAX_DEPTH = 20

/** The step that calls, and its key: the same key starts the same run. */
export type Caller = { readonly runId: string; readonly depth: number; readonly key: string }

/** Lets steps run other zaps: a call is an event like any other, so nothing of it is lost. */
export function createCalledZaps(config: {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly clock: Clock
  readonly values: {
    /** What is stored of a value. */
    pack(value: Json): string | Promise<string>
    /** Turns what is stored back into the value. */
    unpack(text: string): Promise<Json>
  }
  /** As `outbox.accept`. */
  accept(event: IncomingEvent, along: (tx: Tx, accepted: AcceptedEvent) => void): Promise<AcceptedEvent>
}): (caller: Caller) => ZapCalls {
  const { catalogue, database, clock } = config

  async function start(caller: Caller, idOrName: string, input: Json): Promise<{ runId: string }> {
    const zap = await findZapByIdOrName(database.reader, idOrName)
    if (zap === undefined) throw refused(`There is no zap "${idOrName}"; choose another one.`)
    if (zap.liveVersion === null) throw refused(`The zap "${zap.name}" was never published: publish it first.`)
    if (caller.depth >= MAX_DEPTH) {
      throw refused(`Zaps called each other ${MAX_DEPTH} times deep; let one of them end without calling the next.`)
    }
    const version = await findZapVersion(database.reader, zap.id, zap.liveVersion)
    const trigger = version === undefined ? undefined : startingTrigger(catalogue.info, version.definition)
    if (version === undefined || trigger === undefined) throw refused(`The zap "${zap.name}" has no trigger.`)
    const json = await config.values.pack(input)
    const event = {
      zapId: zap.id,
      version: version.number,
      triggerStepId: trigger.id,
      dedupeKey: `call:${caller.key}`,
      data: input,
      json,
      receivedAt: clock.now(),
      caller,
    }
    const { runId } = await config.accept(event, (tx, { isDuplicate }) => {
      // What was called before it was switched off goes on, also when a crash makes this step ask again.
      if (!isDuplicate && !isZapEnabled(tx, zap.id)) {
        throw refused(`The zap "${zap.name}" is switched off: switch it on.`)
      }
    })
    return { runId }
  }

  async function result(runId: string): Promise<Awaited<ReturnType<ZapCalls['result']>>> {
    const run = await findRun(database.reader, runId)
    if (run === undefined) return undefined
    const { state: status } = run
    const reason = run.reason === null ? null : reasonText(run.reason)
    if (status !== 'succeeded' && status !== 'failed' && status !== 'cancelled') return undefined
    if (status !== 'succeeded') return { status, reason, output: null }
    const version = await findZapVersion(database.reader, run.zapId, run.version)
    if (version === undefined) return { status, reason, output: null }
    const zap = compileZap(version.definition, catalogue.info)
    const outcomes = new Map<string, { ports: readonly string[]; output: Json }>()
    for (const row of await findStepRuns(database.reader, runId)) {
      if (row.scope !== '' || row.ports === null) continue
      outcomes.set(row.stepId, {
        ports: JSON.parse(row.ports),
        output: row.output === null ? null : fromStored(row.output),
      })
    }
    const output = lastOutput(zap, null, (stepId) => outcomes.get(stepId))
    return { status, reason, output: await config.values.unpack(toStored(output)) }
  }

  return (caller) => ({ start: (zap, input) => start(caller, zap, input), result })
}

/** The trigger that starts a zap by hand or by a call: the named one; else its `manual.run`, or else its first. */
export function startingTrigger(lookup: ConnectorLookup, zap: ZapFile, wanted?: string): Step | undefined {
  const triggers = zap.steps.filter((step) => lookup(step.uses)?.kind === 'trigger')
  if (wanted !== undefined) return triggers.find((step) => step.id === wanted)
  return triggers.find((step) => step.uses === 'manual.run') ?? triggers[0]
}

function refused(message: string): StepError {
  return new StepError({ code: 'zap-call', message, retryable: false })
}
