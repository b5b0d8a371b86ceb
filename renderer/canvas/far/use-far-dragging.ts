import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { Position } from '../../../core/domain/zap/zap-file.ts'
import type { CanvasNode } from '../cards/annotation-nodes.ts'

/**
 * Moves what is dragged itself, where React Flow would go through all cards for each frame (ADR 15). `places` are where it has come
 * to; null where nothing is dragged, or React Flow moves it. `nodes` are where React Flow has everything: where it stood before the
 * drag, and then where it was let go.
 */
export function useFarDragging(
  canvas: RefObject<HTMLElement | null>,
  nodes: readonly CanvasNode[],
  places: ReadonlyMap<string, Position> | null,
): void {
  const moved = useRef(new Set<string>())
  useLayoutEffect(() => {
    const place = (id: string, { x, y }: Position): void => {
      const element = canvas.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
      // As React Flow writes it.
      if (element) element.style.transform = `translate(${x}px,${y}px)`
    }
    if (places !== null) {
      for (const [id, at] of places) {
        moved.current.add(id)
        place(id, at)
      }
      return
    }
    if (moved.current.size === 0) return
    // React writes no style that is what it wrote last, so what goes back to where it stood is put there here.
    for (const { id, position } of nodes) if (moved.current.has(id)) place(id, position)
    moved.current.clear()
  }, [canvas, nodes, places])
}
