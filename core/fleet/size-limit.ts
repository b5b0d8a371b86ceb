import { type FleetLog, LogError } from './log.ts'

type Parts = Pick<FleetLog, 'events' | 'state' | 'registers' | 'mail'>

/** Refuses what is larger than a log takes, before it is sent. `limit` is the first half of a sentence, such as "NATS at … takes records of … bytes at most". */
export function limitSize({ events, state, registers, mail }: Parts, maxBytes: number, limit: string): Parts {
  const fits = (bytes: Uint8Array | null): void => {
    if (bytes === null || bytes.length <= maxBytes) return
    throw new LogError('too-large', `${limit}, and this one has ${bytes.length}.`)
  }
  return {
    events: {
      ...events,
      async publish(record) {
        fits(record.bytes)
        return events.publish(record)
      },
    },
    state: {
      ...state,
      async put(key, bytes) {
        fits(bytes)
        await state.put(key, bytes)
      },
    },
    registers: {
      ...registers,
      async swap(key, expected, bytes) {
        fits(bytes)
        return registers.swap(key, expected, bytes)
      },
    },
    mail: {
      ...mail,
      async send(to, bytes) {
        fits(bytes)
        await mail.send(to, bytes)
      },
    },
  }
}
