import { createContext, use } from 'react'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import type { Edge } from '../../core/domain/zap/zap-file.ts'
import type { Rect } from '../draft/graph/rect.ts'
import type { AnnotationId } from '../draft/operations/annotations.ts'
import type { OpenEnd, StepPreset } from '../draft/operations/insert-steps.ts'

/** A point of the window. */
export type ScreenPoint = { readonly x: number; readonly y: number }

/** What the palette asks of the canvas. */
export type CanvasHandle = {
  /** Adds a step where it makes the most sense. It has the focus then, unless that is to stay where it is. */
  add(connector: ConnectorManifest, preset?: StepPreset, keepsFocus?: boolean): void
  /** Adds a step where it was dropped; false when that was not on the canvas. */
  drop(connector: ConnectorManifest, at: ScreenPoint, preset?: StepPreset): boolean
  /** Shows what a drop at this point would do; null ends that. */
  hover(at: ScreenPoint | null): void
  /** Selects a step, a note or a frame, brings it into view and gives it the focus. */
  show(id: string): void
  /** Selects a step and brings it into view; the focus stays where it is. */
  point(id: string): void
}

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
