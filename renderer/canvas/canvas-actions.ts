import { createContext, use } from 'react'
import type { Edge } from '../../core/domain/zap/zap-file.ts'
import type { Rect } from '../draft/graph/rect.ts'
import type { AnnotationId } from '../draft/operations/annotations.ts'
import type { OpenEnd } from '../draft/operations/insert-steps.ts'

/** A point of the window. */
export type ScreenPoint = { readonly x: number; readonly y: number }

/** What cards and edges ask of the canvas that they stand on. */
export type CanvasActions = {
  /** Opens the step search for what follows an open output. */
  addAfter(end: OpenEnd, at: ScreenPoint): void
  /** Opens the step search for a step in the middle of an edge. */
  addOnEdge(edge: Edge, at: ScreenPoint): void
  /** The note or frame that is being written. */
  readonly writing: AnnotationId | null
  write(id: AnnotationId, text: string): void
  endWriting(): void
  /** Resizes a note or a frame; for good once it is `done`. */
  resize(id: AnnotationId, to: Rect, done: boolean): void
}

/** Null on a canvas that only shows. */
export const CanvasActionsContext = createContext<CanvasActions | null>(null)

export function useCanvasActions(): CanvasActions | null {
  return use(CanvasActionsContext)
}
