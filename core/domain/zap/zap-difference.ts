import { type Json, jsonEquals } from '../values/json.ts'
import { type Edge, type Group, type Note, portOf, type Step, type ZapFile } from './zap-file.ts'

/** One thing in which two states of a zap differ. */
export type ZapChange =
  | { readonly kind: 'step-added' | 'step-removed' | 'step-moved'; readonly step: Step }
  | { readonly kind: 'step-renamed'; readonly step: Step; readonly before: Step }
  /** `field`: a member of the step's input. A value that is absent is undefined. */
  | {
      readonly kind: 'field-changed'
      readonly step: Step
      readonly field: string
      readonly from: Json | undefined
      readonly to: Json | undefined
    }
  /** How the step behaves around its connector: retries, time limit, on error, disabled. */
  | { readonly kind: 'step-settings-changed'; readonly step: Step; readonly before: Step }
  | { readonly kind: 'edge-added' | 'edge-removed'; readonly edge: Edge }
  /** Text, place and size of a note; title, place and size of a group. */
  | { readonly kind: 'note-added' | 'note-changed' | 'note-removed'; readonly note: Note }
  | { readonly kind: 'group-added' | 'group-changed' | 'group-removed'; readonly group: Group }
  | { readonly kind: 'zap-renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'description-changed' | 'zap-settings-changed' }

/**
 * Everything in which `after` differs from `before`: what concerns the zap, then its steps in their order, its edges, its notes and groups. A step is
 * the same step by its id. Steps and edges that only stand in another order are no change.
 */
export function differenceOf(before: ZapFile, after: ZapFile): readonly ZapChange[] {
  if (before === after) return []
  return [
    ...zapChanges(before, after),
    ...stepChanges(before, after),
    ...edgeChanges(before, after),
    ...listChanges(before.notes, after.notes).map(({ what, item }) => ({ kind: `note-${what}` as const, note: item })),
    ...listChanges(before.groups, after.groups).map(({ what, item }) => ({
      kind: `group-${what}` as const,
      group: item,
    })),
  ]
}

function zapChanges(before: ZapFile, after: ZapFile): ZapChange[] {
  const changes: ZapChange[] = []
  if (before.name !== after.name) changes.push({ kind: 'zap-renamed', from: before.name, to: after.name })
  if ((before.description ?? '') !== (after.description ?? '')) changes.push({ kind: 'description-changed' })
  if (!same(before.settings, after.settings)) changes.push({ kind: 'zap-settings-changed' })
  return changes
}

function stepChanges(before: ZapFile, after: ZapFile): ZapChange[] {
  const old = new Map(before.steps.map((step) => [step.id, step]))
  const kept = new Set(after.steps.map((step) => step.id))
  const removed = before.steps.filter((step) => !kept.has(step.id))
  return [
    ...after.steps.flatMap((step) => {
      const was = old.get(step.id)
      // One that does something else under the same id is another step.
      if (was === undefined || was.uses !== step.uses) return [{ kind: 'step-added' as const, step }]
      return was === step ? [] : changesOfStep(was, step)
    }),
    ...[...removed, ...before.steps.filter((step) => isReplaced(step, after))].map((step) => ({
      kind: 'step-removed' as const,
      step,
    })),
  ]
}

function isReplaced(step: Step, after: ZapFile): boolean {
  return after.steps.some((other) => other.id === step.id && other.uses !== step.uses)
}

function changesOfStep(before: Step, step: Step): ZapChange[] {
  const changes: ZapChange[] = []
  if ((before.name ?? '') !== (step.name ?? '')) changes.push({ kind: 'step-renamed', step, before })
  if (before.input !== step.input) {
    for (const field of new Set([...Object.keys(before.input), ...Object.keys(step.input)])) {
      const from = before.input[field]
      const to = step.input[field]
      if (!same(from, to)) changes.push({ kind: 'field-changed', step, field, from, to })
    }
  }
  if (!same(before.settings, step.settings)) changes.push({ kind: 'step-settings-changed', step, before })
  // A place that was only given, to a step of a file without places, is no move.
  if (before.position && step.position && !same(before.position, step.position))
    changes.push({ kind: 'step-moved', step })
  return changes
}

function edgeChanges(before: ZapFile, after: ZapFile): ZapChange[] {
  const old = new Set(before.edges.map(keyOf))
  const now = new Set(after.edges.map(keyOf))
  return [
    ...after.edges.filter((edge) => !old.has(keyOf(edge))).map((edge) => ({ kind: 'edge-added' as const, edge })),
    ...before.edges.filter((edge) => !now.has(keyOf(edge))).map((edge) => ({ kind: 'edge-removed' as const, edge })),
  ]
}

type ListChange<T> = { readonly what: 'added' | 'changed' | 'removed'; readonly item: T }

function listChanges<T extends Note | Group>(before: readonly T[] = [], after: readonly T[] = []): ListChange<T>[] {
  const old = new Map(before.map((item) => [item.id, item]))
  const kept = new Set(after.map(({ id }) => id))
  return [
    ...after.flatMap((item): ListChange<T>[] => {
      const was = old.get(item.id)
      if (was === undefined) return [{ what: 'added', item }]
      return same(was, item) ? [] : [{ what: 'changed', item }]
    }),
    ...before.filter(({ id }) => !kept.has(id)).map((item): ListChange<T> => ({ what: 'removed', item })),
  ]
}

const keyOf = (edge: Edge): string => JSON.stringify([edge.from, portOf(edge), edge.to])

/** Whether two parts of a zap file are the same; an absent member is the same as one that is undefined. */
function same(a: unknown, b: unknown): boolean {
  // Parts of a zap file are JSON, apart from members that may be undefined, which writing them leaves out.
  return a === b || jsonEquals(asJson(a), asJson(b))
}

function asJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json)
}
