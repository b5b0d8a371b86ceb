import type { OpenLog } from '../log.ts'
import { readLogAddress } from '../log-address.ts'
import { limitSize } from '../size-limit.ts'
import { createAppend } from './append.ts'
import { createEvents } from './events.ts'
import { openLink } from './link.ts'
import { createMail } from './mail.ts'
import { createRegisters } from './registers.ts'
import { createState } from './state.ts'
import { makeTopics, readCount, topicsOf } from './topics.ts'

/** Brokers take batches of 1,048,588 bytes by default, with all that stands around a record. */
const MAX_BYTES = 1_000_000

/** What brokers allow by default, and both can be set there: "group.min.session.timeout.ms", "group.max.session.timeout.ms". */
const LEAST_SESSION_MS = 6_000
const MAX_SESSION_MS = 1_800_000

/** Apache Kafka from 2.4 on, or what speaks its protocol, as the log of a fleet. */
export const openKafka: OpenLog = async ({ url, fleet, host, deliveryMs, log }) => {
  const link = await openLink(readLogAddress(url), host)
  const topics = topicsOf(fleet)
  let sessionMs: number
  try {
    sessionMs = readCount(link, 'session', MAX_SESSION_MS) ?? Math.max(LEAST_SESSION_MS, deliveryMs)
    await makeTopics(link, topics)
  } catch (error) {
    await link.close()
    throw error
  }
  const append = createAppend(link)
  const events = createEvents(link, topics, append, { sessionMs, warn: log.warn })
  const registers = createRegisters(link, append, topics.registers)
  const mail = createMail(link, topics, append, host)
  const tooLarge = `Kafka at ${link.address} takes records of ${MAX_BYTES} bytes at most`
  return {
    kind: 'kafka',
    address: link.address,
    maxBytes: MAX_BYTES,
    ...limitSize({ events, state: createState(link, append, topics.state), registers, mail }, MAX_BYTES, tooLarge),
    async facts() {
      const begunAt = performance.now()
      const { up, known } = await link.brokers()
      const roundTripMs = performance.now() - begunAt
      const partitions = (await link.leaders(topics.events)).length
      return { brokersUp: up.length, brokers: known, version: null, partitions, roundTripMs }
    },
    watchHealth: link.watch,
    async close() {
      await Promise.all([events.stop(), mail.stop(), registers.stop()]).catch(() => undefined)
      await link.close()
    },
  }
}
