import { createContext, use } from 'react'
import type { Edge } from '../../core/domain/zap-file.ts'
import type { OpenEnd } from '../editor/insert-steps.ts'

/** A point of the window. */
export type ScreenPoint = { readonly x: number; readonly y: number }

/** What cards and edges ask of the canvas that they stand on. */
export type CanvasActions = {
  /** Opens the step search for what follows an open output. */
  addAfter(end: OpenEnd, at: ScreenPoint): void
  /** Opens the step search for a step in the middle of an edge. */
  addOnEdge(edge: Edge, at: ScreenPoint): void
}

/** Null on a canvas that only shows. */
export const CanvasActionsContext = createContext<CanvasActions | null>(null)

export function useCanvasActions(): CanvasActions | null {
  return use(CanvasActionsContext)
}
