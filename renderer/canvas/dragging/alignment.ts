import type { Rect } from '../../draft/graph/rect.ts'

/** A line along which things stand: `x` is the place of an upright one, `y` of a level one. */
export type Guide = { readonly axis: 'x' | 'y'; readonly at: number; readonly from: number; readonly to: number }

/** How far to move along each axis; null along one in which nothing pulls. */
export type Alignment = {
  readonly dx: number | null
  readonly dy: number | null
  readonly guides: readonly Guide[]
}

/** Things farther away than this, in canvas pixels, do not pull. */
const NEAR = 800

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

// Called for each move of the pointer: no lists are made in it.
function pull(moving: Rect, others: readonly Rect[], axis: 'x' | 'y', reach: number): number | null {
  let best = Number.POSITIVE_INFINITY
  let bestGap = Number.POSITIVE_INFINITY
  for (const other of others) {
    const far = gap(moving, other, axis === 'x' ? 'y' : 'x')
    for (let line = 0; line < LINES; line++) {
      for (let mine = 0; mine < LINES; mine++) {
        // A centre is in line with a centre, an edge with either edge.
        if ((line === CENTRE) !== (mine === CENTRE)) continue
        const by = lineOf(other, axis, line) - lineOf(moving, axis, mine)
        const size = Math.abs(by)
        if (size > reach || size > Math.abs(best) || (size === Math.abs(best) && far >= bestGap)) continue
        best = by
        bestGap = far
      }
    }
  }
  return Number.isFinite(best) ? best : null
}

// One guide a line, as long as all that stands on it.
function guidesOf(settled: Rect, others: readonly Rect[], axis: 'x' | 'y'): readonly Guide[] {
  const [start, length] = axis === 'x' ? (['y', 'height'] as const) : (['x', 'width'] as const)
  const guides = new Map<number, Guide>()
  const isOwn = (at: number, line: number): boolean =>
    [0, 1, 2].some(
      (mine) => (mine === CENTRE) === (line === CENTRE) && Math.abs(lineOf(settled, axis, mine) - at) < 0.5,
    )
  for (const other of others) {
    for (let line = 0; line < LINES; line++) {
      const at = lineOf(other, axis, line)
      if (!isOwn(at, line)) continue
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

/** The lines of a thing along an axis: its near edge, its centre, its far edge. */
const LINES = 3
const CENTRE = 1

function lineOf(rect: Rect, axis: 'x' | 'y', line: number): number {
  return rect[axis] + ((axis === 'x' ? rect.width : rect.height) * line) / 2
}

/** How far apart two things are along an axis; 0 where they overlap. */
function gap(a: Rect, b: Rect, axis: 'x' | 'y'): number {
  const size = axis === 'x' ? 'width' : 'height'
  return Math.max(0, a[axis] - (b[axis] + b[size]), b[axis] - (a[axis] + a[size]))
}
