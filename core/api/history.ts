import { readSpace } from '../db/database-space.ts'
import { findDeletedUpTo } from '../db/old-runs.ts'
import { findWorkerOf } from '../db/relayed-messages.ts'
import { countRuns, findOldestRun } from '../db/run-rows.ts'
import { timeOfId } from '../domain/host/ids.ts'
import { parseDuration } from '../domain/time/duration.ts'
import { BusyError } from '../upkeep/history-keeper.ts'
import { historyJobView } from './event-bus.ts'
import { toIso } from './run-view.ts'
import { type HostServices, procedures, type RunServices } from './services.ts'

const msOf = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDuration(duration)

/** Why a run is not here: another host of the fleet has it. Undefined where none has. */
export async function runElsewhere(
  { database }: Pick<RunServices, 'database'>,
  id: string,
): Promise<string | undefined> {
  const worker = await findWorkerOf(database.reader, id)
  if (worker === undefined) return undefined
  return `The run ${id} is on the host "${worker}" of the fleet: it is shown under Fleet, and what is done with it is done on that host.`
}

/** Why a run is not there: another host of the fleet has it, it was deleted for its age, or there never was one with this id. */
export async function missingRun(services: Pick<RunServices, 'database' | 'history'>, id: string): Promise<string> {
  const elsewhere = await runElsewhere(services, id)
  if (elsewhere !== undefined) return elsewhere
  const { database, history } = services
  const newest = await findDeletedUpTo(database.reader)
  const began = timeOfId(id)
  if (newest === undefined || began === undefined || id > newest) return `There is no run ${id}.`
  const { keepSucceededDays, keepFailedDays } = history.settings()
  const days = (count: number): string => (count === 0 ? 'for ever' : `for ${count} ${count === 1 ? 'day' : 'days'}`)
  return (
    `The run ${id} was deleted with the old history. It began on ${toIso(began).slice(0, 10)}; runs that succeeded are kept ` +
    `${days(keepSucceededDays)}, those that failed ${days(keepFailedDays)} (Settings, History).`
  )
}

export function historyProcedures({ database, history, blobs, settings }: HostServices) {
  return {
    get: procedures.history.get.handler(async () => {
      const [runs, oldest, space, sizes] = await Promise.all([
        countRuns(database.reader),
        findOldestRun(database.reader),
        readSpace(database),
        blobs.list(),
      ])
      const job = history.job()
      return {
        settings: history.settings(),
        runs,
        since: oldest === undefined ? null : toIso(oldest.startedAt),
        databaseBytes: space.bytes,
        freeBytes: space.freeBytes,
        canShrink: space.canShrink,
        blobs: { count: sizes.size, bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) },
        job: job === null ? null : historyJobView(job),
      }
    }),

    setSettings: procedures.history.setSettings.handler(async ({ input }) => {
      await settings.change('history', input)
      return history.settings()
    }),

    count: procedures.history.count.handler(async ({ input }) => ({
      runs: await history.count(msOf(input.olderThan)),
    })),

    prune: procedures.history.prune.handler(async ({ input, errors }) => {
      const job = await history.prune(msOf(input.olderThan)).catch((error: unknown) => {
        throw error instanceof BusyError ? errors.CONFLICT({ message: error.message }) : error
      })
      return historyJobView(job)
    }),

    shrink: procedures.history.shrink.handler(async ({ errors }) => {
      if (!(await readSpace(database)).canShrink) {
        const message =
          'Another program has rewritten this database, so its unused space cannot be given back while Hookline runs; new runs take it first.'
        throw errors.CONFLICT({ message })
      }
      const job = await history.shrink().catch((error: unknown) => {
        throw error instanceof BusyError ? errors.CONFLICT({ message: error.message }) : error
      })
      return historyJobView(job)
    }),

    stop: procedures.history.stop.handler(({ errors }) => {
      const job = history.stopJob()
      if (job === null) throw errors.CONFLICT({ message: 'Nothing is under way that could be stopped.' })
      return historyJobView(job)
    }),
  }
}
