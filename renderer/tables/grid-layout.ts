import type { Column } from './cell-values.ts'

/** Pixels. */
export const ROW_HEIGHT = 32
export const HEAD_HEIGHT = 33
export const NUMBER_WIDTH = 56
export const WRITER_WIDTH = 150
export const ADD_WIDTH = 40

const WIDTHS: Readonly<Record<Column['type'], number>> = {
  text: 176,
  number: 110,
  date: 160,
  boolean: 84,
  choice: 130,
  json: 190,
}

/** How wide a column is: as it was pulled, or as its kind and name want. */
export function widthOf({ width, type, name }: Pick<Column, 'width' | 'type' | 'name'>): number {
  return width ?? Math.min(280, Math.max(WIDTHS[type], 56 + 8 * name.length))
}

/** Where each column begins, and where the last one ends. */
export function offsetsOf(columns: readonly Column[]): number[] {
  const offsets = [NUMBER_WIDTH]
  for (const column of columns) offsets.push((offsets.at(-1) ?? 0) + widthOf(column))
  return offsets
}
