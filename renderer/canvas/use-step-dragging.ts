import type { EdgeChange, NodeChange, OnNodeDrag } from '@xyflow/react'
import { type RefObject, useCallback, useState } from 'react'
import type { Position } from '../../core/domain/zap-file.ts'
import { moveSteps } from '../editor/draft-operations.ts'
import { useDraftStore } from '../editor/draft-store.ts'
import { moveIntoEdge } from '../editor/insert-steps.ts'
import { edgeKey, type IsTrigger } from './connection-rules.ts'
import { type DropTarget, dropTargetAt, markDropTarget } from './drop-target.ts'
import type { CardNode, StepEdge } from './flow-graph.ts'
import { throughPort } from './step-ports.ts'

/**
 * Selecting and dragging. While steps are dragged only the canvas knows where they are; the draft hears of it once, when
 * they are let go. A loose step that is let go over an edge is put into it.
 */
export function useStepDragging(canvas: RefObject<HTMLDivElement | null>, isTrigger: IsTrigger) {
  const store = useDraftStore()
  const [dragged, setDragged] = useState<ReadonlyMap<string, Position> | null>(null)
  const [selectedEdges, setSelectedEdges] = useState<ReadonlySet<string>>(new Set())

  const onNodesChange = useCallback(
    (changes: NodeChange<CardNode>[]) => {
      const moved = new Map<string, Position>()
      let selected: Set<string> | null = null
      for (const change of changes) {
        if (change.type === 'position' && change.dragging && change.position) moved.set(change.id, change.position)
        if (change.type !== 'select') continue
        selected ??= new Set(store.getState().selected)
        if (change.selected) selected.add(change.id)
        else selected.delete(change.id)
      }
      if (moved.size > 0) setDragged((now) => new Map([...(now ?? []), ...moved]))
      if (selected) store.getState().select([...selected])
    },
    [store],
  )

  const onEdgesChange = useCallback((changes: EdgeChange<StepEdge>[]) => {
    setSelectedEdges((now) => {
      const next = new Set(now)
      for (const change of changes) {
        if (change.type !== 'select') continue
        if (change.selected) next.add(change.id)
        else next.delete(change.id)
      }
      return next
    })
  }, [])

  const edgeUnder = useCallback(
    (node: CardNode): (DropTarget & { kind: 'edge' }) | null => {
      const zap = store.getState().history.present
      const element = canvas.current
      const isLoose = !zap.edges.some((edge) => edge.from === node.id || edge.to === node.id)
      if (!element || !isLoose || isTrigger(node.data.step.uses)) return null
      const box = element.querySelector(`[data-step-id="${CSS.escape(node.id)}"]`)?.getBoundingClientRect()
      if (!box) return null
      const target = dropTargetAt(element, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, node.id)
      return target?.kind === 'edge' ? target : null
    },
    [store, canvas, isTrigger],
  )

  const onNodeDrag: OnNodeDrag<CardNode> = useCallback(
    (_, node, nodes) => markDropTarget(nodes.length === 1 ? edgeUnder(node) : null),
    [edgeUnder],
  )

  const settle = useCallback(
    (nodes: readonly CardNode[]) => {
      markDropTarget(null)
      const [only] = nodes.length === 1 ? nodes : []
      const under = only ? edgeUnder(only) : null
      const positions = new Map(nodes.map((node) => [node.id, node.position]))
      store.getState().change((zap) => {
        const moved = moveSteps(zap, positions)
        const edge = under ? moved.edges.find((one) => edgeKey(one) === under.id) : undefined
        if (!only || !edge) return moved
        return moveIntoEdge(moved, only.id, edge, isTrigger, throughPort(only.data.manifest))
      })
      setDragged(null)
    },
    [store, edgeUnder, isTrigger],
  )
  const onNodeDragStop: OnNodeDrag<CardNode> = useCallback((_, __, nodes) => settle(nodes), [settle])

  return { dragged, selectedEdges, setSelectedEdges, onNodesChange, onEdgesChange, onNodeDrag, onNodeDragStop }
}
