import type { ScreenPoint } from '../canvas-actions.ts'

/** What lies on the canvas under a point of the window. */
export type DropTarget =
  | { readonly kind: 'edge'; readonly id: string; readonly element: Element }
  | { readonly kind: 'step'; readonly id: string; readonly port: string | null; readonly element: Element }
  | { readonly kind: 'pane' }

/** The edge, step or empty place at a point; null outside of the canvas. `ignored` is a step that is being dragged itself. */
export function dropTargetAt(canvas: Element, at: ScreenPoint, ignored: string | null = null): DropTarget | null {
  const stack = document.elementsFromPoint(at.x, at.y)
  if (!stack.some((element) => canvas.contains(element))) return null
  for (const element of stack) {
    const step = element.closest('[data-step-id]')
    const stepId = step?.getAttribute('data-step-id')
    if (step && stepId && stepId !== ignored) {
      const port = element.closest('[data-port]')?.getAttribute('data-port') ?? null
      return { kind: 'step', id: stepId, port, element: step }
    }
    const edge = element.closest('.react-flow__edge')
    const edgeId = edge?.getAttribute('data-id')
    if (edge && edgeId) return { kind: 'edge', id: edgeId, element: edge }
  }
  return { kind: 'pane' }
}

let marked: Element | null = null

/** Marks what would receive a drop. Straight in the DOM: it changes with every move of the pointer, and no component needs it. */
export function markDropTarget(target: DropTarget | null): void {
  const element = target && target.kind !== 'pane' ? target.element : null
  if (element === marked) return
  marked?.removeAttribute('data-drop-target')
  element?.setAttribute('data-drop-target', '')
  marked = element
}
