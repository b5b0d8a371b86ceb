import type { Position } from '../../../core/domain/zap/zap-file.ts'

/** Width and height of a cell, in canvas pixels: about a screen at the size at which cards can be read. */
const CELL = 1_200

/**
 * The part of the canvas that a place lies in. A drawing of many things is made of one drawing a cell, as Chromium goes through the whole
 * of a drawing for each tile of the screen that any of it may be in.
 */
export function cellOf({ x, y }: Position): string {
  return `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`
}
