import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { isJsonList, isJsonObject, type JsonObject } from '../../../core/domain/values/json.ts'
import {
  type Edge,
  type Group,
  MAIN_PORT,
  type Note,
  type Position,
  portOf,
  type Step,
  type ZapFile,
} from '../../../core/domain/zap/zap-file.ts'
import { throughPort } from '../../steps/step-ports.ts'
import { type IsTrigger, sameEdge } from '../graph/connection-rules.ts'
import { GAP_X, GAP_Y, GRID, NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { downstreamOf } from '../graph/step-reach.ts'
import { deleteAnnotations, groupKey, insideOf, isAnnotation, noteKey, pasteAnnotations } from './annotations.ts'
import { connect, deleteSteps, disconnect, moveSteps, plainEdge } from './draft-operations.ts'
import { newPath } from './path-operations.ts'
import { copiedStepId, newStepId } from './step-ids.ts'
import { renameReferences } from './template-references.ts'

/** A draft with new steps in it, and their ids (to select them). */
export type Inserted = { readonly zap: ZapFile; readonly ids: readonly string[] }

/** Steps and the edges between them, with their notes and frames: what the clipboard holds. */
export type StepGroup = {
  readonly steps: readonly Step[]
  readonly edges: readonly Edge[]
  readonly notes?: readonly Note[] | undefined
  readonly groups?: readonly Group[] | undefined
}

/** What a new step has already: a name, and some of its input. */
export type StepPreset = {
  readonly name?: string
  readonly input?: JsonObject
  /** Secrets that are kept once it is there; null for one that is not known yet. */
  readonly credentials?: readonly { readonly name: string; readonly type: string; readonly secret: string | null }[]
  /** To which those may go alone; that of the address in the input, where it has one. */
  readonly host?: string | undefined
  /** What its person is told once it is there. */
  readonly notes?: readonly string[]
}

/** An output that a new step is hung on. */
export type OpenEnd = { readonly from: string; readonly port: string }

/**
 * A step without any input but that of its preset (its connector's defaults hold), not connected to anything. One whose ports are listed
 * begins with one, so that there is something to connect.
 */
export function addStep(
  zap: ZapFile,
  manifest: ConnectorManifest,
  position: Position,
  { name, input: given = {} }: StepPreset = {},
): Inserted {
  const id = newStepId(manifest.id, idsOf(zap))
  const { portsFrom } = manifest
  const { required = [] } = manifest.input
  // Where its ports are only further ones, it needs none of them.
  const needsOne = portsFrom !== null && isJsonList(required) && required.includes(portsFrom)
  const input = needsOne ? { [portsFrom]: [newPath([])], ...given } : { ...given }
  const step: Step = { id, uses: manifest.id, ...(name && { name }), input, position: rounded(position) }
  return { zap: { ...zap, steps: [...zap.steps, step] }, ids: [id] }
}

/** A step that follows an output of another one. A trigger cannot follow anything and is only added. */
export function addStepAfter(
  zap: ZapFile,
  manifest: ConnectorManifest,
  end: OpenEnd,
  position: Position,
  isTrigger: IsTrigger,
  preset?: StepPreset,
): Inserted {
  const added = addStep(zap, manifest, position, preset)
  const [id = ''] = added.ids
  return { zap: connect(added.zap, { from: end.from, port: end.port, to: id }, isTrigger), ids: added.ids }
}

/** A step in the middle of an edge; what follows it moves down to make room. */
export function insertOnEdge(
  zap: ZapFile,
  manifest: ConnectorManifest,
  edge: Edge,
  isTrigger: IsTrigger,
  preset?: StepPreset,
): Inserted {
  const at = roomOnEdge(zap, edge)
  const added = addStep(at.zap, manifest, at.position, preset)
  const [id = ''] = added.ids
  return { zap: spliceIntoEdge(added.zap, id, edge, isTrigger, throughPort(manifest)), ids: added.ids }
}

/** Leads an edge through a step that is there already, on from its `port`. Nothing happens when the step cannot stand there. */
export function spliceIntoEdge(
  zap: ZapFile,
  id: string,
  edge: Edge,
  isTrigger: IsTrigger,
  port: string = MAIN_PORT,
): ZapFile {
  const open = disconnect(zap, [edge])
  if (open === zap) return zap
  const entered = connect(open, { from: edge.from, port: portOf(edge), to: id }, isTrigger)
  const left = connect(entered, { from: id, port, to: edge.to }, isTrigger)
  return entered === open || left === entered ? zap : left
}

/** A loose step that is moved into the middle of an edge; what follows it moves down to make room. */
export function moveIntoEdge(
  zap: ZapFile,
  id: string,
  edge: Edge,
  isTrigger: IsTrigger,
  port: string = MAIN_PORT,
): ZapFile {
  const at = roomOnEdge(zap, edge)
  const moved = moveSteps(at.zap, new Map([[id, at.position]]))
  const joined = spliceIntoEdge(moved, id, edge, isTrigger, port)
  return joined === moved ? zap : joined
}

/** Copies of steps beside the originals, connected among themselves and reading from each other's copies. */
export function duplicateSteps(zap: ZapFile, ids: readonly string[], marked: readonly string[] = []): Inserted {
  return pasteSteps(zap, copySteps(zap, ids, marked), { x: GAP_X / 2, y: GAP_Y / 2 })
}

/**
 * Some steps with the edges between them, and the marked notes and frames. A marked frame takes along what stands in it; and a
 * frame of which every step is taken comes along by itself.
 */
export function copySteps(zap: ZapFile, ids: readonly string[], marked: readonly string[] = []): StepGroup {
  const groups = (zap.groups ?? []).map((group) => ({ group, inside: insideOf(zap, group) }))
  const chosen = new Set([...ids, ...marked])
  for (const { group, inside } of groups) {
    if (chosen.has(groupKey(group.id))) for (const id of inside.keys()) chosen.add(id)
  }
  for (const { group, inside } of groups) {
    const steps = [...inside.keys()].filter((id) => !isAnnotation(id))
    if (steps.length === 0 || !steps.every((id) => chosen.has(id))) continue
    for (const id of [groupKey(group.id), ...inside.keys()]) chosen.add(id)
  }
  const notes = (zap.notes ?? []).filter((note) => chosen.has(noteKey(note.id)))
  const frames = (zap.groups ?? []).filter((group) => chosen.has(groupKey(group.id)))
  return {
    steps: zap.steps.filter((step) => chosen.has(step.id)),
    edges: zap.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to)),
    ...(notes.length > 0 && { notes }),
    ...(frames.length > 0 && { groups: frames }),
  }
}

/** A draft without what was copied from it: what cutting leaves. */
export function withoutGroup(zap: ZapFile, { steps, notes = [], groups = [] }: StepGroup): ZapFile {
  const without = deleteSteps(
    zap,
    steps.map((step) => step.id),
  )
  return deleteAnnotations(without, [...notes.map(({ id }) => noteKey(id)), ...groups.map(({ id }) => groupKey(id))])
}

/** A group of steps put into a draft under new ids, moved by `offset`. */
export function pasteSteps(zap: ZapFile, group: StepGroup, offset: Position): Inserted {
  const taken = new Set(idsOf(zap))
  const ids = new Map<string, string>()
  for (const step of group.steps) {
    const id = copiedStepId(step.id, taken)
    taken.add(id)
    ids.set(step.id, id)
  }
  const steps = group.steps.map((step): Step => {
    const position = step.position ?? { x: 0, y: 0 }
    const input = renameReferences(step.input, ids)
    return {
      ...step,
      id: ids.get(step.id) ?? step.id,
      input: isJsonObject(input) ? { ...input } : {},
      position: rounded({ x: position.x + offset.x, y: position.y + offset.y }),
    }
  })
  const edges = group.edges.flatMap((edge) => {
    const from = ids.get(edge.from)
    const to = ids.get(edge.to)
    return from === undefined || to === undefined ? [] : [plainEdge({ ...edge, from, to })]
  })
  const annotated = pasteAnnotations(zap, group, offset)
  if (steps.length === 0) return { zap: annotated, ids: [] }
  return {
    zap: { ...annotated, steps: [...zap.steps, ...steps], edges: [...zap.edges, ...edges] },
    ids: [...ids.values()],
  }
}

/** Where a step that follows `from` fits: below it, or as far to the right of that as is free. */
export function placeBelow(zap: ZapFile, from: Position): Position {
  return firstFree(zap, { x: from.x, y: from.y + NODE_HEIGHT + GAP_Y })
}

/** Where a further trigger or a loose step fits: right of everything in the row. */
export function firstFree(zap: ZapFile, wanted: Position): Position {
  const spot = { ...wanted }
  const covers = (step: Step): boolean =>
    step.position !== undefined &&
    Math.abs(step.position.x - spot.x) < NODE_WIDTH + GAP_X / 2 &&
    Math.abs(step.position.y - spot.y) < NODE_HEIGHT + GAP_Y / 4
  for (let other = zap.steps.find(covers); other?.position; other = zap.steps.find(covers)) {
    spot.x = other.position.x + NODE_WIDTH + GAP_X
  }
  return rounded(spot)
}

// The new step takes the place of the one that the edge led to, if that is too near to fit another row between.
function roomOnEdge(zap: ZapFile, edge: Edge): { zap: ZapFile; position: Position } {
  const from = zap.steps.find((step) => step.id === edge.from)?.position ?? { x: 0, y: 0 }
  const to = zap.steps.find((step) => step.id === edge.to)?.position ?? from
  const row = NODE_HEIGHT + GAP_Y
  const alone = zap.edges.filter((other) => other.from === edge.from && !sameEdge(other, edge)).length === 0
  const position = { x: alone ? from.x + (to.x - from.x) / 2 : to.x, y: from.y + row }
  const missing = position.y + row - to.y
  if (missing <= 0) return { zap, position: { x: position.x, y: onGrid((from.y + to.y) / 2) } }
  const moving = new Set([edge.to, ...downstreamOf(zap.edges, edge.to)])
  const positions = zap.steps.flatMap((step): [string, Position][] =>
    step.position && moving.has(step.id) ? [[step.id, { x: step.position.x, y: step.position.y + missing }]] : [],
  )
  return { zap: moveSteps(zap, new Map(positions)), position }
}

function idsOf(zap: ZapFile): ReadonlySet<string> {
  return new Set(zap.steps.map((step) => step.id))
}

function onGrid(pixels: number): number {
  return Math.round(pixels / GRID) * GRID
}

function rounded(position: Position): Position {
  return { x: Math.round(position.x), y: Math.round(position.y) }
}
