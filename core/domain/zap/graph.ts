import type { ConnectorLookup } from './connector-info.ts'
import { type Body, findBodies } from './loops.ts'
import { createUpstream, type IdSet } from './upstream.ts'
import { EACH_PORT, type Edge, portOf, type Step, type ZapFile } from './zap-file.ts'

/** A step with its place in the graph. */
export type CompiledStep = {
  readonly step: Step
  readonly kind: 'trigger' | 'action'
  readonly inbound: readonly Edge[]
  /** Ids of the steps behind each port that something hangs on. */
  readonly outbound: ReadonlyMap<string, readonly string[]>
  /** Position in the order of the zap. */
  readonly index: number
  /** Ids of all steps from which this one can be reached. */
  readonly upstream: IdSet
  /** Ids of the loops in whose bodies it lies, the outermost first. */
  readonly loops: readonly string[]
}

/** A zap that is ready to run. */
export type CompiledZap = {
  readonly file: ZapFile
  /** All step ids, each after those upstream of it; among equals, as in the file. */
  readonly order: readonly string[]
  readonly steps: ReadonlyMap<string, CompiledStep>
  /** Ids of the triggers, in that order. */
  readonly triggers: readonly string[]
  /** For each loop the steps of its body, those of inner loops' bodies left out, in that order. */
  readonly bodies: ReadonlyMap<string, readonly string[]>
}

/**
 * Prepares a zap. A step whose connector `lookup` does not know, as its app was removed, keeps its place: as a trigger when nothing leads
 * to it. Throws an `Error` for any other `structure` problem: a cycle, an edge without its step, or a duplicate id.
 */
export function compileZap(file: ZapFile, lookup: ConnectorLookup): CompiledZap {
  const inbound = new Map<string, Edge[]>(file.steps.map((step) => [step.id, []]))
  const outbound = new Map<string, Map<string, string[]>>(file.steps.map((step) => [step.id, new Map()]))
  if (inbound.size < file.steps.length) throw new Error(`the zap "${file.name}" has two steps with the same id`)
  for (const edge of file.edges) {
    const ports = outbound.get(edge.from)
    const targets = ports?.get(portOf(edge))
    const into = inbound.get(edge.to)
    if (ports === undefined || into === undefined) throw new Error(`the edge ${edge.from} → ${edge.to} leads nowhere`)
    into.push(edge)
    if (targets === undefined) ports.set(portOf(edge), [edge.to])
    else targets.push(edge.to)
  }
  const ids = file.steps.map((step) => step.id)
  const { order, rest } = sortTopologically(ids, file.edges)
  if (rest.length > 0) throw new Error(`the zap "${file.name}" goes in a circle through ${rest.slice(0, 5).join(', ')}`)
  const upstream = createUpstream(order, file.edges)
  const byId = new Map(file.steps.map((step) => [step.id, step]))
  const isLoop = (id: string): boolean =>
    lookup(byId.get(id)?.uses ?? '')?.isLoop ?? outbound.get(id)?.has(EACH_PORT) === true
  const loops = findLoops(order, file.edges, isLoop)
  const steps = new Map<string, CompiledStep>()
  const triggers: string[] = []
  for (const [index, id] of order.entries()) {
    const step = byId.get(id)
    if (step === undefined) continue
    const kind = lookup(step.uses)?.kind ?? (inbound.get(id)?.length === 0 ? 'trigger' : 'action')
    if (kind === 'trigger') triggers.push(id)
    steps.set(id, {
      step,
      kind,
      inbound: inbound.get(id) ?? [],
      outbound: outbound.get(id) ?? new Map(),
      index,
      upstream: upstream.of(id),
      loops: loops.get(id) ?? [],
    })
  }
  const bodies = new Map<string, string[]>()
  for (const id of order) {
    if (isLoop(id)) bodies.set(id, [])
    const innermost = loops.get(id)?.at(-1)
    if (innermost !== undefined) bodies.get(innermost)?.push(id)
  }
  return { file, order, steps, triggers, bodies }
}

/**
 * The loops in whose bodies each step lies, the outermost first; steps outside all loops are left out. `order` is topological, and no
 * step may hang both in a body and outside of it. Steps of one body share one list.
 */
export function findLoops(
  order: readonly string[],
  edges: readonly Edge[],
  isLoop: (id: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const bodies = findBodies(order, edges, isLoop)
  const listed = new Map<Body, readonly string[]>()
  const loopsOf = new Map<string, readonly string[]>()
  for (const id of order) {
    const body = bodies.of(id)
    if (body === null) continue
    const loops = listed.get(body) ?? [...(loopsOf.get(body.loop) ?? []), body.loop]
    listed.set(body, loops)
    loopsOf.set(id, loops)
  }
  return loopsOf
}

/** An edge as far as reachability is concerned. */
export type Link = { readonly from: string; readonly to: string }

/**
 * Sorts ids so that every link leads forward (Kahn, 1962); links to unknown ids are ignored. `rest` holds, in the given
 * order, what lies on a cycle or behind one. Linear in ids and links.
 */
export function sortTopologically(
  ids: readonly string[],
  links: readonly Link[],
): { order: readonly string[]; rest: readonly string[] } {
  const targets = targetsOf(ids, links)
  const missing = new Map<string, number>(ids.map((id) => [id, 0]))
  for (const to of [...targets.values()].flat()) missing.set(to, (missing.get(to) ?? 0) + 1)
  const order = [...missing.keys()].filter((id) => missing.get(id) === 0)
  // The list grows while it is walked: whatever has lost its last unsorted source is next.
  for (const id of order) {
    for (const to of targets.get(id) ?? []) {
      const left = (missing.get(to) ?? 0) - 1
      missing.set(to, left)
      if (left === 0) order.push(to)
    }
  }
  const sorted = new Set(order)
  return { order, rest: [...missing.keys()].filter((id) => !sorted.has(id)) }
}

/** Ids that can be reached from any of `starts`, those included. */
export function reachableFrom(starts: Iterable<string>, links: readonly Link[]): ReadonlySet<string> {
  const reached = new Set(starts)
  const targets = new Map<string, string[]>()
  for (const { from, to } of links) {
    const known = targets.get(from)
    if (known === undefined) targets.set(from, [to])
    else known.push(to)
  }
  // A Set that grows while it is walked hands out the new members too.
  for (const id of reached) for (const to of targets.get(id) ?? []) reached.add(to)
  return reached
}

/** For each id the ids that its links lead to; links from or to unknown ids are left out. */
export function targetsOf(ids: readonly string[], links: readonly Link[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { from, to } of links) if (targets.has(to)) targets.get(from)?.push(to)
  return targets
}
