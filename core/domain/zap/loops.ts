import { EACH_PORT, type Edge, portOf } from './zap-file.ts'

/** The body of a loop: the steps that are run once a round. */
export type Body = {
  readonly loop: string
  /** The body that the loop itself lies in; null outside all loops. */
  readonly around: Body | null
}

export type Bodies = {
  /** The innermost body that a step lies in; null outside all loops, and for unknown ids. */
  of(id: string): Body | null
  /** The body of a loop. */
  ofLoop(id: string): Body | undefined
  /** Places in the list of edges of those that lead from one body into another, or out of one without its loop. */
  readonly crossings: readonly number[]
}

/**
 * Finds the body of every loop: what hangs on its port `each`, directly or behind other steps of the body. Where a step hangs on steps of
 * several bodies, the first of its edges says where it lies, as it is most often the older one, and the others are crossings.
 * `order` is topological; what is not in it lies nowhere. Linear in steps and edges.
 */
export function findBodies(order: readonly string[], edges: readonly Edge[], isLoop: (id: string) => boolean): Bodies {
  const inbound = new Map<string, number[]>()
  for (const [index, { to }] of edges.entries()) {
    const known = inbound.get(to)
    if (known === undefined) inbound.set(to, [index])
    else known.push(index)
  }
  const bodyOf = new Map<string, Body | null>()
  const ofLoop = new Map<string, Body>()
  /** The body that an edge leads into; undefined while its beginning lies nowhere. */
  const behind = (edge: Edge | undefined): Body | null | undefined => {
    if (edge === undefined) return undefined
    const own = portOf(edge) === EACH_PORT ? ofLoop.get(edge.from) : undefined
    return own ?? bodyOf.get(edge.from)
  }
  const crossings: number[] = []
  for (const id of order) {
    const places = (inbound.get(id) ?? []).filter((index) => behind(edges[index]) !== undefined)
    const body = behind(edges[places[0] ?? -1]) ?? null
    crossings.push(...places.filter((index) => behind(edges[index]) !== body))
    bodyOf.set(id, body)
    if (isLoop(id)) ofLoop.set(id, { loop: id, around: body })
  }
  return {
    of: (id) => bodyOf.get(id) ?? null,
    ofLoop: (id) => ofLoop.get(id),
    crossings: crossings.toSorted((a, b) => a - b),
  }
}

/** Whether a body is `outer`, or lies in it; null stands for the zap itself. */
export function isWithin(body: Body | null, outer: Body | null): boolean {
  for (let at = body; at !== null; at = at.around) if (at === outer) return true
  return outer === null
}

/** The outermost body around `inside` that `outside` does not lie in; null when it lies in all of them. */
export function bodyLeft(inside: Body | null, outside: Body | null): Body | null {
  let left: Body | null = null
  for (let at = inside; at !== null && !isWithin(outside, at); at = at.around) left = at
  return left
}
