import type { Database } from '../../db/open.ts'
import { deleteWatch, getWatches } from '../../db/watched-files.ts'
import { isZapEnabled } from '../../db/zaps.ts'
import type { Log } from '../../domain/host/log.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { FolderRules } from '../../files/allowed-folders.ts'
import { existingPlace } from '../../files/places.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import { createWorkThread } from '../../threads/work-thread.ts'
import type { FolderSharing } from './folder-sharing.ts'
import { type FolderWatch, type LiveFolderWatch, watchFolder } from './folder-watch.ts'

/** Watches folders for the triggers of zaps that are switched on. */
export type FolderWatches = {
  start(): void
  /** Ends the watches; resolves when what they saw is stored. */
  stop(): Promise<void>
  /** Replaces the watches. One that was there goes on; what a zap that was switched off knew is forgotten. */
  set(watches: readonly LiveFolderWatch[]): Promise<void>
  /** While paused nothing is looked at; what changed meanwhile is found afterwards. */
  setPaused(paused: boolean): void
  /** Looks through all folders: the computer slept. */
  look(): void
}

export function createFolderWatches(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly outbox: Pick<Outbox, 'acceptAll'>
  readonly folders: FolderRules
  readonly worker: URL
  readonly sharing?: FolderSharing | undefined
}): FolderWatches {
  const { database, clock, log, outbox, folders } = config
  const thread = createWorkThread(clock, config.worker, { idleMs: 2_000, youngMb: 4 })
  const running = new Map<string, FolderWatch>()
  let wanted = new Map<string, LiveFolderWatch>()
  let isOn = false
  let isPaused = false
  const keyOf = ({ zapId, stepId, version, subject }: LiveFolderWatch): string =>
    `${zapId}/${stepId}/${version}/${subject}`

  function begin(live: LiveFolderWatch): FolderWatch {
    let told: string | null = null
    return watchFolder(live, {
      clock,
      outbox,
      thread,
      sharing: config.sharing,
      locate: (folder) => existingPlace(folders, folder),
      isNew: (tx) =>
        !getWatches(tx).some(
          ({ zapId, stepId, subject }) => zapId === live.zapId && stepId === live.stepId && subject === live.subject,
        ),
      report(problem) {
        if (problem === told) return
        told = problem
        if (problem === null) log.info(`The zap "${live.zapName}" watches its folder.`, { folder: live.watch.folder })
        else log.warn(`The zap "${live.zapName}" cannot watch its folder.`, { folder: live.watch.folder, why: problem })
      },
    })
  }

  async function renew(): Promise<void> {
    const now = isOn && !isPaused ? wanted : new Map<string, LiveFolderWatch>()
    const ending = [...running].filter(([key]) => !now.has(key))
    for (const [key] of ending) running.delete(key)
    await Promise.all(ending.map(([, watch]) => watch.end()))
    for (const [key, live] of now) if (!running.has(key)) running.set(key, begin(live))
  }

  return {
    start() {
      isOn = true
      void renew()
    },
    async stop() {
      isOn = false
      await renew()
      await thread.close()
    },
    async set(watches) {
      wanted = new Map(watches.map((live) => [keyOf(live), live]))
      await database.write((tx) => {
        for (const known of getWatches(tx)) {
          const live = watches.find(({ zapId, stepId }) => zapId === known.zapId && stepId === known.stepId)
          // Of a zap that is on, the trigger may only be broken for now: what it knows is kept.
          const isForgotten = live === undefined ? !isZapEnabled(tx, known.zapId) : live.subject !== known.subject
          if (isForgotten) deleteWatch(tx, known)
        }
      })
      await renew()
    },
    setPaused(paused) {
      isPaused = paused
      void renew()
    },
    look() {
      for (const watch of running.values()) watch.look()
    },
  }
}
