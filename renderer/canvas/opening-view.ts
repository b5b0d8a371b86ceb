import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../draft/graph/node-size.ts'
import { boundsOf } from '../draft/graph/rect.ts'

/** Which part of the canvas is seen, as React Flow says it. */
export type View = { readonly x: number; readonly y: number; readonly zoom: number }

/** Free space around everything, in pixels of the window; at the bottom, where the toolbar lies, more of it. */
const MARGIN = 32
const BOTTOM = 80
/** From where a first step hangs down when not everything fits. */
const TOP = 96
/** Cards cannot be read any more below this zoom. */
const LEAST_ZOOM = 0.45
const READABLE_ZOOM = 0.75

/**
 * What is seen of a zap when it opens in a canvas of this size: everything, where it can still be read; or else its
 * beginning, the topmost step in the upper middle. Computed rather than measured, as cards out of view are not drawn.
 */
export function openingView(
  { steps, notes = [], groups = [] }: Pick<ZapFile, 'steps' | 'notes' | 'groups'>,
  width: number,
  height: number,
): View {
  const cards = steps.map(({ position = { x: 0, y: 0 } }) => ({ ...position, width: NODE_WIDTH, height: NODE_HEIGHT }))
  const first = cards.toSorted((a, b) => a.y - b.y || a.x - b.x)[0]
  const all = boundsOf([...cards, ...[...notes, ...groups].map((one) => ({ ...one, ...one.position }))])
  if (!first || !all) return { x: (width - NODE_WIDTH) / 2, y: TOP, zoom: 1 }
  const fitting = Math.min((width - 2 * MARGIN) / all.width, (height - MARGIN - BOTTOM) / all.height)
  if (fitting < LEAST_ZOOM) {
    const zoom = READABLE_ZOOM
    return { x: width / 2 - (first.x + NODE_WIDTH / 2) * zoom, y: TOP - first.y * zoom, zoom }
  }
  const zoom = Math.min(1, fitting)
  return {
    x: width / 2 - (all.x + all.width / 2) * zoom,
    y: (height + MARGIN - BOTTOM) / 2 - (all.y + all.height / 2) * zoom,
    zoom,
  }
}
