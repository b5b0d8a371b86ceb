import type { Rectangle } from 'electron'
import type { Place } from './shell-file.ts'

/** What must be seen of a window's upper edge so that it can be taken hold of. */
const GRIP = { width: 120, height: 40 }

export const USUAL_SIZE = { width: 1280, height: 800 }
export const LEAST_SIZE = { width: 900, height: 600 }

/**
 * Where a window opens: where it was, as far as the displays that are there now show it; else in its usual size, in the middle of the
 * system's choice. Never larger than the display that it is on.
 */
export function placeOn(
  kept: Place | null,
  displays: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (kept === null) return fitted(USUAL_SIZE, displays[0])
  for (const area of displays) {
    // As large as it opens: a window that was wider than this display may have reached it with what is cut off.
    const size = fitted(kept, area)
    const across = Math.min(kept.x + size.width, area.x + area.width) - Math.max(kept.x, area.x)
    const isGripSeen = kept.y >= area.y && kept.y + GRIP.height <= area.y + area.height
    if (across >= Math.min(GRIP.width, size.width) && isGripSeen) return { x: kept.x, y: kept.y, ...size }
  }
  return fitted(kept, displays[0])
}

function fitted(
  size: { width: number; height: number },
  display: Rectangle | undefined,
): { width: number; height: number } {
  const { width, height } = display ?? size
  return {
    width: Math.max(Math.min(size.width, width), Math.min(LEAST_SIZE.width, width)),
    height: Math.max(Math.min(size.height, height), Math.min(LEAST_SIZE.height, height)),
  }
}
