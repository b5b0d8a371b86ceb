import { hasReplay } from '../db/replays.ts'
import { findAnyRun, type RunRow } from '../db/run-rows.ts'
import { getRunState } from '../db/runs.ts'
import { findEvent, storeEvent } from '../db/trigger-events.ts'
import { findZap } from '../db/zaps.ts'
import { newEventId, newRunId } from '../domain/host/ids.ts'
import { isTerminal, runTransitions } from '../domain/runs/states.ts'
import type { Json } from '../domain/values/json.ts'
import { adoptReferences } from '../domain/values/large-value.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import { replayRun, unchangedSteps } from '../engine/run/replay-run.ts'
import type { RunServices } from './services.ts'

/** How a run is to be repeated; see `runs.replay` in the contract. */
export type ReplayOptions = {
  readonly fromFailed: boolean
  readonly version: 'same' | 'newest'
  readonly input?: Json | undefined
  /** Refuses a run that was replayed meanwhile. */
  readonly once?: boolean
}

/** Why something cannot be done with a run, as a sentence for the person who wanted it. */
export class RunRefusal extends Error {
  override readonly name = 'RunRefusal'
}

/** What can be done with a run, for every caller: the screens, the command line, or a job over many runs. */
export type RunCommands = {
  /** A run, also one whose event was accepted and that waits for the dispatcher. */
  find(id: string): Promise<RunRow | undefined>
  /** Ends a run wherever it is: under way, waiting, or not begun. The runs that it called and waits for end with it. */
  cancel(run: RunRow): Promise<void>
  /** Puts the repetition of an ended run into the queue and returns its id. Rejects with a {@link RunRefusal}. */
  replay(run: RunRow, options: ReplayOptions): Promise<string>
}

export function createRunCommands(services: RunServices): RunCommands {
  const { database, clock, outbox, versions } = services

  async function replay(run: RunRow, options: ReplayOptions): Promise<string> {
    const { zapId, eventId } = run
    if (!isTerminal(runTransitions, run.state) && run.state !== 'needs-review') {
      throw new RunRefusal(`The run ${run.id} has not ended: cancel it first, or wait for it.`)
    }
    if (options.fromFailed && run.state === 'succeeded') {
      throw new RunRefusal(`The run ${run.id} succeeded, so there is no failed step to begin from.`)
    }
    if (options.fromFailed && options.input !== undefined) {
      throw new RunRefusal('With edited data a run begins from its start: leave one of the two out.')
    }
    const version = options.version === 'same' ? run.version : await liveVersion(zapId)
    const event = options.input === undefined ? undefined : await findEvent(database.reader, eventId)
    const edited =
      options.input === undefined ? null : adoptReferences(options.input, [fromStored(event?.data ?? 'null')])
    const json = options.input === undefined ? null : await services.values.pack(edited)
    const runId = newRunId()
    const now = clock.now()
    await outbox.resume({ id: runId, zapId }, (tx) => {
      if (getRunState(tx, run.id) === undefined) {
        throw new RunRefusal(`The run ${run.id} was deleted meanwhile, with the old history.`)
      }
      if (options.once === true && hasReplay(tx, run.id)) {
        throw new RunRefusal(`The run ${run.id} was replayed meanwhile.`)
      }
      const next = versions.get(tx, zapId, version)
      if (!next.triggers.includes(run.triggerStepId)) {
        throw new RunRefusal(
          `Version ${version} of the zap has no trigger "${run.triggerStepId}", with which this run began.`,
        )
      }
      const keeps = options.fromFailed ? unchangedSteps(versions.get(tx, zapId, run.version), next) : []
      const isEdited = json !== null && event !== undefined
      const own = isEdited
        ? storeEvent(tx, {
            id: newEventId(),
            zapId,
            triggerStepId: run.triggerStepId,
            dedupeKey: null,
            json,
            receivedAt: event.receivedAt,
          }).id
        : eventId
      replayRun(tx, { runId, of: run, eventId: own, version, keeps, now })
    })
    return runId
  }

  async function liveVersion(zapId: string): Promise<number> {
    const live = (await findZap(database.reader, zapId))?.liveVersion ?? null
    if (live === null) throw new RunRefusal('The zap has no live version: publish it first.')
    return live
  }

  return {
    find: (id) => findAnyRun(database.reader, id),
    cancel: (run) => outbox.stopRun(run, 'cancelled'),
    replay,
  }
}
