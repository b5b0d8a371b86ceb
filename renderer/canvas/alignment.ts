import type { Rect } from './rect.ts'

/** A line along which things stand: `x` is the place of an upright one, `y` of a level one. */
export type Guide = { readonly axis: 'x' | 'y'; readonly at: number; readonly from: number; readonly to: number }

/** How far to move along each axis; null along one in which nothing pulls. */
export type Alignment = {
  readonly dx: number | null
  readonly dy: number | null
  readonly guides: readonly Guide[]
}

/** Things farther away than this, in canvas pixels, do not pull. */
const NEAR = 1200

/**
 * How far something that is dragged must still move to stand in line with others near it, edge with edge or centre with centre,
 * where that is at most `reach`; and the lines that it then stands on. Of two that are as far, the nearer one pulls.
 */
export function align(moving: Rect, others: readonly Rect[], reach: number): Alignment {
  const near = others.filter((other) => gap(moving, other, 'x') < NEAR && gap(moving, other, 'y') < NEAR)
  const dx = pull(moving, near, 'x', reach)
  const dy = pull(moving, near, 'y', reach)
  const settled = { ...moving, x: moving.x + (dx ?? 0), y: moving.y + (dy ?? 0) }
  return {
    dx,
    dy,
    guides: [
      ...(dx === null ? [] : guidesOf(settled, near, 'x')),
      ...(dy === null ? [] : guidesOf(settled, near, 'y')),
    ],
  }
}

function pull(moving: Rect, others: readonly Rect[], axis: 'x' | 'y', reach: number): number | null {
  let best: { by: number; gap: number } | null = null
  const own = linesOf(moving, axis)
  for (const other of others) {
    const far = gap(moving, other, axis === 'x' ? 'y' : 'x')
    for (const [line, at] of linesOf(other, axis).entries()) {
      for (const [mine, from] of own.entries()) {
        // A centre is in line with a centre, an edge with either edge.
        if ((line === CENTRE) !== (mine === CENTRE)) continue
        const by = at - from
        if (Math.abs(by) > reach) continue
        const closer = best === null || Math.abs(by) < Math.abs(best.by)
        if (closer || (best !== null && Math.abs(by) === Math.abs(best.by) && far < best.gap)) best = { by, gap: far }
      }
    }
  }
  return best?.by ?? null
}

// One guide a line, as long as all that stands on it.
function guidesOf(settled: Rect, others: readonly Rect[], axis: 'x' | 'y'): readonly Guide[] {
  const own = linesOf(settled, axis)
  const [start, length] = axis === 'x' ? (['y', 'height'] as const) : (['x', 'width'] as const)
  const guides = new Map<number, Guide>()
  for (const other of others) {
    for (const [line, at] of linesOf(other, axis).entries()) {
      if (!own.some((mine, index) => (index === CENTRE) === (line === CENTRE) && Math.abs(mine - at) < 0.5)) continue
      const known = guides.get(at) ?? { axis, at, from: settled[start], to: settled[start] + settled[length] }
      guides.set(at, {
        ...known,
        from: Math.min(known.from, other[start]),
        to: Math.max(known.to, other[start] + other[length]),
      })
    }
  }
  return [...guides.values()]
}

const CENTRE = 1

function linesOf(rect: Rect, axis: 'x' | 'y'): readonly [number, number, number] {
  const from = rect[axis]
  const size = axis === 'x' ? rect.width : rect.height
  return [from, from + size / 2, from + size]
}

/** How far apart two things are along an axis; 0 where they overlap. */
function gap(a: Rect, b: Rect, axis: 'x' | 'y'): number {
  const size = axis === 'x' ? 'width' : 'height'
  return Math.max(0, a[axis] - (b[axis] + b[size]), b[axis] - (a[axis] + a[size]))
}
