import type { Database } from '../db/open.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { getRunZap } from '../db/runs.ts'
import { endWaits, type OutsideWait, runsThatWaitFor } from '../db/step-runs.ts'

/** The network is back, or a person signed in again: makes every run that waits for it due. Returns the runs and their zaps. */
export async function endOutsideWaits(
  database: Database,
  wait: OutsideWait,
  now: number,
): Promise<{ runIds: string[]; zapIds: string[] }> {
  return database.write((tx) => {
    const runIds = runsThatWaitFor(tx, wait)
    const zapIds = new Set<string>()
    for (const runId of runIds) {
      endWaits(tx, runId, [wait.for], now)
      wakeMessage(tx, runId, now)
      const zapId = getRunZap(tx, runId)
      if (zapId !== undefined) zapIds.add(zapId)
    }
    return { runIds, zapIds: [...zapIds] }
  })
}
