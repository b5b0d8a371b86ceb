import { type Link, sortTopologically, targetsOf } from './graph.ts'

/**
 * One cycle of every knot of steps that go round in circles: its ids in the order of the links, the first not repeated.
 * Empty for an acyclic graph. Linear in ids and links, and without recursion (Tarjan's components, 1972).
 */
export function findCycles(ids: readonly string[], links: readonly Link[]): string[][] {
  // Only what cannot be sorted may lie on a cycle; most often that is nothing.
  const { rest } = sortTopologically(ids, links)
  if (rest.length === 0) return []
  const targets = targetsOf(rest, links)
  return components(rest, targets).flatMap((component) => {
    const members = new Set(component)
    const first = component[0]
    const isKnot = members.size > 1 || (first !== undefined && targets.get(first)?.includes(first))
    return isKnot ? [walkCycle(component, members, targets)] : []
  })
}

type Visit = { readonly id: string; readonly targets: readonly string[]; next: number }

function components(ids: readonly string[], targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const number = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  const lower = (id: string, to: number) => low.set(id, Math.min(low.get(id) ?? to, to))

  for (const start of ids) {
    if (number.has(start)) continue
    const visits: Visit[] = []
    const enter = (id: string) => {
      number.set(id, number.size)
      low.set(id, number.size - 1)
      open.push(id)
      isOpen.add(id)
      visits.push({ id, targets: targets.get(id) ?? [], next: 0 })
    }
    enter(start)
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const to = visit.targets[visit.next]
      visit.next += 1
      if (to !== undefined) {
        if (!number.has(to)) enter(to)
        else if (isOpen.has(to)) lower(visit.id, number.get(to) ?? 0)
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent !== undefined) lower(parent.id, low.get(visit.id) ?? 0)
      if (low.get(visit.id) !== number.get(visit.id)) continue
      const component = open.splice(open.indexOf(visit.id))
      for (const id of component) isOpen.delete(id)
      found.push(component)
    }
  }
  return found
}

/** Follows links inside a component until a step comes again. */
function walkCycle(
  component: readonly string[],
  members: ReadonlySet<string>,
  targets: ReadonlyMap<string, readonly string[]>,
): string[] {
  const path: string[] = []
  const place = new Map<string, number>()
  let id = component[0]
  while (id !== undefined && !place.has(id)) {
    place.set(id, path.length)
    path.push(id)
    id = targets.get(id)?.find((to) => members.has(to))
  }
  return id === undefined ? path : path.slice(place.get(id))
}
