import { useReactFlow } from '@xyflow/react'
import { type RefObject, useCallback } from 'react'
import { placeOnCanvas } from '../draft/layout/walk-places.ts'
import { useDraftStore } from '../draft/session/draft-store.ts'

const MARGIN = 40
/** Pixels at the top of the canvas that the words about a paused test take. */
const BANNER = 130

/**
 * Moves a step, a note or the title of a frame into view, as far as it is not, and gives it the focus unless that is to stay where
 * it is, in the banner of a test.
 */
export function useReveal(canvas: RefObject<HTMLDivElement | null>): (id: string, keepsFocus?: boolean) => void {
  const flow = useReactFlow()
  const store = useDraftStore()
  return useCallback(
    (id, keepsFocus = false) => {
      const element = canvas.current
      const at = placeOnCanvas(store.getState().history.present, id)
      if (!element || !at) return
      const { x, y, zoom } = flow.getViewport()
      // How far it sticks out of each side of the canvas, in pixels of the window.
      const left = at.x * zoom + x - MARGIN
      const top = at.y * zoom + y - (keepsFocus ? BANNER : MARGIN)
      const right = (at.x + at.width) * zoom + x + MARGIN - element.clientWidth
      const bottom = (at.y + at.height) * zoom + y + 2 * MARGIN - element.clientHeight
      const dx = left < 0 ? -left : right > 0 ? -right : 0
      const dy = top < 0 ? -top : bottom > 0 ? -bottom : 0
      if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 150 })
      if (keepsFocus) return
      // What is out of view is not in the document; it is once the viewport has moved.
      const focus = (): void => {
        const card = element.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
        card?.focus({ preventScroll: true })
      }
      requestAnimationFrame(() => requestAnimationFrame(focus))
    },
    [canvas, flow, store],
  )
}
