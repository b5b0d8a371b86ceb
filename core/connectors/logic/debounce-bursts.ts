import { z } from 'zod'

/** What a debounce remembers. Times are milliseconds since 1970 UTC. */
const burstsSchema = z.object({
  /** The latest bursts, in order; one is over at `goesAt`, when its newest call goes on. */
  bursts: z.array(z.object({ n: z.int(), startedAt: z.number(), goesAt: z.number(), newest: z.string() })),
  /** The latest calls, so that one which a crash cut off does not join again as if it were new. */
  joined: z.array(z.object({ by: z.string(), n: z.int() })),
})
export type Bursts = z.infer<typeof burstsSchema>

export type BurstRule = { readonly windowMs: number; readonly maxWaitMs: number }

const REMEMBERED = 200

/** Reads stored bursts; what is not there, or is of another shape, is none. */
export function readBursts(stored: unknown): Bursts {
  return burstsSchema.catch({ bursts: [], joined: [] }).parse(stored)
}

/** Makes a step call the newest of the burst that is under way, or of a new one. It then waits until `goesAt`. */
export function joinBurst(
  { bursts, joined }: Bursts,
  by: string,
  now: number,
  { windowMs, maxWaitMs }: BurstRule,
): { bursts: Bursts; n: number; goesAt: number } {
  const known = joined.find((call) => call.by === by)
  if (known !== undefined) {
    const goesAt = bursts.find((burst) => burst.n === known.n)?.goesAt ?? now
    return { bursts: { bursts, joined }, n: known.n, goesAt }
  }
  const last = bursts.at(-1)
  const isUnderWay = last !== undefined && now < last.goesAt
  const n = (last?.n ?? 0) + (isUnderWay ? 0 : 1)
  const startedAt = isUnderWay ? last.startedAt : now
  const goesAt = Math.min(now + windowMs, startedAt + maxWaitMs)
  const earlier = isUnderWay ? bursts.slice(0, -1) : bursts
  return {
    bursts: {
      bursts: [...earlier, { n, startedAt, goesAt, newest: by }].slice(-REMEMBERED),
      joined: [...joined, { by, n }].slice(-REMEMBERED),
    },
    n,
    goesAt,
  }
}

/** The call that took the place of this one in its burst; null when none did, or nobody remembers, as no event may be lost. */
export function replacedBy({ bursts }: Bursts, by: string, n: number): string | null {
  const newest = bursts.find((burst) => burst.n === n)?.newest ?? by
  return newest === by ? null : newest
}
