import { countDelivered, countOpenMessages } from '../db/outbox-messages.ts'
import { type ApiServices, procedures } from './services.ts'

export function outboxProcedures({ database, clock }: ApiServices) {
  return {
    stats: procedures.outbox.stats.handler(async () => {
      const now = clock.now()
      const [open, delivered] = await Promise.all([
        countOpenMessages(database.reader, now),
        countDelivered(database.reader),
      ])
      return {
        // Whoever asks whether anything is left to do means the retries and delays as well.
        pending: open.pending + open.waiting,
        leased: open.leased,
        dead: open.dead,
        delivered,
        oldestPendingMs: open.oldestDueAt === null ? 0 : Math.max(0, now - open.oldestDueAt),
      }
    }),
  }
}
