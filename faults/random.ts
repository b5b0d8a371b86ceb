/** Chance that can be repeated: the same seed gives the same choices in the same order. */
export type Random = {
  /** From 0 up to but not including 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  /** One of a list that is not empty, the more likely the larger its weight. */
  pickWeighted<T extends { readonly weight: number }>(list: readonly T[]): T
}

/** The generator "mulberry32": small, fast, and good enough to choose what to break next. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const at = <T>(list: readonly T[], index: number): T => {
    const [first] = list
    if (first === undefined) throw new Error('nothing to choose from')
    return list[index] ?? first
  }
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => at(list, Math.floor(next() * list.length)),
    pickWeighted(list) {
      let left = next() * list.reduce((sum, { weight }) => sum + weight, 0)
      return at(
        list,
        list.findIndex(({ weight }) => {
          left -= weight
          return left < 0
        }),
      )
    },
  }
}
