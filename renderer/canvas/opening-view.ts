import type { Step } from '../../core/domain/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'

/** Which part of the canvas is seen, as React Flow says it. */
export type View = { readonly x: number; readonly y: number; readonly zoom: number }

/** Free space around everything, in pixels of the window; at the bottom, where the toolbar lies, more of it. */
const MARGIN = 64
const BOTTOM = 96
/** From where a first step hangs down when not everything fits. */
const TOP = 96
/** Cards cannot be read any more below this zoom. */
const LEAST_ZOOM = 0.45
const READABLE_ZOOM = 0.75

/**
 * What is seen of a zap when it opens in a canvas of this size: everything, where it can still be read; or else its
 * beginning, the topmost step in the upper middle. Computed rather than measured, as cards out of view are not drawn.
 */
export function openingView(steps: readonly Step[], width: number, height: number): View {
  const places = steps.map((step) => step.position ?? { x: 0, y: 0 })
  const first = places.toSorted((a, b) => a.y - b.y || a.x - b.x)[0]
  if (!first) return { x: (width - NODE_WIDTH) / 2, y: TOP, zoom: 1 }
  // Not Math.min(...xs): thousands of arguments overflow the stack.
  const left = places.reduce((least, at) => Math.min(least, at.x), first.x)
  const right = places.reduce((most, at) => Math.max(most, at.x), first.x) + NODE_WIDTH
  const bottom = places.reduce((most, at) => Math.max(most, at.y), first.y) + NODE_HEIGHT
  const fitting = Math.min((width - 2 * MARGIN) / (right - left), (height - MARGIN - BOTTOM) / (bottom - first.y))
  if (fitting < LEAST_ZOOM) {
    const zoom = READABLE_ZOOM
    return { x: width / 2 - (first.x + NODE_WIDTH / 2) * zoom, y: TOP - first.y * zoom, zoom }
  }
  const zoom = Math.min(1, fitting)
  return {
    x: width / 2 - ((left + right) / 2) * zoom,
    y: (height + MARGIN - BOTTOM) / 2 - ((first.y + bottom) / 2) * zoom,
    zoom,
  }
}
