import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BulkJob, LeftOut, RunFilter } from '../contract/values.ts'
import { findUnbegunRuns } from '../db/outbox-messages.ts'
import { findAmongReplayed } from '../db/replays.ts'
import { findRuns, listRuns, type RunRange, type RunRow } from '../db/run-rows.ts'
import { newJobId } from '../domain/host/ids.ts'
import { isTerminal, runTransitions, type ShownRunState } from '../domain/runs/states.ts'
import { type ReplayOptions, type RunCommands, RunRefusal } from './run-commands.ts'
import { isInTime, rangeOf } from './run-filter.ts'
import { toIso } from './run-view.ts'
import { procedures, type RunServices } from './services.ts'

/** Runs that are dealt with at once: enough to share commits, few enough that a cancelled job stops soon. */
const CHUNK = 50

/** Jobs that are remembered. */
const KEPT = 20

/** Runs that are read from the history at once. */
const PAGE = 1_000

type Job = { view: BulkJob; stop: boolean }

export function bulkProcedures(services: RunServices, commands: RunCommands) {
  const { database, clock, signals, log, sweeper } = services
  const jobs = new Map<string, Job>()

  function update(job: Job, change: Partial<BulkJob>): void {
    job.view = { ...job.view, ...change }
    signals.emit('bulk:progressed', job.view)
  }

  async function work(job: Job, ids: readonly string[], replay: ReplayOptions): Promise<void> {
    const { action } = job.view
    for (let at = 0; at < ids.length && !job.stop; at += CHUNK) {
      const runs = await runsOf(ids.slice(at, at + CHUNK))
      const results = await Promise.all(
        runs.map(async (run) => {
          try {
            if (action === 'replay') await commands.replay(run, replay)
            else if (isTerminal(runTransitions, run.state)) return false
            else await commands.cancel(run)
            return true
          } catch (error) {
            if (error instanceof RunRefusal) return false
            throw error
          }
        }),
      )
      const done = results.filter((isDone) => isDone).length
      const processed = Math.min(ids.length, at + CHUNK)
      update(job, { processed, skipped: job.view.skipped + (processed - at - done) })
      signals.emit(
        'run:changed',
        runs.map((run) => run.id),
      )
    }
    // Dead letters that were dealt with close their incidents now, not some seconds later.
    await sweeper.runOnce()
    update(job, { state: job.stop ? 'cancelled' : 'done', finishedAt: toIso(clock.now()) })
  }

  /** The runs with these ids, also those that have not begun. */
  async function runsOf(ids: readonly string[]): Promise<RunRow[]> {
    const begun = new Map((await findRuns(database.reader, ids)).map((run) => [run.id, run]))
    const all = await Promise.all(ids.map(async (id) => begun.get(id) ?? commands.find(id)))
    return all.filter((run) => run !== undefined)
  }

  /** Ids of the runs that a filter finds now, the oldest first, as they are replayed in that order. */
  async function idsOf(action: BulkJob['action'], filter: RunFilter): Promise<string[]> {
    const range = rangeOf(filter)
    if (action === 'replay') return idsIn(range)
    const states: readonly ShownRunState[] = range.shown === undefined ? ['running', 'waiting'] : [range.shown]
    const ids = (await Promise.all(states.map((shown) => idsIn({ ...range, shown })))).flat()
    // What has not begun is told as waiting for its turn.
    if (states.includes('waiting')) {
      ids.push(...(await findUnbegunRuns(database.reader, range.zapId)).filter((id) => isInTime(id, range)))
    }
    return ids.sort()
  }

  async function idsIn(range: RunRange): Promise<string[]> {
    const ids: string[] = []
    for (let { before } = range; ; ) {
      const page = await listRuns(database.reader, { ...range, before, limit: PAGE })
      ids.push(...page.map((run) => run.id))
      before = page.at(-1)?.id
      if (page.length < PAGE) return ids.reverse()
    }
  }

  /** The runs that a replay is for, in their order, and how many it leaves out. */
  async function leaveOut(ids: readonly string[], include: readonly LeftOut[]) {
    const kept: string[] = []
    const leftOut = { replayed: 0, tests: 0 }
    for (let at = 0; at < ids.length; at += PAGE) {
      const page = ids.slice(at, at + PAGE)
      const tests = new Set(
        include.includes('tests')
          ? []
          : (await findRuns(database.reader, page)).filter((run) => run.isTest).map((run) => run.id),
      )
      const replayed = include.includes('replayed') ? new Set<string>() : await findAmongReplayed(database.reader, page)
      for (const id of page) {
        if (tests.has(id)) leftOut.tests++
        else if (replayed.has(id)) leftOut.replayed++
        else kept.push(id)
      }
      await nextTurn()
    }
    return { kept, leftOut }
  }

  return {
    start: procedures.bulk.start.handler(async ({ input, errors }) => {
      if ((input.ids === undefined) === (input.filter === undefined)) {
        throw errors.CONFLICT({ message: 'Name either the runs or a filter.' })
      }
      if ((input.filter?.text ?? '') !== '') {
        throw errors.CONFLICT({ message: 'Runs that are found by their text have to be named: search for them first.' })
      }
      const chosen = input.ids ?? (await idsOf(input.action, input.filter ?? {}))
      const { kept: ids, leftOut } =
        input.action === 'replay'
          ? await leaveOut(chosen, input.include)
          : { kept: chosen, leftOut: { replayed: 0, tests: 0 } }
      const job: Job = {
        stop: false,
        view: {
          id: newJobId(),
          action: input.action,
          state: 'running',
          total: ids.length,
          processed: 0,
          skipped: 0,
          leftOut,
          message: null,
          startedAt: toIso(clock.now()),
          finishedAt: null,
        },
      }
      jobs.set(job.view.id, job)
      const oldest = [...jobs.values()].find(({ view }) => view.state !== 'running')
      if (jobs.size > KEPT && oldest !== undefined) jobs.delete(oldest.view.id)
      const { fromFailed, version, include } = input
      const once = !include.includes('replayed')
      work(job, ids, { fromFailed, version, once }).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        log.error('A job over many runs failed.', { job: job.view.id, error: message })
        update(job, { state: 'failed', message, finishedAt: toIso(clock.now()) })
      })
      return job.view
    }),

    cancel: procedures.bulk.cancel.handler(({ input, errors }) => {
      const job = jobs.get(input.id)
      if (job === undefined) throw errors.NOT_FOUND({ message: `There is no job ${input.id}.` })
      job.stop = true
      return job.view
    }),

    list: procedures.bulk.list.handler(() => [...jobs.values()].map((job) => job.view).reverse()),
  }
}
