import { useReactFlow } from '@xyflow/react'
import { type PointerEvent, type RefObject, useCallback, useRef } from 'react'
import type { CanvasHands, OpenZap } from '../../draft/commands/open-zap.ts'
import { type AnnotationId, isAnnotation } from '../../draft/operations/annotations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { useConnectors } from '../../queries/connectors.ts'
import type { ScreenPoint } from '../canvas-actions.ts'

/** What the canvas around a command does for it. */
export type CanvasOptions = Pick<
  CanvasHands,
  'selectedEdges' | 'reveal' | 'fit' | 'openStep' | 'save' | 'showOutline'
> & {
  readonly canvas: RefObject<HTMLDivElement | null>
  openSearch(at: ScreenPoint): void
  onConnect(from: string, at: ScreenPoint): void
}

/**
 * The open zap as its commands see it, at the moment when `openZap` is called. That function stays the same one, so that what is given it
 * is not drawn again with the canvas.
 */
export function useOpenZap(options: CanvasOptions): {
  openZap(): OpenZap
  onPointerMove(event: PointerEvent): void
} {
  const store = useDraftStore()
  const runs = useLiveRuns()
  const connectors = useConnectors()
  const flow = useReactFlow()
  const pointer = useRef<ScreenPoint | null>(null)

  const build = (): OpenZap => {
    const { canvas } = options
    const draft = store.getState()
    const { selected, marked, history } = draft
    /** The pointer's place or, where it is not over the canvas, the upper middle of that. */
    const pointOnCanvas = (): ScreenPoint => {
      const box = canvas.current?.getBoundingClientRect() ?? new DOMRect()
      const at = pointer.current
      const isOver = at && at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom
      return isOver ? at : { x: box.x + box.width / 2, y: box.y + box.height / 4 }
    }
    return {
      draft,
      runs,
      focused: document.activeElement?.closest('[data-step-id]')?.getAttribute('data-step-id') ?? null,
      single: selected.length === 1 ? (selected[0] ?? null) : null,
      annotation: annotationOf(document.activeElement) ?? (selected.length === 0 ? (marked[0] ?? null) : null),
      isTrigger: (id) =>
        connectors.get(history.present.steps.find((step) => step.id === id)?.uses ?? '')?.kind === 'trigger',
      canvas: {
        selectedEdges: options.selectedEdges,
        hasPointer: pointer.current !== null,
        placeForNew: () => flow.screenToFlowPosition(pointOnCanvas()),
        openSearch: () => options.openSearch(pointOnCanvas()),
        startConnecting: (from) => {
          const card = canvas.current?.querySelector(`[data-step-id="${CSS.escape(from)}"]`)
          if (!card) return false
          const box = card.getBoundingClientRect()
          options.onConnect(from, { x: box.x + box.width / 2, y: box.bottom + 8 })
          return true
        },
        reveal: options.reveal,
        openStep: options.openStep,
        showOutline: options.showOutline,
        openMenu: () => openMenu(canvas.current),
        fit: options.fit,
        zoom: (to) => {
          if (to === 'in') void flow.zoomIn({ duration: 120 })
          else if (to === 'out') void flow.zoomOut({ duration: 120 })
          else void flow.zoomTo(1, { duration: 120 })
        },
        save: options.save,
      },
    }
  }
  const latest = useRef(build)
  latest.current = build
  return {
    openZap: useCallback(() => latest.current(), []),
    onPointerMove: (event) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    },
  }
}

function annotationOf(element: Element | null): AnnotationId | null {
  const id = element?.closest('[data-annotation-id]')?.getAttribute('data-annotation-id')
  return id && isAnnotation(id) ? id : null
}

/** Opens the menu of what has the focus, as a right click in its middle would. */
function openMenu(canvas: HTMLElement | null): boolean {
  const card = document.activeElement?.closest('.react-flow__node, .react-flow__edge')
  const element = card ?? canvas?.querySelector('.react-flow__pane')
  if (!element) return false
  const box = element.getBoundingClientRect()
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }))
  return true
}
