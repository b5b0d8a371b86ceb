/** A rectangle on the canvas, in its pixels. */
export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** The smallest rectangle around others; null around nothing. */
export function boundsOf(rects: readonly Rect[]): Rect | null {
  const [first] = rects
  if (!first) return null
  let { x, y } = first
  let right = x + first.width
  let bottom = y + first.height
  for (const rect of rects) {
    x = Math.min(x, rect.x)
    y = Math.min(y, rect.y)
    right = Math.max(right, rect.x + rect.width)
    bottom = Math.max(bottom, rect.y + rect.height)
  }
  return { x, y, width: right - x, height: bottom - y }
}
