import type { Group, Note, Position, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { distanceBetween, nearestFreePlace } from '../graph/nearest-place.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { boundsOf, type Rect } from '../graph/rect.ts'
import { GROUP_HEAD, GROUP_MARGIN, groupKey, noteKey, withAnnotations } from '../operations/annotations.ts'
import { moveSteps } from '../operations/draft-operations.ts'
import { type Box, type Link, layeredLayout } from './layered-layout.ts'
import { LOOP_HEAD, LOOP_MARGIN } from './loop-frames.ts'
import { type Block, type Drawing, tidyBlocks } from './tidy-blocks.ts'

/** Free space around what a block holds. */
const PADDING = {
  body: { side: LOOP_MARGIN, head: LOOP_HEAD },
  group: { side: GROUP_MARGIN, head: GROUP_HEAD },
} as const

/** Where all of a zap stands when it is tidy, by the ids of its steps and the keys of its groups and notes. */
export type TidyLayout = ReadonlyMap<string, Rect>

/**
 * Lays a zap out from top to bottom, see {@link layeredLayout}. The body of a loop and what stands in a group are drawn by themselves
 * first and then placed as one block, so that nothing else comes to stand among them.
 */
export function tidyLayout(zap: Drawing): TidyLayout {
  return drawBlock(tidyBlocks(zap), zap).places
}

/** A draft laid out tidily. Its groups fit what stands in them, and notes stay by the step that they stood by. */
export function tidyZap(zap: ZapFile): ZapFile {
  const places = tidyLayout(zap)
  const put = <T extends Note | Group>(item: T, key: string): T => {
    const { x, y, width, height } = places.get(key) ?? { ...item.position, ...item }
    const stays = item.position.x === x && item.position.y === y && item.width === width && item.height === height
    return stays ? item : { ...item, position: { x, y }, width, height }
  }
  const notes = (zap.notes ?? []).map((note) => put(note, noteKey(note.id)))
  const groups = (zap.groups ?? []).map((group) => put(group, groupKey(group.id)))
  const isSame =
    notes.every((note, at) => note === zap.notes?.[at]) && groups.every((one, at) => one === zap.groups?.[at])
  const moved = moveSteps(zap, places)
  return isSame ? moved : withAnnotations(moved, notes, groups)
}

/** A draft in which every step has a position: those without one get the tidy layout's. */
export function withPositions(zap: ZapFile): ZapFile {
  if (zap.steps.every((step) => step.position !== undefined)) return zap
  const { steps, edges } = zap
  const tidy = tidyLayout({ steps, edges })
  const placeOf = (id: string): Position => {
    const { x, y } = tidy.get(id) ?? { x: 0, y: 0 }
    return { x, y }
  }
  return { ...zap, steps: steps.map((step) => ({ ...step, position: step.position ?? placeOf(step.id) })) }
}

/** A block with the places of all in it, from its upper left corner. */
type Drawn = { readonly width: number; readonly height: number; readonly places: TidyLayout }

function drawBlock(block: Block, zap: Drawing): Drawn {
  const inner = new Map(block.inner.map((one) => [one.id, drawBlock(one, zap)]))
  const boxes = inOrder(block, zap, [
    ...block.steps.map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    ...[...inner].map(([id, { width, height }]) => ({ id, width, height })),
  ])
  const corners = layeredLayout({ boxes, links: linksBetween(block, inner, zap) })
  const drawn = boxes.map((box) => ({ ...box, ...(corners.get(box.id) ?? { x: 0, y: 0 }) }))
  const places = new Map<string, Rect>()
  for (const { id, ...rect } of drawn) {
    // The frame of a loop follows its cards by itself.
    if (!id.startsWith('body:')) places.set(id, rect)
    for (const [key, at] of inner.get(id)?.places ?? []) places.set(key, moved(at, rect))
  }
  const notes = placeNotes(block, zap, places, drawn)
  for (const [key, rect] of notes) places.set(key, rect)
  const bounds = boundsOf([...drawn, ...notes.values()])
  if (block.kind === 'zap' || !bounds) {
    const group = zap.groups?.find(({ id }) => groupKey(id) === block.id)
    return { width: group?.width ?? 0, height: group?.height ?? 0, places }
  }
  const { side, head } = PADDING[block.kind]
  const by = { x: side - bounds.x, y: head - bounds.y }
  return {
    width: bounds.width + 2 * side,
    height: bounds.height + head + side,
    places: new Map([...places].map(([key, rect]) => [key, moved(rect, by)])),
  }
}

/** Boxes in the order of the file, which decides where nothing else does. The body of a loop comes right behind it, as its port does. */
function inOrder(block: Block, zap: Drawing, boxes: readonly Box[]): readonly Box[] {
  const placeOf = new Map(zap.steps.map((step, index) => [step.id, index]))
  const first = (one: Block): number =>
    Math.min(
      one.kind === 'body' ? (placeOf.get(one.id.slice('body:'.length)) ?? 0) + 0.5 : Number.POSITIVE_INFINITY,
      ...one.steps.map((id) => placeOf.get(id) ?? 0),
      ...one.inner.map(first),
    )
  const firsts = new Map(block.inner.map((one) => [one.id, first(one)]))
  const place = (id: string): number => firsts.get(id) ?? placeOf.get(id) ?? 0
  return boxes.toSorted((a, b) => place(a.id) - place(b.id))
}

/** What the edges of a zap connect in one block: its own steps, and the blocks that the others lie in. */
function linksBetween(block: Block, inner: ReadonlyMap<string, Drawn>, zap: Drawing): readonly Link[] {
  const ends = new Map<string, { readonly box: string; readonly x: number }>(
    block.steps.map((id) => [id, { box: id, x: 0 }]),
  )
  for (const [box, { width, places }] of inner) {
    for (const [id, rect] of places) ends.set(id, { box, x: rect.x + rect.width / 2 - width / 2 })
  }
  return zap.edges.flatMap((edge): Link[] => {
    const from = ends.get(edge.from)
    const to = ends.get(edge.to)
    if (!from || !to || from.box === to.box) return []
    return [{ from: from.box, to: to.box, fromX: from.x, toX: to.x }]
  })
}

/** Puts the notes of a block by the steps of it that they stand by now, clear of all that is drawn and of each other. */
function placeNotes(block: Block, zap: Drawing, places: TidyLayout, drawn: readonly Rect[]): ReadonlyMap<string, Rect> {
  const put = new Map<string, Rect>()
  for (const key of block.notes) {
    const note = zap.notes?.find(({ id }) => noteKey(id) === key)
    if (!note) continue
    const old: Rect = { ...note.position, width: note.width, height: note.height }
    const wanted = moved(old, shiftOfNearest(old, zap, places))
    put.set(key, { ...wanted, ...nearestFreePlace(wanted, [...drawn, ...put.values()]) })
  }
  return put
}

/** How far the step next to a note is moved; nowhere without any. */
function shiftOfNearest(note: Rect, zap: Drawing, places: TidyLayout): Position {
  let shift = { x: 0, y: 0 }
  let nearest = Number.POSITIVE_INFINITY
  for (const { id, position } of zap.steps) {
    const at = places.get(id)
    if (!position || !at) continue
    const distance = distanceBetween(note, { ...position, width: NODE_WIDTH, height: NODE_HEIGHT })
    if (distance >= nearest) continue
    nearest = distance
    shift = { x: at.x - position.x, y: at.y - position.y }
  }
  return shift
}

const moved = (rect: Rect, by: Position): Rect => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y })
