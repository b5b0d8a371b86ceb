import { dismissDeadLetters, listDeadLetters } from '../db/dead-letters.ts'
import { countDelivered, countOpenMessages } from '../db/outbox-counts.ts'
import { findRuns } from '../db/run-rows.ts'
import { reasonText } from '../domain/runs/run-reason.ts'
import { runSummaries, toIso } from './run-view.ts'
import { type OutboxServices, procedures } from './services.ts'

export function outboxProcedures({ database, clock, sweeper, signals }: OutboxServices) {
  return {
    stats: procedures.outbox.stats.handler(async () => {
      const now = clock.now()
      const [open, delivered] = await Promise.all([
        countOpenMessages(database.reader, now),
        countDelivered(database.reader),
      ])
      return {
        // A caller who asks whether anything is left to do means the retries and delays as well.
        pending: open.pending + open.waiting,
        leased: open.leased,
        dead: open.dead,
        delivered,
        oldestPendingMs: open.oldestDueAt === null ? 0 : Math.max(0, now - open.oldestDueAt),
      }
    }),

    deadLetters: procedures.outbox.deadLetters.handler(async () => {
      const letters = await listDeadLetters(database.reader, MAX_DEAD_LETTERS)
      const runs = await findRuns(
        database.reader,
        letters.map((letter) => letter.runId),
      )
      const runOf = new Map((await runSummaries(database.reader, runs)).map((run) => [run.id, run]))
      return letters.map((letter) => ({
        id: letter.id,
        run: runOf.get(letter.runId) ?? null,
        zapId: letter.zapId,
        zapName: letter.zapName,
        runId: letter.runId,
        reason: letter.reason === null ? 'Nothing was noted.' : reasonText(letter.reason),
        at: toIso(letter.at),
      }))
    }),

    dismiss: procedures.outbox.dismiss.handler(async ({ input }) => {
      const dismissed = await database.write((tx) => dismissDeadLetters(tx, input.ids, clock.now()))
      await sweeper.runOnce()
      signals.emit('status:changed')
      return { dismissed }
    }),
  }
}

const MAX_DEAD_LETTERS = 500
