import { useReactFlow } from '@xyflow/react'
import { type RefObject, useCallback } from 'react'
import { useDraftStore } from '../editor/draft-store.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts'

const MARGIN = 40
/** Pixels at the top of the canvas that the words about a paused test take. */
const BANNER = 130

/** Moves a step into view, as far as it is not, and gives it the focus unless that is to stay where it is, in the banner of a test. */
export function useRevealStep(canvas: RefObject<HTMLDivElement | null>): (id: string, keepsFocus?: boolean) => void {
  const flow = useReactFlow()
  const store = useDraftStore()
  return useCallback(
    (id, keepsFocus = false) => {
      const element = canvas.current
      const at = store.getState().history.present.steps.find((step) => step.id === id)?.position
      if (!element || !at) return
      const { x, y, zoom } = flow.getViewport()
      // How far the card sticks out of each side of the canvas, in pixels of the window.
      const left = at.x * zoom + x - MARGIN
      const top = at.y * zoom + y - (keepsFocus ? BANNER : MARGIN)
      const right = (at.x + NODE_WIDTH) * zoom + x + MARGIN - element.clientWidth
      const bottom = (at.y + NODE_HEIGHT) * zoom + y + 2 * MARGIN - element.clientHeight
      const dx = left < 0 ? -left : right > 0 ? -right : 0
      const dy = top < 0 ? -top : bottom > 0 ? -bottom : 0
      if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 150 })
      if (keepsFocus) return
      // A card out of view is not in the document; it is once the viewport has moved.
      const focus = (): void => {
        const card = element.querySelector<HTMLElement>(`.react-flow__node[data-step-id="${CSS.escape(id)}"]`)
        card?.focus({ preventScroll: true })
      }
      requestAnimationFrame(() => requestAnimationFrame(focus))
    },
    [canvas, flow, store],
  )
}
