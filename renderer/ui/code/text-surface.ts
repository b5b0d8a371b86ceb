/** A change of a text: `inserted` in place of `[start, end)`, then the caret at `caret`. */
export type SurfaceChange = {
  readonly start: number
  readonly end: number
  readonly inserted: string
  readonly caret: number
}

/** What a field's completion and data picker do with it, however it is drawn. */
export type TextSurface = {
  focus(): void
  /** Brings caret and focus to a line, from 1. */
  goToLine?(line: number): void
  /** Changes the text as if it had been typed, so that the field's own undo takes it back. */
  apply(change: SurfaceChange): void
  /** Where character number `offset` stands on the screen. */
  caretRect(offset: number): DOMRect | null
}
