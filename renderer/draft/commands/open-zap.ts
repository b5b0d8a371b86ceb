import type { Position } from '../../../core/domain/zap/zap-file.ts'
import type { AnnotationId } from '../operations/annotations.ts'
import type { DraftState } from '../session/draft-store.ts'
import type { LiveRuns } from '../session/live-runs.ts'

/** The open zap, as its commands see it at the moment when one is asked for. */
export type OpenZap = {
  readonly draft: DraftState
  readonly runs: LiveRuns
  readonly canvas: CanvasHands
  /** The step whose card has the focus. */
  readonly focused: string | null
  /** The step that is selected alone. */
  readonly single: string | null
  /** The note or frame that has the focus or, where no step is selected, is selected. */
  readonly annotation: AnnotationId | null
  isTrigger(stepId: string): boolean
}

/** What commands ask of the canvas that shows the zap. */
export type CanvasHands = {
  readonly selectedEdges: ReadonlySet<string>
  /** Whether the pointer has been over the canvas. */
  readonly hasPointer: boolean
  /** Where something new goes: at the pointer, or else in the upper middle of what is seen. */
  placeForNew(): Position
  /** Opens the search for a step at that place. */
  openSearch(): void
  /** Opens the search for a step that the output of this one leads to; false where its card is not there. */
  startConnecting(from: string): boolean
  /** Brings a step, a note or a frame into view and gives it the focus. */
  reveal(id: string): void
  /** Opens the form of a step; wide over the canvas, or as it was opened last. */
  openStep(id: string, wide: boolean): void
  showOutline(): void
  /** Opens the menu of what has the focus; false where there is nothing. */
  openMenu(): boolean
  fit(): void
  zoom(to: 'in' | 'out' | 'full'): void
  save(): void
}

/** What arrow keys go from: what has the focus, or else what is selected. */
export function hereIn({ annotation, single, focused }: OpenZap): string | null {
  return annotation ?? single ?? focused
}
