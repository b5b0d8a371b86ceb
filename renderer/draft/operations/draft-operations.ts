import type { Json, JsonObject } from '../../../core/domain/values/json.ts'
import {
  type Edge,
  ERROR_PORT,
  MAIN_PORT,
  type Position,
  portOf,
  type Step,
  type StepSettings,
  type ZapFile,
  type ZapSettings,
} from '../../../core/domain/zap/zap-file.ts'
import { type IsTrigger, sameEdge, whyNotConnect } from '../graph/connection-rules.ts'
import { type InputPath, withValueAt } from './input-path.ts'

// Each operation is ZapFile → ZapFile. What an operation does not touch keeps its identity, and one that changes nothing
// returns the very draft that it was given: history, autosave and the memoised canvas rely on both.

/** Draws an edge, unless the rules of the graph forbid it. */
export function connect(zap: ZapFile, edge: Edge, isTrigger: IsTrigger): ZapFile {
  if (whyNotConnect(zap, edge, isTrigger) !== null) return zap
  return { ...zap, edges: [...zap.edges, plainEdge(edge)] }
}

/** Removes edges. */
export function disconnect(zap: ZapFile, edges: readonly Edge[]): ZapFile {
  const left = zap.edges.filter((edge) => !edges.some((gone) => sameEdge(gone, edge)))
  return left.length === zap.edges.length ? zap : { ...zap, edges: left }
}

/** Leads an edge to another step or from another port, unless the rules forbid the new one. */
export function reconnect(zap: ZapFile, old: Edge, edge: Edge, isTrigger: IsTrigger): ZapFile {
  const without = disconnect(zap, [old])
  if (without === zap) return zap
  const joined = connect(without, edge, isTrigger)
  return joined === without ? zap : joined
}

/** Puts steps where they were dragged to, on whole pixels. */
export function moveSteps(zap: ZapFile, positions: ReadonlyMap<string, Position>): ZapFile {
  return changeSteps(zap, (step) => {
    const to = positions.get(step.id)
    if (!to) return step
    const position = { x: Math.round(to.x), y: Math.round(to.y) }
    return step.position?.x === position.x && step.position.y === position.y ? step : { ...step, position }
  })
}

/** Sets one value of a step's input; `undefined` removes it, so that the connector's default holds again. */
export function updateInput(zap: ZapFile, id: string, path: InputPath, value: Json | undefined): ZapFile {
  return changeStep(zap, id, (step) => ({ ...step, input: asInput(withValueAt(step.input, path, value)) }))
}

/** Replaces a step's whole input. */
export function replaceInput(zap: ZapFile, id: string, input: JsonObject): ZapFile {
  return changeStep(zap, id, (step) => ({ ...step, input: { ...input } }))
}

/** Names a step; an empty name brings the connector's title back. */
export function renameStep(zap: ZapFile, id: string, name: string): ZapFile {
  const trimmed = name.trim().slice(0, 200)
  return changeStep(zap, id, (step) => {
    if ((step.name ?? '') === trimmed) return step
    const { name: _old, ...rest } = step
    return trimmed === '' ? rest : { ...rest, name: trimmed }
  })
}

/** Changes how a step behaves around its connector. Edges from the `error` port go when failures are no longer routed. */
export function changeStepSettings(zap: ZapFile, id: string, settings: StepSettings): ZapFile {
  const changed = changeStep(zap, id, (step) => {
    const { settings: _old, ...rest } = step
    const kept = withoutEmpty(settings)
    return kept === undefined ? rest : { ...rest, settings: kept }
  })
  if (settings.onError === 'route') return changed
  return disconnect(
    changed,
    changed.edges.filter((edge) => edge.from === id && portOf(edge) === ERROR_PORT),
  )
}

/** Disables steps, or enables them again when all of them are disabled. */
export function toggleDisabled(zap: ZapFile, ids: readonly string[]): ZapFile {
  const chosen = zap.steps.filter((step) => ids.includes(step.id))
  const disabled = !areDisabled(chosen)
  return chosen.reduce((draft, step) => {
    const { disabled: _old, ...rest } = step.settings ?? {}
    return changeStepSettings(draft, step.id, disabled ? { ...rest, disabled } : rest)
  }, zap)
}

/** Whether all of these steps are passed by, so that the next thing to do with them is to enable them. */
export function areDisabled(steps: readonly Step[]): boolean {
  return steps.every((step) => step.settings?.disabled === true)
}

/** Deletes steps. A chain that ran through one of them is joined again: each step before leads to each step after. */
export function deleteSteps(zap: ZapFile, ids: readonly string[]): ZapFile {
  return ids.reduce(deleteStep, zap)
}

/** Renames the zap; a blank name changes nothing, as a zap is never without one. */
export function renameZap(zap: ZapFile, name: string): ZapFile {
  const trimmed = name.trim().slice(0, 200)
  return trimmed === '' || trimmed === zap.name ? zap : { ...zap, name: trimmed }
}

/** Describes the zap. */
export function describeZap(zap: ZapFile, description: string): ZapFile {
  const { description: _old, ...rest } = zap
  return description === '' ? rest : { ...rest, description: description.slice(0, 5000) }
}

/** Changes how the zap's runs are scheduled. */
export function changeZapSettings(zap: ZapFile, settings: ZapSettings): ZapFile {
  const { settings: _old, ...rest } = zap
  const kept = withoutEmpty(settings)
  return kept === undefined ? rest : { ...rest, settings: kept }
}

function deleteStep(zap: ZapFile, id: string): ZapFile {
  const steps = zap.steps.filter((step) => step.id !== id)
  if (steps.length === zap.steps.length) return zap
  const before = zap.edges.filter((edge) => edge.to === id && edge.from !== id)
  // What hung on another port (`error`, a path) was meant for that case alone, and goes on with nothing.
  const after = zap.edges.filter((edge) => edge.from === id && edge.to !== id && portOf(edge) === MAIN_PORT)
  const edges = zap.edges.filter((edge) => edge.from !== id && edge.to !== id)
  for (const into of before) {
    for (const outOf of after) {
      const healed = plainEdge({ from: into.from, port: portOf(into), to: outOf.to })
      if (healed.from !== healed.to && !edges.some((edge) => sameEdge(edge, healed))) edges.push(healed)
    }
  }
  return { ...zap, steps, edges }
}

/** An edge as files write it: the main port goes without saying. */
export function plainEdge(edge: Edge): Edge {
  const { from, to, port } = edge
  return port === undefined || port === MAIN_PORT ? { from, to } : { from, to, port }
}

function changeStep(zap: ZapFile, id: string, change: (step: Step) => Step): ZapFile {
  return changeSteps(zap, (step) => (step.id === id ? change(step) : step))
}

function changeSteps(zap: ZapFile, change: (step: Step) => Step): ZapFile {
  const steps = zap.steps.map(change)
  return steps.every((step, index) => step === zap.steps[index]) ? zap : { ...zap, steps }
}

function asInput(value: Json | undefined): Step['input'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...(value as JsonObject) } : {}
}

/** Settings without the members that say nothing; undefined when none is left. */
function withoutEmpty<T extends object>(settings: T): T | undefined {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined && !isEmptyObject(value))
  // A part of T's own entries is a T again, as every member of the settings is optional.
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T)
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
