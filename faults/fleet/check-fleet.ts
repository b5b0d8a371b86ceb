import type { Effect } from '../fault-target.ts'

/** An event that a host has answered with 200. */
export type Accepted = { readonly n: number; readonly path: string; readonly host: string; readonly event: string }

export const FLEET_RULES = ['lost-event', 'two-keys', 'foreign-key', 'order', 'polled-items', 'left-over'] as const
export type Violation = { readonly rule: (typeof FLEET_RULES)[number]; readonly message: string }

/**
 * What is promised of a fleet, held against what the target has seen: each accepted event has its effect, under one key that follows from the event's
 * id, and of a zap with a queue those that one host took in one after the other come one after the other. Each of the `items` that a poll has found,
 * numbered from 0, has its effect under one key, whichever hosts polled.
 */
export function checkFleet(
  accepted: readonly Accepted[],
  effects: ReadonlyMap<string, Effect>,
  ordered: readonly string[],
  items: number,
): Violation[] {
  const violations: Violation[] = []
  const polled = new Map<number, string[]>()
  const seen = new Map<number, Effect[]>()
  const places = new Map<number, number>()
  for (const [place, effect] of [...effects.values()].entries()) {
    if (effect.path === '/polled') {
      const item = Number(effect.body)
      polled.set(item, [...(polled.get(item) ?? []), effect.key])
      continue
    }
    const { n }: { n: number } = JSON.parse(effect.body)
    seen.set(n, [...(seen.get(n) ?? []), effect])
    if (!places.has(n)) places.set(n, place)
  }
  for (const [n, all] of seen) {
    if (all.length > 1)
      violations.push({ rule: 'two-keys', message: `event ${n} came under ${all.map(({ key }) => key).join(' and ')}` })
  }
  for (const { n, host, path, event } of accepted) {
    const key = seen.get(n)?.[0]?.key
    if (key === undefined)
      violations.push({ rule: 'lost-event', message: `${event} (${n}), taken in by ${host} at ${path}, had no effect` })
    else if (key !== `${event.replace('evt_', 'run_')}:post`)
      violations.push({ rule: 'foreign-key', message: `${event} (${n}) came under ${key}` })
  }
  for (let item = 0; item < items; item++) {
    const keys = polled.get(item) ?? []
    if (keys.length === 1) continue
    const message = keys.length === 0 ? `item ${item} was not told` : `item ${item} came under ${keys.join(' and ')}`
    violations.push({ rule: 'polled-items', message })
  }
  for (const path of ordered) {
    const last = new Map<string, Accepted>()
    for (const one of accepted.filter((one) => one.path === path)) {
      const before = last.get(one.host)
      last.set(one.host, one)
      // One that is missing is told as that.
      const [place, next] = [places.get(before?.n ?? -1), places.get(one.n)]
      if (before !== undefined && place !== undefined && next !== undefined && place > next)
        violations.push({
          rule: 'order',
          message: `${one.event} (${one.n}) came before ${before.event} (${before.n}), which ${one.host} took in first`,
        })
    }
  }
  return violations
}
