/** The memory that the main thread and the watchdog's thread share. Both import this file, so it imports nothing. */

/** Kinds of work, by their number in the memory. `unknown`: none was marked since the last sign of life. */
const KINDS = ['unknown', 'run', 'request'] as const
export type WorkKind = (typeof KINDS)[number]

/** What `watchdog.ts` hands to its thread. */
export type WatchdogOrder = { readonly memory: SharedArrayBuffer; readonly file: string; readonly patienceMs: number }

/** What the thread tells: that it has begun to watch, or that a standstill is over. */
export type WatchdogNews = 'watching' | { readonly seconds: number; readonly kind: WorkKind; readonly what: string }

export type WatchedWork = {
  /** Notes what is about to be done. */
  mark(kind: WorkKind, what: string): void
  /** What was noted last. */
  read(): { readonly kind: WorkKind; readonly what: string }
  /** A sign of life; what was noted before it is over. */
  beat(): void
  /** How many signs there were. */
  beats(): number
  /** Sleeps until there is another one than the first `beats`, for `ms` milliseconds at most; false when there was none. */
  hears(beats: number, ms: number): boolean
}

const BYTES = 256
/** The count of beats, the kind of work, and the bytes of its name. */
const [BEATS, KIND, LENGTH, NUMBERS] = [0, 1, 2, 4] as const

export const createWatchedMemory = (): SharedArrayBuffer => new SharedArrayBuffer(BYTES)

export function watchedWork(memory: SharedArrayBuffer): WatchedWork {
  const numbers = new Int32Array(memory, 0, NUMBERS)
  const name = Buffer.from(memory, numbers.byteLength)
  return {
    mark(kind, what) {
      numbers[LENGTH] = name.write(what, 'latin1')
      numbers[KIND] = KINDS.indexOf(kind)
    },
    read() {
      const kind = KINDS[numbers[KIND] ?? 0] ?? 'unknown'
      return { kind, what: kind === 'unknown' ? '' : name.toString('latin1', 0, numbers[LENGTH]) }
    },
    beat() {
      numbers[KIND] = 0
      Atomics.add(numbers, BEATS, 1)
      Atomics.notify(numbers, BEATS)
    },
    beats: () => Atomics.load(numbers, BEATS),
    hears: (beats, ms) => Atomics.wait(numbers, BEATS, beats, ms) !== 'timed-out',
  }
}
