import { z } from 'zod'

const turnSchema = z.object({ by: z.string(), at: z.number() })

/** What a throttle remembers. Times are milliseconds since 1970 UTC; every list is in order. */
const gateSchema = z.object({
  /** Who passed, and when. */
  passed: z.array(turnSchema),
  /** Who was given which time on arrival, those that passed at once included. */
  planned: z.array(turnSchema),
  /** Times given to those who came back and found that others, late as they were, had just passed. */
  again: z.array(z.number()),
})
export type Gate = z.infer<typeof gateSchema>

/** At most `limit` turns in any `windowMs`. */
export type GateRule = { readonly limit: number; readonly windowMs: number }

/** Turns that are remembered at least, so that a step which a crash cut off finds its own. */
const REMEMBERED_TURNS = 200

/** Reads a stored gate; what is not there, or is of another shape, is an open one. */
export function readGate(stored: unknown): Gate {
  return gateSchema.catch({ passed: [], planned: [], again: [] }).parse(stored)
}

/**
 * Gives a step call its turn: it passes when `at` is not later than `now`. Arrivals are served in order. One that is `back` from its
 * wait passes only if the window has a place, as everybody may have been late: the computer slept, or was off.
 */
export function takeTurn(
  gate: Gate,
  call: { readonly by: string; readonly now: number; readonly isBack: boolean },
  rule: GateRule,
): { gate: Gate; at: number } {
  const { by, now } = call
  if (gate.passed.some((turn) => turn.by === by)) return { gate, at: now }
  const planned = gate.planned.find((turn) => turn.by === by)
  // Its turn was given, and then a crash came before the wait for it was stored.
  if (planned !== undefined && !call.isBack && planned.at > now) return { gate, at: planned.at }
  const place = freeAt(timesOf(gate.passed), rule)
  const behindOthers = Math.max(place, freeAt(gate.again, rule))
  if (planned !== undefined || call.isBack) {
    if (place <= now) return { gate: { ...gate, passed: added(gate.passed, { by, at: now }, rule) }, at: now }
    return { gate: { ...gate, again: [...gate.again, behindOthers].slice(-rule.limit) }, at: behindOthers }
  }
  const at = Math.max(now, behindOthers, freeAt(timesOf(gate.planned), rule))
  const passed = at > now ? gate.passed : added(gate.passed, { by, at }, rule)
  return { gate: { ...gate, passed, planned: added(gate.planned, { by, at }, rule) }, at }
}

/** When nothing that a gate remembers limits anybody any more. */
export function gateOpensAt(gate: Gate, rule: GateRule): number {
  return Math.max(0, ...timesOf(gate.passed), ...timesOf(gate.planned), ...gate.again) + rule.windowMs
}

/** When a window with these turns has a place. */
function freeAt(times: readonly number[], { limit, windowMs }: GateRule): number {
  const oldest = times.at(-limit)
  return oldest === undefined || times.length < limit ? 0 : oldest + windowMs
}

type Turn = Gate['passed'][number]

function timesOf(turns: readonly Turn[]): number[] {
  return turns.map(({ at }) => at)
}

function added(turns: readonly Turn[], turn: Turn, { limit }: GateRule): Turn[] {
  return [...turns, turn].slice(-Math.max(limit, REMEMBERED_TURNS))
}
