import type { OpenLog } from './log.ts'
import { readLogAddress } from './log-address.ts'

/** Opens the log that a URL names. The client of its kind is loaded now, and on no other host. */
export const openLog: OpenLog = async (options) => {
  switch (readLogAddress(options.url).kind) {
    case 'nats':
      return (await import('./nats/open-nats.ts')).openNats(options)
    case 'kafka':
      return (await import('./kafka/open-kafka.ts')).openKafka(options)
  }
}
