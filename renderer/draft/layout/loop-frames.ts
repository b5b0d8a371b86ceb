import { sortTopologically } from '../../../core/domain/zap/graph.ts'
import { findBodies } from '../../../core/domain/zap/loops.ts'
import type { Step, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../graph/node-size.ts'
import { boundsOf, type Rect } from '../graph/rect.ts'

/** The steps of a loop's body, those of loops inside it included. Inner loops come before those around them. */
export type LoopBody = { readonly loop: string; readonly steps: readonly string[]; readonly inner: readonly string[] }

/** The soft frame that is drawn behind the body of a loop. */
export type LoopFrame = Rect & { readonly loop: string; readonly title: string; readonly depth: number }

/** Free space between a body's cards and its frame; above them more of it, for the loop's name. */
export const LOOP_MARGIN = 14
export const LOOP_HEAD = 36

const NONE: readonly LoopBody[] = []

/** The bodies of a zap's loops that hold any steps. Linear in steps and edges; a zap without loops costs next to nothing. */
export function loopBodies(
  zap: Pick<ZapFile, 'steps' | 'edges'>,
  isLoop: (step: Step) => boolean,
): readonly LoopBody[] {
  const loops = new Set(zap.steps.filter(isLoop).map((step) => step.id))
  if (loops.size === 0) return NONE
  const ids = zap.steps.map((step) => step.id)
  const known = new Set(ids)
  const edges = zap.edges.filter((edge) => known.has(edge.from) && known.has(edge.to))
  const { order } = sortTopologically(ids, edges)
  const bodies = findBodies(order, edges, (id) => loops.has(id))
  const steps = new Map<string, string[]>()
  for (const id of order) {
    const body = bodies.of(id)
    if (!body) continue
    const known = steps.get(body.loop)
    if (known) known.push(id)
    else steps.set(body.loop, [id])
  }
  // An inner loop stands behind the one around it in the order, so that from the end inner ones come first.
  return order.toReversed().flatMap((loop): LoopBody[] => {
    const own = steps.get(loop)
    return own === undefined ? [] : [{ loop, steps: own, inner: own.filter((id) => steps.has(id)) }]
  })
}

/** Frames around bodies whose steps stand at these places, the outermost first, so that inner ones are drawn over them. */
export function loopFrames(
  bodies: readonly LoopBody[],
  placeOf: (id: string) => { readonly x: number; readonly y: number; readonly title: string } | undefined,
): readonly LoopFrame[] {
  const frames = new Map<string, LoopFrame>()
  const around = new Map(bodies.flatMap((body) => body.inner.map((inner) => [inner, body.loop] as const)))
  const depthOf = (loop: string): number => {
    const outer = around.get(loop)
    return outer === undefined ? 0 : 1 + depthOf(outer)
  }
  for (const { loop, steps, inner } of bodies) {
    const cards = steps.flatMap((id) => {
      const at = placeOf(id)
      return at ? [{ x: at.x, y: at.y, width: NODE_WIDTH, height: NODE_HEIGHT }] : []
    })
    const bounds = boundsOf([...cards, ...inner.flatMap((id) => frames.get(id) ?? [])])
    if (!bounds) continue
    frames.set(loop, {
      loop,
      title: placeOf(loop)?.title ?? loop,
      depth: depthOf(loop),
      x: bounds.x - LOOP_MARGIN,
      y: bounds.y - LOOP_HEAD,
      width: bounds.width + 2 * LOOP_MARGIN,
      height: bounds.height + LOOP_HEAD + LOOP_MARGIN,
    })
  }
  return [...frames.values()].toSorted((a, b) => a.depth - b.depth)
}
