import { EACH_PORT, type Group, portOf, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { groupKey, insideOf, isAnnotation, noteKey } from '../operations/annotations.ts'
import { loopBodies } from './loop-frames.ts'

/** What is laid out: a zap, or only its graph. */
export type Drawing = Pick<ZapFile, 'steps' | 'edges' | 'notes' | 'groups'>

/** Steps that stay together: a whole zap, a group, or the body of a loop. Blocks lie inside each other, and never cross. */
export type Block = {
  /** A group's key, or the loop's id behind `body:`; empty for the whole zap. */
  readonly id: string
  readonly kind: 'zap' | 'group' | 'body'
  /** Ids of the steps that lie in it and in no block inside it. */
  readonly steps: readonly string[]
  /** Keys of the notes that stand in it and in no group inside it; the body of a loop has none. */
  readonly notes: readonly string[]
  readonly inner: readonly Block[]
}

type Holder = { readonly id: string; readonly kind: 'group' | 'body'; readonly steps: Set<string> }

/** The blocks of a zap: its groups, with what stands in them now, and the bodies of its loops. */
export function tidyBlocks(zap: Drawing): Block {
  const groups = (zap.groups ?? []).toSorted((a, b) => areaOf(a) - areaOf(b))
  const inside = new Map<string, readonly string[]>(
    groups.map((group) => [groupKey(group.id), [...insideOf(zap, group).keys()]]),
  )
  const holders: Holder[] = [...bodiesOf(zap), ...groups.map((group) => groupHolder(groupKey(group.id), inside))]
  untangle(holders)

  // From the inside out. What holds the same steps keeps its order: bodies first, then groups from the smallest.
  const order = holders.toSorted((a, b) => a.steps.size - b.steps.size)
  const around = new Map<string, string>()
  for (const [index, holder] of order.entries()) {
    const outer =
      holder.steps.size > 0
        ? order.slice(index + 1).find((other) => holder.steps.isSubsetOf(other.steps))?.id
        : groups.map((group) => groupKey(group.id)).find((key) => inside.get(key)?.some((one) => one === holder.id))
    around.set(holder.id, outer ?? '')
  }
  const stepsOf = Map.groupBy(
    zap.steps.map((step) => step.id),
    (id) => order.find((holder) => holder.steps.has(id))?.id ?? '',
  )
  const notesOf = Map.groupBy(
    (zap.notes ?? []).map((note) => noteKey(note.id)),
    (key): string => groups.map((group) => groupKey(group.id)).find((id) => inside.get(id)?.includes(key)) ?? '',
  )
  const block = (id: string, kind: Block['kind']): Block => ({
    id,
    kind,
    steps: stepsOf.get(id) ?? [],
    notes: notesOf.get(id) ?? [],
    inner: order.filter((holder) => around.get(holder.id) === id).map((holder) => block(holder.id, holder.kind)),
  })
  return block('', 'zap')
}

/** A loop is told by its port, so that no connector need be known. */
function bodiesOf(zap: Drawing): Holder[] {
  const loops = new Set(zap.edges.filter((edge) => portOf(edge) === EACH_PORT).map((edge) => edge.from))
  const found = loopBodies(zap, (step) => loops.has(step.id))
  const all = new Map<string, Set<string>>()
  // Inner bodies come before those around them.
  for (const { loop, steps, inner } of found) {
    all.set(loop, new Set([...steps, ...inner.flatMap((id) => [...(all.get(id) ?? [])])]))
  }
  return [...all].map(([loop, steps]) => ({ id: `body:${loop}`, kind: 'body', steps }))
}

function groupHolder(id: string, inside: ReadonlyMap<string, readonly string[]>): Holder {
  const keys = (inside.get(id) ?? []).flatMap((key) => (key.startsWith('group:') ? (inside.get(key) ?? []) : [key]))
  return { id, kind: 'group', steps: new Set(keys.filter((key) => !isAnnotation(key))) }
}

/** Where two would cross, a group takes in the whole of the other: a body cannot grow, and a smaller group lies in a larger one. */
function untangle(holders: readonly Holder[]): void {
  for (let changed = true; changed; ) {
    changed = false
    for (const [index, a] of holders.entries()) {
      for (const b of holders.slice(index + 1)) {
        if (a.steps.isDisjointFrom(b.steps) || a.steps.isSubsetOf(b.steps) || b.steps.isSubsetOf(a.steps)) continue
        // Bodies stand before groups, and never cross each other: `b` is a group.
        for (const id of a.steps) b.steps.add(id)
        changed = true
      }
    }
  }
}

const areaOf = ({ width, height }: Group): number => width * height
