import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import type { Rect } from '../graph/rect.ts'
import { walkPlaces } from './walk-places.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

/**
 * What an arrow key leads to: a step, a note or a frame. Down and up follow the connections, to the neighbour that is straightest below
 * or above, and without one to what is nearest that way; left and right go to what is nearest beside. Null at the end of the graph.
 */
export function walkTo(zap: ZapFile, from: string | null, direction: Direction): string | null {
  const places = walkPlaces(zap)
  const [first] = places
  const here = places.find((place) => place.id === from)
  if (!here) return first?.id ?? null
  const connected = new Set(
    direction === 'down'
      ? zap.edges.filter((edge) => edge.from === from).map((edge) => edge.to)
      : direction === 'up'
        ? zap.edges.filter((edge) => edge.to === from).map((edge) => edge.from)
        : [],
  )
  let best: { id: string; cost: number } | null = null
  for (const place of places) {
    if (place.id === from) continue
    const dx = middle(place).x - middle(here).x
    const dy = middle(place).y - middle(here).y
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[direction]
    const aside = Math.abs(direction === 'up' || direction === 'down' ? dx : dy)
    const isConnected = connected.has(place.id)
    if (!isConnected && ahead <= 0) continue
    // A connected step wins over anything else; among equals the straightest way does.
    const cost = (isConnected ? 0 : 1e7) + Math.max(0, ahead) + 3 * aside
    if (best === null || cost < best.cost) best = { id: place.id, cost }
  }
  return best?.id ?? null
}

function middle({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}
