/** A place in the grid: rows and columns as they are shown, from 0. */
export type Place = { readonly row: number; readonly column: number }

/** The cell with the focus, and the other corner of what is selected. */
export type Selection = { readonly focus: Place; readonly anchor: Place }

/** Both ends of a block belong to it. */
export type Block = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }

export type GridSize = { readonly rows: number; readonly columns: number; readonly page: number }

export const at = (row: number, column: number): Selection => ({ focus: { row, column }, anchor: { row, column } })

export function blockOf({ focus, anchor }: Selection): Block {
  return {
    top: Math.min(focus.row, anchor.row),
    bottom: Math.max(focus.row, anchor.row),
    left: Math.min(focus.column, anchor.column),
    right: Math.max(focus.column, anchor.column),
  }
}

export function isIn({ top, bottom, left, right }: Block, row: number, column: number): boolean {
  return row >= top && row <= bottom && column >= left && column <= right
}

/** The row of a grid's heads. */
export const HEAD = -1

/** What a key that moves says: by how much, or to an end. */
const MOVES: Readonly<Record<string, (from: Place, size: GridSize, isFar: boolean) => Place>> = {
  ArrowUp: ({ row, column }, _, isFar) => ({ row: isFar ? 0 : row - 1, column }),
  ArrowDown: ({ row, column }, { rows }, isFar) => ({ row: isFar ? rows : row + 1, column }),
  ArrowLeft: ({ row, column }, _, isFar) => ({ row, column: isFar ? 0 : column - 1 }),
  ArrowRight: ({ row, column }, { columns }, isFar) => ({ row, column: isFar ? columns : column + 1 }),
  Home: ({ row }, _, isFar) => ({ row: isFar ? 0 : row, column: 0 }),
  End: ({ row }, { rows, columns }, isFar) => ({ row: isFar ? rows : row, column: columns }),
  PageUp: ({ row, column }, { page }) => ({ row: row - page, column }),
  PageDown: ({ row, column }, { page }) => ({ row: row + page, column }),
}

/**
 * Where a key leads; undefined for one that does not move. `size.rows` is the last row that can be reached: the one that adds a row. With Shift the block
 * grows, and holds no head.
 */
export function moved(
  selection: Selection,
  key: { readonly key: string; readonly isFar: boolean; readonly extends: boolean },
  size: GridSize,
): Selection | undefined {
  const move = MOVES[key.key]
  if (move === undefined) return undefined
  const last = { ...size, rows: size.rows - 1, columns: size.columns - 1 }
  const wanted = move(selection.focus, last, key.isFar)
  const least = key.extends || (key.isFar && key.key !== 'ArrowUp') ? 0 : HEAD
  const focus = { row: clamp(wanted.row, least, last.rows), column: clamp(wanted.column, 0, last.columns) }
  return { focus, anchor: key.extends ? selection.anchor : focus }
}

const clamp = (n: number, least: number, most: number): number => Math.max(least, Math.min(most, n))
