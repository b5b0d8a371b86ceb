import type { Tx } from '../db/executor.ts'
import { cancelMessage, freshMessages } from '../db/outbox-messages.ts'
import { insertRun, insertSkippedRun, unfinishedRuns } from '../db/runs.ts'
import { countSkipped } from '../db/zaps.ts'
import type { Engine } from '../engine/engine.ts'
import type { EndEffects } from '../signals.ts'

/** What became of the events that came while a run of their zap was not finished. */
export type PassedOver = {
  /** Runs that must end before the newest event's run may begin. */
  readonly replaced: readonly string[]
  /** Runs that never began. */
  readonly skipped: readonly string[]
  /** Whom to tell of them after the commit. */
  readonly effects: readonly EndEffects[]
}

/**
 * Decides about the events of a zap that runs one at a time and keeps no queue. With `skip` they go nowhere while a run is not
 * finished, and of several at once the first begins; with `restart` the newest takes the place of what is there. Each one that
 * makes no run gets a line in the history that says why, and is counted.
 */
export function skipOrRestart(
  tx: Tx,
  at: { readonly zapId: string; readonly mode: 'restart' | 'skip'; readonly now: number },
  end: Engine['end'],
): PassedOver {
  const { zapId, mode, now } = at
  const fresh = freshMessages(tx, zapId, now)
  const chosen = mode === 'restart' ? fresh.at(-1) : fresh[0]
  if (chosen === undefined) return { replaced: [], skipped: [], effects: [] }
  const unfinished = unfinishedRuns(tx, zapId)
  const isKept = mode === 'restart' || unfinished.length === 0
  const passedOver = isKept ? fresh.filter((message) => message !== chosen) : fresh
  const reason = { code: 'passed-over', mode } as const
  const effects: EndEffects[] = []
  for (const message of passedOver) {
    const { id, runId, eventId, version, isAwaited } = message
    const run = { id: runId, zapId, version, eventId, now }
    cancelMessage(tx, id, now)
    if (!isAwaited) {
      insertSkippedRun(tx, { ...run, reason })
      // Nothing else waits for it, but its sender may.
      effects.push({ runId, state: 'cancelled', finishedAt: now, zapIds: [], runIds: [], abandonedIds: [] })
      continue
    }
    // The step that called it goes on when it hears of the end.
    insertRun(tx, run)
    const ended = end(tx, runId, { state: 'cancelled', reason, now })
    if (ended !== undefined) effects.push(ended)
  }
  if (passedOver.length > 0) countSkipped(tx, zapId, passedOver.length)
  const skipped = passedOver.map((message) => message.runId)
  return { replaced: mode === 'restart' ? unfinished : [], skipped, effects }
}
