import type { KeyboardEvent, PointerEvent as ReactPointerEvent } from 'react'
import { COLUMNS, type Column, setWidth, useWidth } from '../../stores/inspector-width.ts'

/** Pixels of one press of an arrow key. */
const STEP = 16

/** The edge of a column that is drawn, or moved with arrow keys. A double click brings its usual width back. */
export function ColumnDivider({ column, side, label }: { column: Column; side: 'left' | 'right'; label: string }) {
  const width = useWidth(column)
  // At its left edge a column grows to the left.
  const sign = side === 'left' ? -1 : 1
  const begin = (down: ReactPointerEvent<HTMLElement>): void => {
    if (down.button !== 0) return
    const divider = down.currentTarget
    divider.setPointerCapture(down.pointerId)
    const move = (event: PointerEvent): void => setWidth(column, width + sign * (event.clientX - down.clientX))
    divider.addEventListener('pointermove', move)
    divider.addEventListener('lostpointercapture', () => divider.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (way !== 0) setWidth(column, width + way * sign * STEP)
    else if (event.key === 'Home') setWidth(column, COLUMNS[column].least)
    else if (event.key === 'End') setWidth(column, COLUMNS[column].most)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that is moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={COLUMNS[column].least}
      aria-valuemax={COLUMNS[column].most}
      tabIndex={0}
      onPointerDown={begin}
      onDoubleClick={() => setWidth(column, COLUMNS[column].usual)}
      onKeyDown={onKeyDown}
      className={`absolute inset-y-0 z-10 w-2 cursor-col-resize touch-none transition-colors hover:bg-accent-line focus-visible:bg-accent-line ${side === 'left' ? '-left-1' : '-right-1'}`}
    />
  )
}
