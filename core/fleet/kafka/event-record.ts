import { createHash } from 'node:crypto'
import type { EventRecord } from '../log.ts'
import type { StoredRecord } from './fetch.ts'

const ID = 'id'
const ORDER = 'order'
const DELIVERY = 'delivery'

/** How a record is written. The key is for those that look at the topic; the partition is chosen by {@link partitionFor}. */
export function headersOf({ id, order }: EventRecord, delivery = 1): Record<string, string> {
  return {
    [ID]: id,
    ...(order !== null && { [ORDER]: order }),
    ...(delivery > 1 && { [DELIVERY]: String(delivery) }),
  }
}

/** Those of one order share a partition. The others are spread, so that one busy zap has the use of all hosts. */
export function partitionFor({ id, order }: EventRecord, partitions: number): number {
  const hash = createHash('sha256').update(order ?? id)
  return hash.digest().readUInt32BE(0) % Math.max(1, partitions)
}

/** What {@link headersOf} wrote. A record that something else has put into the topic is known by its place; what it holds is judged by its reader. */
export function eventOf({ key, bytes, headers, offset }: StoredRecord, partition: number): EventRecord {
  return {
    id: headers.get(ID) ?? `${partition}:${offset}`,
    key,
    order: headers.get(ORDER) ?? null,
    bytes: bytes ?? new Uint8Array(),
  }
}

/** How often it was given out when it was written: 0 for never. */
export function deliveriesOf({ headers }: StoredRecord): number {
  const count = Number(headers.get(DELIVERY) ?? 1)
  return Number.isInteger(count) && count > 0 ? count - 1 : 0
}
