import type { ZapFile } from '../../core/domain/zap-file.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

/**
 * The step that an arrow key leads to. Down and up follow the connections, to the neighbour that is straightest below or above,
 * and without one to the nearest step that way; left and right go to the nearest step beside. Null at the end of the graph.
 */
export function walkTo(zap: ZapFile, from: string | null, direction: Direction): string | null {
  const first = zap.steps[0]
  if (from === null) return first?.id ?? null
  const here = zap.steps.find((step) => step.id === from)?.position
  if (!here) return first?.id ?? null
  const connected = new Set(
    direction === 'down'
      ? zap.edges.filter((edge) => edge.from === from).map((edge) => edge.to)
      : direction === 'up'
        ? zap.edges.filter((edge) => edge.to === from).map((edge) => edge.from)
        : [],
  )
  let best: { id: string; cost: number } | null = null
  for (const step of zap.steps) {
    if (step.id === from || !step.position) continue
    const dx = step.position.x - here.x
    const dy = step.position.y - here.y
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[direction]
    const aside = Math.abs(direction === 'up' || direction === 'down' ? dx : dy)
    const isConnected = connected.has(step.id)
    if (!isConnected && ahead <= 0) continue
    // A connected step wins over any other; among equals the straightest way does.
    const cost = (isConnected ? 0 : 1e7) + Math.max(0, ahead) + 3 * aside
    if (best === null || cost < best.cost) best = { id: step.id, cost }
  }
  return best?.id ?? null
}
