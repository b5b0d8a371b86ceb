import type { Position } from '../../../core/domain/zap/zap-file.ts'
import type { Rect } from './rect.ts'

/** Free space that is kept around what gets a place. */
const GAP = 16

/** Distance of two rectangles; 0 where they touch or overlap. */
export function distanceBetween(a: Rect, b: Rect): number {
  const dx = Math.max(0, a.x - (b.x + b.width), b.x - (a.x + a.width))
  const dy = Math.max(0, a.y - (b.y + b.height), b.y - (a.y + a.height))
  return Math.hypot(dx, dy)
}

/** The place nearest to where `wanted` is at which it keeps clear of all that is there; straight to a side, up or down from it. */
export function nearestFreePlace(wanted: Rect, taken: readonly Rect[]): Position {
  const { x, y, width, height } = wanted
  const isFree = (at: Position): boolean =>
    taken.every(
      (one) =>
        at.x >= one.x + one.width + GAP ||
        at.x + width + GAP <= one.x ||
        at.y >= one.y + one.height + GAP ||
        at.y + height + GAP <= one.y,
    )
  if (isFree(wanted)) return { x, y }
  // A free place begins right behind something. Beyond the outermost of them there always is one.
  const candidates = taken.flatMap((one): Position[] => [
    { x: one.x + one.width + GAP, y },
    { x: one.x - width - GAP, y },
    { x, y: one.y + one.height + GAP },
    { x, y: one.y - height - GAP },
  ])
  const farness = (at: Position): number => Math.abs(at.x - x) + Math.abs(at.y - y)
  return candidates.toSorted((a, b) => farness(a) - farness(b)).find(isFree) ?? { x, y }
}
