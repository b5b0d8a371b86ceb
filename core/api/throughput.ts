import { toIso } from './run-view.ts'
import { type ApiServices, procedures } from './services.ts'

const MINUTE_MS = 60_000

/** How much was done lately. Counted in memory: asking costs nothing, however long the history. */
export function throughputProcedures({ throughput }: Pick<ApiServices, 'throughput'>) {
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
