import type { Tx } from '../db/executor.ts'
import { cancelMessage, freshMessages } from '../db/outbox-messages.ts'
import { insertSkippedRun, unfinishedRuns } from '../db/runs.ts'
import { countSkipped } from '../db/zaps.ts'

/** What became of the events that came while a run of their zap was not finished. */
export type Newcomers = {
  /** Runs that must end before the newest event's run may begin. */
  readonly replaced: readonly string[]
  /** Runs that never began. */
  readonly skipped: readonly string[]
}

/**
 * Decides about the events of a zap that runs one at a time and keeps no queue. With `skip` they go nowhere while a run is not
 * finished, and of several at once the first begins; with `restart` the newest takes the place of whatever is there. Each one that
 * makes no run gets a line in the history that says why, and is counted.
 */
export function sortNewcomers(tx: Tx, zapId: string, mode: 'restart' | 'skip', now: number): Newcomers {
  const fresh = freshMessages(tx, zapId, now)
  const chosen = mode === 'restart' ? fresh.at(-1) : fresh[0]
  if (chosen === undefined) return { replaced: [], skipped: [] }
  const unfinished = unfinishedRuns(tx, zapId)
  const isKept = mode === 'restart' || unfinished.length === 0
  const passedOver = isKept ? fresh.filter((message) => message !== chosen) : fresh
  const reason =
    mode === 'restart'
      ? 'Not begun: a newer event took its place.'
      : 'Not begun: another run of this zap was not finished.'
  for (const message of passedOver) {
    cancelMessage(tx, message.id, now)
    insertSkippedRun(tx, { ...message, id: message.runId, zapId, now, reason })
  }
  if (passedOver.length > 0) countSkipped(tx, zapId, passedOver.length)
  return { replaced: mode === 'restart' ? unfinished : [], skipped: passedOver.map((message) => message.runId) }
}
