import { useReactFlow, useStoreApi, type Viewport } from '@xyflow/react'
import { type RefObject, useCallback, useRef, useState } from 'react'
import { DISTANT } from './distance.ts'
import { type Held, useHeldZoom } from './use-held-zoom.ts'

/** With more than this share of the cards in view, all of them are kept. */
const NEARLY_ALL = 0.7

/**
 * Follows the view of a canvas as it moves. While it is panned, the canvas has `data-moving`, so that its picture is moved as it is; not
 * while it is zoomed, as Chromium would go on drawing what comes into view as large as it was when the movement began.
 * Then it is held instead, if it `mayHold`.
 */
export function useMoving(
  canvas: RefObject<HTMLElement | null>,
  mayHold = true,
): {
  /** Whether cards out of view are drawn too: far away and with nearly all in view, letting them in and out would cost more. */
  isWhole: boolean
  /** What it is held at while it is zoomed; null when it is not. */
  held: Held | null
  onMoveStart(event: unknown, view: Viewport): void
  onMove(event: unknown, view: Viewport): void
  onMoveEnd(event: unknown, view: Viewport): void
} {
  const flow = useReactFlow()
  const store = useStoreApi()
  const [isWhole, setWhole] = useState(false)
  const { held, zoomed, release } = useHeldZoom(canvas, mayHold)
  const startedAt = useRef(0)

  const onMoveStart = useCallback(
    (_: unknown, { zoom }: Viewport) => {
      startedAt.current = zoom
      // Until it moves it may become a click; and the movement before is told of as ended only some time after it.
      canvas.current?.removeAttribute('data-moving')
    },
    [canvas],
  )
  const onMove = useCallback(
    (event: unknown, { zoom }: Viewport) => {
      canvas.current?.toggleAttribute('data-moving', zoom === startedAt.current)
      // By a hand: a view that is set, as when a zap opens, is to be seen whole at once.
      if (event != null && zoom !== startedAt.current) zoomed(startedAt.current, zoom)
      if (zoom >= DISTANT) setWhole(false)
    },
    [canvas, zoomed],
  )
  const onMoveEnd = useCallback(
    (_: unknown, { x, y, zoom }: Viewport) => {
      canvas.current?.removeAttribute('data-moving')
      release()
      const { nodeLookup, width, height } = store.getState()
      const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }
      setWhole(zoom < DISTANT && flow.getIntersectingNodes(view).length > NEARLY_ALL * nodeLookup.size)
    },
    [canvas, flow, store, release],
  )
  return { isWhole, held, onMoveStart, onMove, onMoveEnd }
}
