import { ViewportPortal } from '@xyflow/react'
import { memo } from 'react'
import { boundsOf, type Rect } from '../../draft/graph/rect.ts'
import type { CanvasNode } from '../cards/annotation-nodes.ts'

/** The ground reaches this far beyond the outermost cards, for what hangs below and beside them, in canvas pixels. */
const MARGIN = 400
/** It grows by this much at a time, so that it does not change with every step of a drag. */
const STEP = 2_000

/**
 * An unseen surface below everything on the canvas. Chromium draws what moves together in one layer only where that leaves
 * little of the layer empty; without something that fills it, cards far apart get layers of their own, which are put together
 * anew in every frame in which the view moves (ADR 15 has the measurement).
 */
export const CanvasGround = memo(function CanvasGround({ nodes }: { nodes: readonly CanvasNode[] }) {
  const bounds = groundUnder(nodes)
  return (
    bounds && (
      <ViewportPortal>
        <Ground {...bounds} />
      </ViewportPortal>
    )
  )
})

const Ground = memo(function Ground({ x, y, width, height }: Rect) {
  return <div aria-hidden className="canvas-ground" style={{ left: x, top: y, width, height }} />
})

/** Where the ground under these nodes is: around all of them, in large steps; null where there are none. */
export function groundUnder(nodes: readonly Pick<CanvasNode, 'position' | 'width' | 'height'>[]): Rect | null {
  const bounds = boundsOf(
    nodes.map(({ position, width = 0, height = 0 }) => ({ x: position.x, y: position.y, width, height })),
  )
  if (!bounds) return null
  const x = Math.floor((bounds.x - MARGIN) / STEP) * STEP
  const y = Math.floor((bounds.y - MARGIN) / STEP) * STEP
  return {
    x,
    y,
    width: Math.ceil((bounds.x + bounds.width + MARGIN - x) / STEP) * STEP,
    height: Math.ceil((bounds.y + bounds.height + MARGIN - y) / STEP) * STEP,
  }
}
