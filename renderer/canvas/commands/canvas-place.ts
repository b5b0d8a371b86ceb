import { type AnnotationId, isAnnotation } from '../../draft/operations/annotations.ts'

/** What a menu of the canvas is about. */
export type CanvasPlace =
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'selection' }
  | { readonly kind: 'edge'; readonly id: string }
  | { readonly kind: 'annotation'; readonly id: AnnotationId }
  | { readonly kind: 'pane' }

/** What lies at an element of the canvas. A step among several selected ones stands for all of them. */
export function placeOf(element: Element, selected: readonly string[]): CanvasPlace {
  const step = element.closest('[data-step-id]')?.getAttribute('data-step-id')
  if (step) return selected.length > 1 && selected.includes(step) ? { kind: 'selection' } : { kind: 'step', id: step }
  const annotation = element.closest('[data-annotation-id]')?.getAttribute('data-annotation-id')
  if (annotation && isAnnotation(annotation)) return { kind: 'annotation', id: annotation }
  const edge = element.closest('.react-flow__edge')?.getAttribute('data-id')
  return edge ? { kind: 'edge', id: edge } : { kind: 'pane' }
}
