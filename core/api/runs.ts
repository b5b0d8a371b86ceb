import type { RunSummary } from '../contract/values.ts'
import { findApprovals } from '../db/approvals.ts'
import { findAttempts } from '../db/attempts.ts'
import { countFileChanges } from '../db/file-changes.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { findReplays } from '../db/replays.ts'
import { findRuns, listRuns, type RunRow } from '../db/run-rows.ts'
import { findAmongRuns } from '../db/run-search.ts'
import { endWaits, findShownStepRuns, findStepRun } from '../db/step-runs.ts'
import { findTestRun } from '../db/test-runs.ts'
import { findEvent } from '../db/trigger-events.ts'
import { findVersionName, findZap } from '../db/zaps.ts'
import { isTerminal, runTransitions } from '../domain/runs/states.ts'
import { textPattern } from '../domain/templates/text-pattern.ts'
import { goOn } from '../engine/run/paused-steps.ts'
import { resolveRun } from '../engine/run/resolve-run.ts'
import type { PutBackResult } from '../files/put-back.ts'
import { missingRun } from './history.ts'
import { requireRun } from './require.ts'
import { type RunCommands, RunRefusal } from './run-commands.ts'
import { rangeOf } from './run-filter.ts'
import { fileChangeView, runDetail, runSummaries, toIsoOrNull } from './run-view.ts'
import { searchRuns } from './search-runs.ts'
import { procedures, type RunServices } from './services.ts'

/** Whether none of its steps is at work. */
const isOver = ({ state }: RunRow): boolean => isTerminal(runTransitions, state) || state === 'needs-review'

const underWay = ({ id }: RunRow): string => `The run ${id} is under way: wait until it has ended, or cancel it.`

export function runProcedures(services: RunServices, commands: RunCommands) {
  const { catalogue, database, clock, outbox, versions, signals } = services
  const { reader } = database
  const runOf = requireRun(services)

  async function summaryOf(run: RunRow): Promise<RunSummary> {
    const [summary] = await runSummaries(reader, [run])
    if (summary === undefined) throw new Error(`the run ${run.id} has no summary`)
    return summary
  }

  async function summaryNow(run: RunRow): Promise<RunSummary> {
    return summaryOf((await commands.find(run.id)) ?? run)
  }

  /** Puts files of a run back, or does it again, after what was cut off of that is found out. */
  async function changeFiles({ id }: RunRow, change: () => Promise<PutBackResult>) {
    await services.putBack.reconcile(id)
    const { changes, count, failed } = await change()
    signals.emit('run:changed', [id])
    return {
      changes: changes.map(fileChangeView),
      count,
      failed: [...failed].map(([key, message]) => ({ key, message })),
    }
  }

  return {
    list: procedures.runs.list.handler(async ({ input }) => {
      const { text = '', limit, cursor } = input
      const range = rangeOf(input, cursor)
      if (text !== '') {
        const { ids, next, searchedTo } = await searchRuns(reader, range, textPattern(text), limit)
        const runs = (await findRuns(reader, ids)).sort((a, b) => (a.id < b.id ? 1 : -1))
        return { runs: await runSummaries(reader, runs), next, searchedTo: toIsoOrNull(searchedTo) }
      }
      const rows = await listRuns(reader, { ...range, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const next = rows.length > page.length ? (page.at(-1)?.id ?? null) : null
      return { runs: await runSummaries(reader, page), next, searchedTo: null }
    }),

    matching: procedures.runs.matching.handler(async ({ input: { ids, filter } }) => {
      const { text = '' } = filter
      return { ids: await findAmongRuns(reader, ids, rangeOf(filter), text === '' ? undefined : textPattern(text)) }
    }),

    get: procedures.runs.get.use(runOf).handler(async ({ errors, context: { run } }) => {
      const event = await findEvent(reader, run.eventId)
      // Deleted between the two.
      if (event === undefined) throw errors.NOT_FOUND({ message: await missingRun(services, run.id) })
      const [zap, journal, attempts, approvals, owner, test, versionName, replays, filesChanged] = await Promise.all([
        database
          .write((tx) => versions.get(tx, run.zapId, run.version))
          .catch((error: unknown) => {
            const why = error instanceof Error ? error.message : String(error)
            const message = `The version ${run.version} of the zap "${run.zapName}", on which this run was started, cannot be read: ${why}`
            throw errors.CONFLICT({ message })
          }),
        findShownStepRuns(reader, run.id),
        findAttempts(reader, run.id),
        findApprovals(reader, run.id),
        findZap(reader, run.zapId),
        findTestRun(reader, run.id),
        findVersionName(reader, run.zapId, run.version),
        findReplays(reader, [run.id]),
        countFileChanges(reader, run.id),
      ])
      const liveVersion = owner?.liveVersion ?? null
      return runDetail({
        run,
        replays: replays.get(run.id),
        zap,
        event,
        journal,
        attempts,
        approvals,
        answerLink: services.answerLink,
        test,
        versionName,
        liveVersion,
        filesChanged,
      })
    }),

    value: procedures.runs.value
      .use(runOf)
      .handler(async ({ input: { id, step, scope, of }, errors, context: { run } }) => {
        const isTrigger = run.triggerStepId === step && scope === ''
        const row = isTrigger ? undefined : await findStepRun(reader, { runId: id, stepId: step, scope })
        const text = isTrigger && of === 'output' ? (await findEvent(reader, run.eventId))?.data : row?.[of]
        if (text == null) {
          const verb = of === 'input' ? 'got' : 'returned'
          throw errors.NOT_FOUND({ message: `The step "${step}" ${verb} nothing in the run ${id}.` })
        }
        return services.values.unpack(text)
      }),

    files: procedures.runs.files.use(runOf).handler(async ({ context: { run } }) => {
      if (isOver(run)) await services.putBack.reconcile(run.id)
      return { changes: (await services.putBack.see(run.id)).map(fileChangeView) }
    }),

    putBack: procedures.runs.putBack.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      if (!isOver(run)) throw errors.CONFLICT({ message: underWay(run) })
      const { count, ...result } = await changeFiles(run, () => services.putBack.putBack(run.id, input))
      return { ...result, putBack: count }
    }),

    redoFiles: procedures.runs.redoFiles.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      if (!isOver(run)) throw errors.CONFLICT({ message: underWay(run) })
      const { count, ...result } = await changeFiles(run, () => services.putBack.redo(run.id, input))
      return { ...result, redone: count }
    }),

    replay: procedures.runs.replay.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      const runId = await commands.replay(run, input).catch((error: unknown) => {
        throw error instanceof RunRefusal ? errors.CONFLICT({ message: error.message }) : error
      })
      // Its dead letters count as dealt with: their incident closes now, not some seconds later.
      await services.sweeper.runOnce()
      services.signals.emit('run:changed', [run.id])
      return { runId }
    }),

    cancel: procedures.runs.cancel.use(runOf).handler(async ({ errors, context: { run } }) => {
      if (isTerminal(runTransitions, run.state)) {
        throw errors.CONFLICT({ message: `The run ${run.id} has ended already (${run.state}).` })
      }
      await commands.cancel(run)
      services.signals.emit('run:changed', [run.id])
      const now = await commands.find(run.id)
      if (now?.reason?.code === 'queued') {
        throw errors.CONFLICT({
          message: `The run ${run.id} is on its way to another host of the fleet: cancel it there, once that has it.`,
        })
      }
      return summaryOf(now ?? run)
    }),

    resolve: procedures.runs.resolve.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      if (run.state !== 'needs-review') {
        throw errors.CONFLICT({ message: `The run ${run.id} does not need review: it is ${run.state}.` })
      }
      const { choice, output = {} } = input
      const now = clock.now()
      if (choice === 'stop') {
        await outbox.failIdleRun(run.id, { code: 'stopped', was: run.reason?.code === 'stopped' ? null : run.reason })
        services.signals.emit('run:changed', [run.id])
        return summaryNow(run)
      }
      const resolution = choice === 'run-again' ? { choice } : { choice, output }
      const zap = await database.write((tx) => versions.get(tx, run.zapId, run.version))
      await catalogue.load(zap.file.steps)
      const isResolved = await outbox.resume(run, (tx) => resolveRun(catalogue, tx, run, zap, resolution, now))
      if (!isResolved) {
        throw errors.CONFLICT({ message: `No step of the run ${run.id} was cut off: run it again, or stop it.` })
      }
      await services.sweeper.runOnce()
      return summaryNow(run)
    }),

    goOn: procedures.runs.goOn.use(runOf).handler(async ({ input, errors, context: { run } }) => {
      const { step: stepId, scope, stepping } = input
      const goesOn = await outbox.resume(run, (tx) => goOn(tx, { run, stepId, scope }, stepping, clock.now()))
      if (!goesOn) {
        throw errors.CONFLICT({ message: `The run ${run.id} does not stand before the step "${stepId}" (any more).` })
      }
      return summaryNow(run)
    }),

    resumeNow: procedures.runs.resumeNow.use(runOf).handler(async ({ errors, context: { run } }) => {
      const now = clock.now()
      const woken = await outbox.resume(run, (tx) => {
        const steps = endWaits(tx, run.id, ['retry', 'time', 'network'], now)
        if (steps > 0) wakeMessage(tx, run.id, now)
        return steps
      })
      if (woken === 0) {
        throw errors.CONFLICT({ message: `The run ${run.id} does not wait for a time: there is nothing to hasten.` })
      }
      return summaryNow(run)
    }),
  }
}
