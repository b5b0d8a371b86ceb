import { portOf, type Step, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { groupBy } from '../../draft/graph/step-reach.ts'
import { type AnnotationId, groupKey, insideOf, noteKey } from '../../draft/operations/annotations.ts'
import type { OutputPort } from '../../steps/step-ports.ts'

/** A line of the outline. `ports` are the outputs by which the step is reached from the line it hangs under. */
export type OutlineRow = {
  readonly step: Step
  readonly level: number
  readonly port: string | null
  /** Names of other steps that lead here, too: the step is listed once, where it is reached first. */
  readonly alsoFrom: readonly string[]
}

/**
 * The steps of a zap in the order in which a person reads them: from each beginning along its connections. What follows alone stays
 * on the level of what it follows; where ways part, each stands one level deeper, under its output's name. Every step is listed once.
 */
export function outlineRows(
  zap: Pick<ZapFile, 'steps' | 'edges'>,
  portsOf: (step: Step) => readonly OutputPort[],
): readonly OutlineRow[] {
  const byId = new Map(zap.steps.map((step) => [step.id, step]))
  const edges = zap.edges.filter((edge) => byId.has(edge.from) && byId.has(edge.to))
  const outgoing = groupBy(edges, 'from')
  const arriving = groupBy(edges, 'to')
  const rows: OutlineRow[] = []
  const seen = new Set<string>()
  const begin = (root: Step): void => {
    // A stack of our own: a chain of thousands of steps would overflow that of the language.
    const open: { step: Step; level: number; port: string | null; from: string | null }[] = [
      { step: root, level: 1, port: null, from: null },
    ]
    for (let next = open.pop(); next; next = open.pop()) {
      const { step, level, port, from } = next
      if (seen.has(step.id)) continue
      seen.add(step.id)
      const others = (arriving.get(step.id) ?? []).map((edge) => edge.from).filter((id) => id !== from)
      rows.push({ step, level, port, alsoFrom: [...new Set(others)] })
      const ports = portsOf(step)
      const order = new Map(ports.map(({ id }, index) => [id, index]))
      const labels = new Map(ports.map(({ id, label }) => [id, label]))
      const ways = (outgoing.get(step.id) ?? []).toSorted(
        (a, b) => (order.get(portOf(a)) ?? ports.length) - (order.get(portOf(b)) ?? ports.length),
      )
      const deeper = level + (ways.length > 1 || ports.length > 1 ? 1 : 0)
      for (const edge of ways.toReversed()) {
        const to = byId.get(edge.to)
        if (to) open.push({ step: to, level: deeper, port: labels.get(portOf(edge)) ?? null, from: step.id })
      }
    }
  }
  for (const step of zap.steps) if (!arriving.has(step.id)) begin(step)
  // What lies in a circle has no beginning.
  for (const step of zap.steps) begin(step)
  return rows
}

/** A line of the outline for what stands beside the steps. `holds` are the steps that stand in a frame. */
export type AnnotationRow = {
  readonly id: AnnotationId
  readonly kind: 'note' | 'frame'
  readonly title: string
  readonly holds: readonly string[]
}

/** The frames and notes of a zap, to be listed behind its steps; of a note its first line. */
export function annotationRows(zap: ZapFile): readonly AnnotationRow[] {
  const frames = (zap.groups ?? []).map((group): AnnotationRow => {
    const inside = insideOf(zap, group)
    const holds = zap.steps.filter((step) => inside.has(step.id)).map((step) => step.id)
    return { id: groupKey(group.id), kind: 'frame', title: group.title.trim() || 'Untitled frame', holds }
  })
  const notes = (zap.notes ?? []).map((note): AnnotationRow => {
    const title = note.text.trim().split('\n')[0] || 'Empty note'
    return { id: noteKey(note.id), kind: 'note', title, holds: [] }
  })
  return [...frames, ...notes]
}
