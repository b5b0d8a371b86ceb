import type { Edge } from '../../../core/domain/zap/zap-file.ts'

/** What connects what. */
export type Graph = { readonly steps: readonly { readonly id: string }[]; readonly edges: readonly Edge[] }

/** Every step that lies behind `id`, without itself. Terminates on drafts with a cycle, too. */
export function downstreamOf(edges: readonly Edge[], id: string): ReadonlySet<string> {
  return walk(groupBy(edges, 'from'), id, 'to')
}

/** Every step whose output `id` may use, without itself. */
export function upstreamOf(edges: readonly Edge[], id: string): ReadonlySet<string> {
  return walk(groupBy(edges, 'to'), id, 'from')
}

/** The upstream steps in the order in which a person reads the flow, nearest last. */
export function upstreamInOrder(zap: Graph, id: string): readonly string[] {
  const upstream = upstreamOf(zap.edges, id)
  const depth = depths(zap)
  return zap.steps
    .map((step) => step.id)
    .filter((step) => upstream.has(step))
    .toSorted((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0))
}

/** Length of the longest way from a step without inbound edges; a step in a cycle counts as far as it was reached. */
export function depths(zap: Graph): ReadonlyMap<string, number> {
  const known = new Set(zap.steps.map((step) => step.id))
  const edges = zap.edges.filter((edge) => known.has(edge.from) && known.has(edge.to))
  const outgoing = groupBy(edges, 'from')
  const waitingFor = new Map<string, number>()
  for (const edge of edges) waitingFor.set(edge.to, (waitingFor.get(edge.to) ?? 0) + 1)
  const depth = new Map(zap.steps.map((step) => [step.id, 0]))
  const ready = zap.steps.map((step) => step.id).filter((id) => !waitingFor.has(id))
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const edge of outgoing.get(id) ?? []) {
      depth.set(edge.to, Math.max(depth.get(edge.to) ?? 0, (depth.get(id) ?? 0) + 1))
      const left = (waitingFor.get(edge.to) ?? 0) - 1
      waitingFor.set(edge.to, left)
      if (left === 0) ready.push(edge.to)
    }
  }
  return depth
}

/** Edges by the step at one of their ends. */
export function groupBy(edges: readonly Edge[], end: 'from' | 'to'): ReadonlyMap<string, readonly Edge[]> {
  const groups = new Map<string, Edge[]>()
  for (const edge of edges) {
    const group = groups.get(edge[end])
    if (group) group.push(edge)
    else groups.set(edge[end], [edge])
  }
  return groups
}

function walk(by: ReadonlyMap<string, readonly Edge[]>, start: string, end: 'from' | 'to'): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of by.get(id) ?? []) {
      if (seen.has(edge[end])) continue
      seen.add(edge[end])
      open.push(edge[end])
    }
  }
  seen.delete(start)
  return seen
}
