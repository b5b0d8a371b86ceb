import { useReactFlow } from '@xyflow/react'
import { type PointerEvent, type RefObject, useCallback, useRef } from 'react'
import type { ZapFile } from '../../../core/domain/zap-file.ts'
import type { ActionId } from '../../commands/actions.ts'
import { openPalette } from '../../commands/palette-store.ts'
import { edgeKey } from '../../draft/graph/connection-rules.ts'
import { tidyZap } from '../../draft/layout/tidy-layout.ts'
import { walkTo } from '../../draft/layout/walk-steps.ts'
import {
  type AnnotationId,
  addGroup,
  addNote,
  deleteAnnotations,
  isAnnotation,
} from '../../draft/operations/annotations.ts'
import { deleteSteps, disconnect, toggleDisabled } from '../../draft/operations/draft-operations.ts'
import { duplicateSteps } from '../../draft/operations/insert-steps.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { useLiveRuns } from '../../draft/session/live-runs.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { toggleBreakpoints } from '../../stores/breakpoints.ts'
import type { ScreenPoint } from '../canvas-actions.ts'
import { isArrowAction, useArrows } from './use-arrows.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'

/** What keys and the toolbar do with the selection. */
export function useCanvasCommands(options: {
  readonly canvas: RefObject<HTMLDivElement | null>
  readonly selectedEdges: ReadonlySet<string>
  openSearch(at: ScreenPoint): void
  reveal(id: string): void
  fit(): void
  onOpenStep(id: string): void
  onSave(): void
  onOutline(): void
  onConnect(from: string, at: ScreenPoint): void
}) {
  const { canvas } = options
  const store = useDraftStore()
  const runs = useLiveRuns()
  const connectors = useConnectors()
  const flow = useReactFlow()
  const pointer = useRef<ScreenPoint | null>(null)

  const tidy = useCallback(() => {
    store.getState().change(tidyZap)
    requestAnimationFrame(options.fit)
  }, [store, options.fit])

  /** The pointer's place, or where it is not over the canvas, the upper middle of that. */
  const pointOnCanvas = (): ScreenPoint => {
    const box = canvas.current?.getBoundingClientRect() ?? new DOMRect()
    const at = pointer.current
    const isOver = at && at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom
    return isOver ? at : { x: box.x + box.width / 2, y: box.y + box.height / 4 }
  }

  const openSearch = (): boolean => {
    options.openSearch(pointOnCanvas())
    return true
  }

  const arrows = useArrows(options.reveal)

  const act = (action: ActionId, event?: KeyboardEvent): boolean => {
    const state = store.getState()
    const { selected } = state
    const focused = document.activeElement?.closest('[data-step-id]')?.getAttribute('data-step-id') ?? null
    const [one] = selected.length === 1 ? selected : []
    const annotation =
      annotationOf(document.activeElement) ?? (selected.length === 0 ? (state.marked[0] ?? null) : null)
    const here = annotation ?? one ?? focused
    if (isArrowAction(action)) return arrows(action, here)
    switch (action) {
      case 'undo':
        state.undo()
        return true
      case 'redo':
        state.redo()
        return true
      case 'duplicate': {
        const [copy] = state.insert((zap) => duplicateSteps(zap, selected, state.marked))
        if (copy !== undefined) options.reveal(copy)
        return true
      }
      case 'delete': {
        const gone = new Set(selected)
        const { present } = state.history
        const before =
          present.edges.find((edge) => gone.has(edge.to) && !gone.has(edge.from))?.from ??
          nearestTo(present, here, new Set([...selected, ...state.marked]))
        state.change((zap) => {
          const edges = zap.edges.filter((edge) => options.selectedEdges.has(edgeKey(edge)))
          return deleteAnnotations(deleteSteps(disconnect(zap, edges), selected), state.marked)
        })
        // Or else whoever works by keyboard would begin again at the top of the page.
        if (before !== undefined) {
          state.selectOne(before)
          options.reveal(before)
        }
        return true
      }
      case 'add':
        // Tab moves the focus as everywhere, unless a step is selected or the pointer is on a canvas without focus.
        if (event?.key === 'Tab' && (focused !== null ? !selected.includes(focused) : pointer.current === null))
          return false
        return openSearch()
      case 'connect': {
        const from = focused ?? one
        const card = from === undefined ? null : canvas.current?.querySelector(`[data-step-id="${CSS.escape(from)}"]`)
        if (from === undefined || !card) return false
        state.select([from])
        const box = card.getBoundingClientRect()
        options.onConnect(from, { x: box.x + box.width / 2, y: box.bottom + 8 })
        return true
      }
      case 'outline':
        options.onOutline()
        return true
      case 'add-note':
        state.annotate((zap) => addNote(zap, flow.screenToFlowPosition(pointOnCanvas())))
        return true
      case 'frame':
        state.annotate((zap) => addGroup(zap, selected, ''))
        return selected.length > 0
      case 'rename':
        if (annotation !== null) state.write(annotation)
        if (annotation !== null) return true
        if (one !== undefined) state.focusOn(one, 'name')
        return one !== undefined
      case 'open': {
        if (annotation !== null) state.write(annotation)
        if (annotation !== null) return true
        const id = focused ?? one
        if (id !== undefined) options.onOpenStep(id)
        return id !== undefined
      }
      case 'toggle-disabled':
        state.change((zap) => toggleDisabled(zap, selected))
        return true
      case 'toggle-breakpoint': {
        // A trigger is where a test begins: there is nothing to stop before.
        const steps = state.history.present.steps.filter(({ id }) => selected.includes(id))
        const ids = steps.filter(({ uses }) => connectors.get(uses)?.kind !== 'trigger').map(({ id }) => id)
        if (ids.length > 0) toggleBreakpoints(state.host.id, ids)
        return ids.length > 0
      }
      case 'step-through':
        if (!runs.isRunning) void runs.start('every-step')
        return true
      case 'next-step':
        if (runs.paused !== null) void runs.goOn('every-step')
        return true
      case 'continue-test':
        if (runs.paused !== null) void runs.goOn('breakpoints')
        return true
      case 'select-all':
        state.select(state.history.present.steps.map((step) => step.id))
        return true
      case 'deselect':
        state.select([])
        return true
      case 'find':
        openPalette('steps')
        return true
      case 'fit':
        options.fit()
        return true
      case 'tidy':
        tidy()
        return true
      case 'zoom-in':
        void flow.zoomIn({ duration: 120 })
        return true
      case 'zoom-out':
        void flow.zoomOut({ duration: 120 })
        return true
      case 'zoom-reset':
        void flow.zoomTo(1, { duration: 120 })
        return true
      case 'save':
        options.onSave()
        return true
      case 'menu':
        return openMenu(canvas.current)
      // The frame's own.
      case 'open-palette':
      case 'show-shortcuts':
        return false
    }
  }
  useCanvasKeys(canvas, act)

  return {
    tidy,
    run: (action: ActionId): void => void act(action),
    onPointerMove: (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    },
  }
}

function annotationOf(element: Element | null): AnnotationId | null {
  const id = element?.closest('[data-annotation-id]')?.getAttribute('data-annotation-id')
  return id && isAnnotation(id) ? id : null
}

/** What is beside something on the canvas, and stays when that goes. */
function nearestTo(zap: ZapFile, id: string | null, gone: ReadonlySet<string>): string | undefined {
  if (id === null) return undefined
  const ways = (['up', 'left', 'down', 'right'] as const).map((way) => walkTo(zap, id, way))
  return ways.find((one) => one !== null && !gone.has(one)) ?? undefined
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
