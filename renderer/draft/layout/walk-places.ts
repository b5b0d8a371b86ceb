import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import type { Rect } from '../graph/rect.ts'
import { groupKey, noteKey } from '../operations/annotations.ts'

/** Height of the strip of a frame that has its title. */
const FRAME_HEAD = 36

/** What the arrow keys lead to, by its id on the canvas, and where it is. */
export type WalkPlace = Rect & { readonly id: string }

/** Every step with a place, every note, and of every frame its title: what is seen when one looks for it. */
export function walkPlaces(zap: ZapFile): readonly WalkPlace[] {
  const card = { width: NODE_WIDTH, height: NODE_HEIGHT }
  return [
    ...zap.steps.flatMap(({ id, position }) => (position ? [{ id, ...position, ...card }] : [])),
    ...(zap.notes ?? []).map(({ id, position, width, height }) => ({ id: noteKey(id), ...position, width, height })),
    ...(zap.groups ?? []).map(({ id, position, width }) => ({
      id: groupKey(id),
      ...position,
      width: Math.min(width, NODE_WIDTH),
      height: FRAME_HEAD,
    })),
  ]
}

/** Where one of these is; null for one that is not there. */
export function placeOnCanvas(zap: ZapFile, id: string): Rect | null {
  return walkPlaces(zap).find((place) => place.id === id) ?? null
}
