/**
 * Which records of a partition are done with. Kafka keeps one number of a group, the offset before which all are; those behind it that are done with, too,
 * go into the note that it keeps beside the number, as bits. So a long run holds up no other record, and a host that takes over repeats none.
 */
export type Acknowledged = {
  /** All before it are done with. */
  readonly committed: number
  /** How far in front of `committed` a record may be to be given out; the note has no room for more. */
  readonly limit: number
  has(offset: number): boolean
  add(offset: number): void
  /** Offsets that hold no record, such as those between two that a compaction or a transaction left. */
  skip(from: number, to: number): void
  note(): string
  /** Offsets from `from` to `to` that are not done with. */
  open(from: number, to: number): number
}

/** Brokers keep 4,096 characters by default; base64 makes four of three bytes. */
const NOTE_BYTES = 3_000
export const NOTE_OFFSETS = NOTE_BYTES * 8

/** Reads what a group has committed, -1 for nothing. A note that is not one of these counts as none. */
export function readAcknowledged(committed: number, note: string): Acknowledged {
  let first = Math.max(0, committed)
  const done = new Set<number>()
  const bits = Buffer.from(note, 'base64')
  if (bits.length <= NOTE_BYTES) {
    for (const [at, byte] of bits.entries()) {
      for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) done.add(first + at * 8 + bit)
    }
  }
  function move(): void {
    while (done.delete(first)) first++
  }
  move()
  return {
    get committed() {
      return first
    },
    get limit() {
      return first + NOTE_OFFSETS
    },
    has: (offset) => offset < first || done.has(offset),
    add(offset) {
      if (offset < first) return
      done.add(offset)
      move()
    },
    skip(from, to) {
      if (from <= first && to > first) {
        first = to
        for (const offset of done) if (offset < first) done.delete(offset)
      } else
        for (let offset = Math.max(first, from); offset < to && offset < first + NOTE_OFFSETS; offset++)
          done.add(offset)
      move()
    },
    note() {
      let last = -1
      for (const offset of done) last = Math.max(last, offset - first)
      if (last < 0) return ''
      const bits = Buffer.alloc((last >> 3) + 1)
      for (const offset of done) {
        const at = offset - first
        bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
      }
      return bits.toString('base64')
    },
    open(from, to) {
      let open = Math.max(0, to - Math.max(from, first))
      for (const offset of done) if (offset >= from && offset < to) open--
      return open
    },
  }
}
