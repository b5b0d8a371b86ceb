import { differenceOf, type ZapChange } from '../../core/domain/zap/zap-difference.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import type { Overlay } from '../canvas/flow-graph.ts'
import { edgeKey } from '../draft/graph/connection-rules.ts'
import type { StepBadge } from '../steps/step-badge.ts'

/** Two states of a zap drawn over each other. */
export type OverlaidZap = {
  /** The later state, with what it lost since the earlier one. */
  readonly zap: ZapFile
  readonly overlay: Overlay
  readonly changes: readonly ZapChange[]
}

const ADDED: StepBadge = { kind: 'added', text: 'Added', detail: 'This step was added.' }
const CHANGED: StepBadge = { kind: 'changed', text: 'Changed', detail: 'This step was changed.' }
const REMOVED: StepBadge = { kind: 'removed', text: 'Removed', detail: 'This step was removed.' }

/** Draws `before` and `after` over each other: what was added, changed and removed is marked as such. */
export function overlay(before: ZapFile, after: ZapFile): OverlaidZap {
  const changes = differenceOf(before, after)
  const steps = new Map<string, StepBadge>()
  const edges = new Map<string, 'added' | 'removed'>()
  for (const change of changes) {
    if (change.kind === 'step-added') steps.set(change.step.id, ADDED)
    else if (change.kind === 'step-removed' && !steps.has(change.step.id)) steps.set(change.step.id, REMOVED)
    else if (change.kind === 'edge-added') edges.set(edgeKey(change.edge), 'added')
    else if (change.kind === 'edge-removed') edges.set(edgeKey(change.edge), 'removed')
    // Where a step stands is seen, and says nothing about what it does.
    else if ('step' in change && change.kind !== 'step-moved' && !steps.has(change.step.id)) {
      steps.set(change.step.id, CHANGED)
    }
  }
  const kept = new Set(after.steps.map((step) => step.id))
  const gone = before.steps.filter((step) => !kept.has(step.id))
  const cut = changes.flatMap((change) => (change.kind === 'edge-removed' ? [change.edge] : []))
  return {
    zap: { ...after, steps: [...after.steps, ...gone], edges: [...after.edges, ...cut] },
    overlay: { problems: [], webhooks: [], runs: new Map(), live: false, changes: { steps, edges } },
    changes,
  }
}
