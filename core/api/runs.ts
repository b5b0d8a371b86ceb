import type { RunSummary } from '../contract/values.ts'
import { findAttempts } from '../db/attempts.ts'
import { cancelMessages, hasLeasedMessage, insertMessage } from '../db/outbox-messages.ts'
import {
  findQueuedRun,
  findRun,
  getRunState,
  insertReplay,
  insertRun,
  listRuns,
  moveRun,
  type RunRow,
} from '../db/runs.ts'
import { copyFinishedSteps, findStepRuns, skipOpenSteps } from '../db/step-runs.ts'
import { findEvent } from '../db/trigger-events.ts'
import { newRunId } from '../domain/ids.ts'
import { isTerminal, runTransitions } from '../domain/states.ts'
import { runDetail, runSummary } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

const MAX_LOOKS = 5

export function runProcedures(services: ApiServices) {
  const { database, clock } = services

  /**
   * Ends a run wherever it is: under way here, or waiting. It may pass from one to the other meanwhile (its retry comes due, or its
   * call ends with a retry to come), so this looks again until it has ended.
   */
  async function cancel(run: RunRow): Promise<void> {
    const { id } = run
    for (let looks = 1; ; looks++) {
      await services.dispatcher.cancel(id)
      const now = clock.now()
      const isOver = await database.write((tx) => {
        let state = getRunState(tx, id)
        if (state === undefined && cancelMessages(tx, id, now) > 0) {
          // It was accepted and never begun: the history gets a line that says what became of it.
          insertRun(tx, { ...run, now: run.startedAt })
          state = 'running'
        }
        if (state === undefined || isTerminal(runTransitions, state)) return true
        // A lease that nobody works under (its worker could not write) is not waited for: it ends by finding the run cancelled.
        if (looks < MAX_LOOKS && hasLeasedMessage(tx, id)) return false
        cancelMessages(tx, id, now)
        skipOpenSteps(tx, id, now)
        // A run that waits for a person's word is stopped by it: that counts as failed.
        const to = state === 'needs-review' ? 'failed' : 'cancelled'
        return moveRun(tx, id, to, { reason: 'Cancelled by you.', finishedAt: now, resumesAt: null })
      })
      if (isOver) return
    }
  }

  /** A run, also one whose event was accepted and that waits for the dispatcher. */
  async function find(id: string): Promise<RunRow | undefined> {
    // The other way round it could begin between the two looks.
    const queued = await findQueuedRun(database.reader, id)
    return (await findRun(database.reader, id)) ?? queued
  }

  return {
    list: procedures.runs.list.handler(async ({ input }) => {
      const rows = await listRuns(database.reader, {
        zapId: input.zapId,
        state: input.status,
        before: input.cursor,
        limit: input.limit + 1,
      })
      const page = rows.slice(0, input.limit)
      return { runs: page.map(runSummary), next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null }
    }),

    get: procedures.runs.get.handler(async ({ input, errors }) => {
      const run = await find(input.id)
      const event = run === undefined ? undefined : await findEvent(database.reader, run.eventId)
      if (run === undefined || event === undefined) throw errors.NOT_FOUND({ message: noRun(input.id) })
      const zap = await database.write((tx) => services.versions.get(tx, run.zapId, run.version))
      const [journal, attempts] = await Promise.all([
        findStepRuns(database.reader, run.id),
        findAttempts(database.reader, run.id),
      ])
      return runDetail(run, zap, event, journal, attempts)
    }),

    replay: procedures.runs.replay.handler(async ({ input, errors }) => {
      const run = await find(input.id)
      if (run === undefined) throw errors.NOT_FOUND({ message: noRun(input.id) })
      if (!isTerminal(runTransitions, run.state) && run.state !== 'needs-review') {
        throw errors.CONFLICT({ message: `The run ${run.id} has not ended: cancel it first, or wait for it.` })
      }
      if (input.fromFailed && run.state === 'succeeded') {
        throw errors.CONFLICT({ message: `The run ${run.id} succeeded, so there is no failed step to begin from.` })
      }
      const runId = newRunId()
      const now = clock.now()
      await database.write((tx) => {
        insertReplay(tx, { id: runId, of: run.id, now })
        if (input.fromFailed) copyFinishedSteps(tx, run.id, runId)
        const { zapId, version, eventId } = run
        insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId, availableAt: now, now })
      })
      services.dispatcher.wake(run.zapId)
      services.bus.runsChanged([runId])
      return { runId }
    }),

    cancel: procedures.runs.cancel.handler(async ({ input, errors }): Promise<RunSummary> => {
      const run = await find(input.id)
      if (run === undefined) throw errors.NOT_FOUND({ message: noRun(input.id) })
      if (isTerminal(runTransitions, run.state)) {
        throw errors.CONFLICT({ message: `The run ${run.id} has ended already (${run.state}).` })
      }
      await cancel(run)
      services.bus.runsChanged([run.id])
      return runSummary((await find(input.id)) ?? run)
    }),
  }
}

const noRun = (id: string): string => `There is no run ${id}.`
