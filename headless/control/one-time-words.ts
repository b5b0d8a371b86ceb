import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/app.ts'

/** Random words of which each is good once, and for some time. Only their hashes are kept. */
export type OneTimeWords<T> = {
  make(value: T): string
  /** What the word was made with. Undefined when it was taken already, is too old, or was never made. */
  take(word: string): T | undefined
  /** Voids all of them; says how many could still have been taken. */
  clear(): number
}

/** Of more than `most` words at a time, the oldest are void. */
export function createOneTimeWords<T>(
  clock: Pick<Clock, 'now'>,
  { lastMs, most }: { readonly lastMs: number; readonly most: number },
): OneTimeWords<T> {
  const known = new Map<string, { readonly value: T; readonly until: number }>()
  // A look-up by the hash takes a time that says nothing about the words themselves.
  const hashOf = (word: string): string => createHash('sha256').update(word).digest('base64')
  const dropOld = (): void => {
    for (const [hash, { until }] of known) if (until <= clock.now()) known.delete(hash)
  }
  return {
    make(value) {
      dropOld()
      for (const hash of known.keys()) {
        if (known.size < most) break
        known.delete(hash)
      }
      const word = randomBytes(24).toString('base64url')
      known.set(hashOf(word), { value, until: clock.now() + lastMs })
      return word
    },
    take(word) {
      dropOld()
      const hash = hashOf(word)
      const found = known.get(hash)
      known.delete(hash)
      return found?.value
    },
    clear() {
      dropOld()
      const { size } = known
      known.clear()
      return size
    },
  }
}
