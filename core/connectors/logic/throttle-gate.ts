import { z } from 'zod'

const turnsSchema = z.array(z.object({ by: z.string(), at: z.number() }))

/** What a throttle remembers. Times are milliseconds since 1970 UTC. */
const gateSchema = z.object({
  /** Who passed, and when. */
  passed: turnsSchema,
  /** Who waits, in order of arrival, and until when. */
  waiting: turnsSchema,
})
export type Gate = z.infer<typeof gateSchema>

/** At most `limit` passings in any `windowMs`. */
export type GateRule = { readonly limit: number; readonly windowMs: number }

/** Passings that are remembered at least, so that a step which a crash cut off finds its own. */
const REMEMBERED_PASSINGS = 200

/** Waiting ones whose order is remembered; it costs every arrival to read them. */
const REMEMBERED_WAITS = 1_000

/** Reads a stored gate; what is not there, or is of another shape, is an open one. */
export function readGate(stored: unknown): Gate {
  return gateSchema.catch({ passed: [], waiting: [] }).parse(stored)
}

/**
 * Gives a step call its turn: it has passed when `at` is not later than `now`, and else waits until then. Turns go in order of arrival.
 * One that is `back` from its wait passes only if the window has a place, as those before it may have been late too: the computer
 * slept, or was off.
 */
export function takeTurn(
  { passed, waiting }: Gate,
  { by, now, isBack }: { readonly by: string; readonly now: number; readonly isBack: boolean },
  rule: GateRule,
): { gate: Gate; at: number } {
  if (passed.some((turn) => turn.by === by)) return { gate: { passed, waiting }, at: now }
  const place = waiting.findIndex((turn) => turn.by === by)
  const mine = waiting[place]
  // Its turn was given, and then a crash came before the wait for it was stored.
  if (mine !== undefined && !isBack && mine.at > now) return { gate: { passed, waiting }, at: mine.at }
  // Whoever is back and not remembered came before all that are.
  const arrivedAt = mine !== undefined ? place : isBack ? 0 : waiting.length
  const before = waiting.slice(0, arrivedAt)
  const behind = waiting.slice(mine === undefined ? arrivedAt : arrivedAt + 1)
  const at = Math.max(now, nextPlace([...passed, ...before], rule))
  const turn = { by, at }
  const gate =
    at <= now
      ? {
          passed: [...passed, turn].slice(-Math.max(rule.limit, REMEMBERED_PASSINGS)),
          waiting: [...before, ...behind],
        }
      : { passed, waiting: [...before, turn, ...behind].slice(-Math.max(rule.limit, REMEMBERED_WAITS)) }
  return { gate, at }
}

/** When nothing that a gate remembers limits anybody any more. */
export function gateOpensAt({ passed, waiting }: Gate, { windowMs }: GateRule): number {
  return Math.max(0, ...[...passed, ...waiting].map(({ at }) => at)) + windowMs
}

/** When there is a place behind these turns. */
function nextPlace(turns: Gate['passed'], { limit, windowMs }: GateRule): number {
  if (turns.length < limit) return 0
  const oldest = turns
    .map(({ at }) => at)
    .toSorted((a, b) => a - b)
    .at(-limit)
  return (oldest ?? 0) + windowMs
}
