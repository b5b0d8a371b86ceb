/** So many requests in so many milliseconds; as many may come at once. */
export type Rate = { readonly max: number; readonly perMs: number }

/** Counts by key, as buckets that fill up again steadily: those that wait may go on. */
export type RateLimiter = {
  /** Takes one, and returns 0, or the milliseconds after which the next one may come. */
  take(key: string, rate: Rate, now: number): number
}

/** Buckets that are remembered. Of more the oldest are forgotten, which lets their senders in again. */
const MAX_KEYS = 10_000

type Bucket = { left: number; at: number }

export function createRateLimiter(): RateLimiter {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, { max, perMs }, now) {
      const bucket = buckets.get(key) ?? { left: max, at: now }
      // A clock that was set back must not empty the bucket.
      const since = Math.max(0, now - bucket.at)
      const left = Math.min(max, bucket.left + (since * max) / perMs)
      const isFree = left >= 1
      // Set anew, so that the first key of the map is the one that was asked for longest ago.
      buckets.delete(key)
      buckets.set(key, { left: isFree ? left - 1 : left, at: now })
      const [oldest] = buckets.size > MAX_KEYS ? buckets.keys() : []
      if (oldest !== undefined) buckets.delete(oldest)
      return isFree ? 0 : Math.ceil(((1 - left) * perMs) / max)
    },
  }
}
