import { toIso } from './run-view.ts'
import { type OutboxServices, procedures } from './services.ts'

const MINUTE_MS = 60_000

/** How much was done lately. Counted in memory: asking costs nothing, however long the history. */
export function throughputProcedures({ throughput }: OutboxServices) {
  return {
    throughput: procedures.outbox.throughput.handler(() => {
      const { from, minutes } = throughput.lastHour()
      return {
        from: toIso(from),
        minutes: minutes.map(({ minute, ...counts }) => ({ at: toIso(minute * MINUTE_MS), ...counts })),
      }
    }),
  }
}
