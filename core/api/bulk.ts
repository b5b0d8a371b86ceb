import type { BulkJob } from '../contract/values.ts'
import { findRuns, listRuns } from '../db/runs.ts'
import { newJobId } from '../domain/ids.ts'
import { isTerminal, type RunState, runTransitions } from '../domain/states.ts'
import { type ReplayOptions, type RunCommands, RunRefusal } from './run-commands.ts'
import { toIso } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

/** Runs that are dealt with at once: enough to share commits, few enough that a cancelled job stops soon. */
const CHUNK = 50

/** Jobs that are remembered. */
const KEPT = 20

type Job = { view: BulkJob; stop: boolean }

export function bulkProcedures(services: ApiServices, commands: RunCommands) {
  const { database, clock, bus, log } = services
  const jobs = new Map<string, Job>()

  function update(job: Job, change: Partial<BulkJob>): void {
    job.view = { ...job.view, ...change }
    bus.bulkChanged(job.view)
  }

  async function work(job: Job, ids: readonly string[], replay: ReplayOptions): Promise<void> {
    const { action } = job.view
    for (let at = 0; at < ids.length && !job.stop; at += CHUNK) {
      const runs = await findRuns(database.reader, ids.slice(at, at + CHUNK))
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
      bus.runsChanged(runs.map((run) => run.id))
    }
    update(job, { state: job.stop ? 'cancelled' : 'done', finishedAt: toIso(clock.now()) })
  }

  /** Ids of the runs that a filter finds now, the oldest first, as they are replayed in that order. */
  async function idsOf(filter: { zapId?: string | undefined; status?: RunState | undefined }): Promise<string[]> {
    const ids: string[] = []
    for (let before: string | undefined; ; ) {
      const page = await listRuns(database.reader, { zapId: filter.zapId, state: filter.status, before, limit: 1_000 })
      ids.push(...page.map((run) => run.id))
      before = page.at(-1)?.id
      if (page.length < 1_000) return ids.reverse()
    }
  }

  return {
    start: procedures.bulk.start.handler(async ({ input, errors }) => {
      if ((input.ids === undefined) === (input.filter === undefined)) {
        throw errors.CONFLICT({ message: 'Name either the runs or a filter.' })
      }
      const ids = input.ids ?? (await idsOf(input.filter ?? {}))
      const job: Job = {
        stop: false,
        view: {
          id: newJobId(),
          action: input.action,
          state: 'running',
          total: ids.length,
          processed: 0,
          skipped: 0,
          message: null,
          startedAt: toIso(clock.now()),
          finishedAt: null,
        },
      }
      jobs.set(job.view.id, job)
      const oldest = jobs.keys().next()
      if (jobs.size > KEPT && !oldest.done) jobs.delete(oldest.value)
      const { fromFailed, version } = input
      work(job, ids, { fromFailed, version }).catch((error: unknown) => {
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
