import type { Database } from '../db/open.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { getRunZap } from '../db/runs.ts'
import { endWaits, runsWithoutNetwork } from '../db/step-runs.ts'

/** The network is back: makes every run that waits for it due. Returns the runs and their zaps. */
export async function endNetworkWaits(
  database: Database,
  now: number,
): Promise<{ runIds: string[]; zapIds: string[] }> {
  return database.write((tx) => {
    const runIds = runsWithoutNetwork(tx)
    const zapIds = new Set<string>()
    for (const runId of runIds) {
      endWaits(tx, runId, ['network'], now)
      wakeMessage(tx, runId, now)
      const zapId = getRunZap(tx, runId)
      if (zapId !== undefined) zapIds.add(zapId)
    }
    return { runIds, zapIds: [...zapIds] }
  })
}
