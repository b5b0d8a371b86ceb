import { useReactFlow } from '@xyflow/react'
import { useCallback, useRef, useState } from 'react'
import type { Position } from '../../../core/domain/zap/zap-file.ts'
import { GRID, NODE_HEIGHT, NODE_WIDTH } from '../../draft/graph/node-size.ts'
import { boundsOf, type Rect } from '../../draft/graph/rect.ts'
import { groupKey, noteKey } from '../../draft/operations/annotations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { DISTANT } from '../far/distance.ts'
import { align, type Guide } from './alignment.ts'

/** Pixels of the window within which a dragged card snaps into line. */
const REACH = 6

const NO_GUIDES: readonly Guide[] = []

/** How far a place is from the grid. */
const toGrid = (at: number): number => Math.round(at / GRID) * GRID - at

const card = ({ x, y }: Position): Rect => ({ x, y, width: NODE_WIDTH, height: NODE_HEIGHT })

function sameGuides(a: readonly Guide[], b: readonly Guide[]): boolean {
  const same = (one: Guide, other: Guide | undefined): boolean =>
    one.axis === other?.axis && one.at === other.at && one.from === other.from && one.to === other.to
  return a.length === b.length && a.every((guide, index) => same(guide, b[index]))
}

/** Brings what is dragged into line with the cards around it, and tells the lines that it stands on. */
export function useAlignment() {
  const store = useDraftStore()
  const flow = useReactFlow()
  const [guides, setGuides] = useState(NO_GUIDES)
  /** The cards that stay where they are, for as long as the drag lasts. */
  const others = useRef<readonly Rect[] | null>(null)

  const snap = useCallback(
    (moved: ReadonlyMap<string, Position>): ReadonlyMap<string, Position> => {
      const zoom = flow.getZoom()
      const zap = store.getState().history.present
      const sizes = new Map<string, { width: number; height: number }>([
        ...(zap.notes ?? []).map((note) => [noteKey(note.id), note] as const),
        ...(zap.groups ?? []).map((group) => [groupKey(group.id), group] as const),
      ])
      const moving = boundsOf(
        [...moved].map(([id, at]) => {
          const { width, height } = sizes.get(id) ?? { width: NODE_WIDTH, height: NODE_HEIGHT }
          return { ...at, width, height }
        }),
      )
      const [lead] = moved.values()
      if (!moving || !lead) return moved
      const shift = (dx: number, dy: number) =>
        new Map([...moved].map(([id, at]) => [id, { x: at.x + dx, y: at.y + dy }]))
      // From so far away cards are not placed exactly, and there may be a thousand to compare with.
      if (zoom < DISTANT) return shift(toGrid(lead.x), toGrid(lead.y))
      others.current ??= zap.steps.flatMap((step) =>
        moved.has(step.id) || !step.position ? [] : [card(step.position)],
      )
      const { dx, dy, guides } = align(moving, others.current, REACH / zoom)
      setGuides((shown) => (sameGuides(shown, guides) ? shown : guides))
      // The grid holds where no card pulls.
      return shift(dx ?? toGrid(lead.x), dy ?? toGrid(lead.y))
    },
    [store, flow],
  )
  const end = useCallback(() => {
    others.current = null
    setGuides(NO_GUIDES)
  }, [])
  return { guides, snap, end }
}
