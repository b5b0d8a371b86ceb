import type { EdgeChange, NodeChange, OnNodeDrag } from '@xyflow/react'
import { type RefObject, useCallback, useRef, useState } from 'react'
import type { Position } from '../../../core/domain/zap/zap-file.ts'
import { edgeKey, type IsTrigger } from '../../draft/graph/connection-rules.ts'
import type { Rect } from '../../draft/graph/rect.ts'
import {
  type AnnotationId,
  groupKey,
  insideOf,
  isAnnotation,
  moveAnnotations,
  resizeAnnotation,
} from '../../draft/operations/annotations.ts'
import { moveSteps } from '../../draft/operations/draft-operations.ts'
import { moveIntoEdge } from '../../draft/operations/insert-steps.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { throughPort } from '../../steps/step-ports.ts'
import type { CanvasNode, Resized } from '../cards/annotation-nodes.ts'
import type { CardNode, StepEdge } from '../flow-graph.ts'
import { type DropTarget, dropTargetAt, markDropTarget } from './drop-target.ts'
import { useAlignment } from './use-alignment.ts'

/**
 * Selecting and dragging. While steps are dragged only the canvas knows where they are; the draft hears of it once, when
 * they are let go, in line with others where they come near that. A loose step that is let go over an edge is put into it.
 */
export function useStepDragging(canvas: RefObject<HTMLDivElement | null>, isTrigger: IsTrigger) {
  const store = useDraftStore()
  const [dragged, setDragged] = useState<ReadonlyMap<string, Position> | null>(null)
  const { guides, snap, end } = useAlignment()
  /** Where what is dragged stands, snapped; React Flow itself only knows where the pointer has it. */
  const snapped = useRef<ReadonlyMap<string, Position>>(new Map())
  const [selectedEdges, setSelectedEdges] = useState<ReadonlySet<string>>(new Set())

  const [resized, setResized] = useState<Resized | null>(null)
  /** What stands in the frames that are dragged, and where it stood. */
  const inside = useRef<ReadonlyMap<string, ReadonlyMap<string, Position>> | null>(null)

  const withInside = useCallback(
    (moved: Map<string, Position>): ReadonlyMap<string, Position> => {
      const zap = store.getState().history.present
      const frames = (zap.groups ?? []).filter((group) => moved.has(groupKey(group.id)))
      if (frames.length === 0) return moved
      inside.current ??= new Map(frames.map((group) => [group.id, insideOf(zap, group)]))
      const all = new Map(moved)
      for (const group of frames) {
        const to = moved.get(groupKey(group.id)) ?? group.position
        for (const [id, from] of inside.current.get(group.id) ?? []) {
          if (moved.has(id)) continue
          all.set(id, { x: from.x + to.x - group.position.x, y: from.y + to.y - group.position.y })
        }
      }
      return all
    },
    [store],
  )

  const resize = useCallback(
    (id: AnnotationId, to: Rect, done: boolean) => {
      setResized(done ? null : { id, to })
      if (done) store.getState().change((zap) => resizeAnnotation(zap, id, to))
    },
    [store],
  )

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moved = new Map<string, Position>()
      const now = store.getState()
      const selected = new Set<string>([...now.selected, ...now.marked])
      for (const change of changes) {
        if (change.type === 'position' && change.dragging && change.position) moved.set(change.id, change.position)
        if (change.type !== 'select') continue
        if (change.selected) selected.add(change.id)
        else selected.delete(change.id)
      }
      if (moved.size > 0) {
        const places = snap(withInside(moved))
        // The pointer moves finer than what snaps: where nothing went anywhere, nothing is drawn.
        if ([...places].some(([id, at]) => !samePlace(snapped.current.get(id), at))) {
          snapped.current = new Map([...snapped.current, ...places])
          setDragged(snapped.current)
        }
      }
      const ids = [...selected]
      if (changes.some((change) => change.type === 'select'))
        now.select(
          ids.filter((id) => !isAnnotation(id)),
          ids.filter(isAnnotation),
        )
    },
    [store, snap, withInside],
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

  const onNodeDrag: OnNodeDrag<CanvasNode> = useCallback(
    (_, node, nodes) => markDropTarget(nodes.length === 1 && node.type === 'step' ? edgeUnder(node) : null),
    [edgeUnder],
  )

  const settle = useCallback(
    (nodes: readonly CanvasNode[]) => {
      markDropTarget(null)
      const [one] = nodes.length === 1 ? nodes : []
      const only = one?.type === 'step' ? one : undefined
      const under = only ? edgeUnder(only) : null
      const positions = new Map([...nodes.map((node) => [node.id, node.position] as const), ...snapped.current])
      store.getState().change((zap) => {
        const moved = moveAnnotations(moveSteps(zap, positions), positions)
        const edge = under ? moved.edges.find((one) => edgeKey(one) === under.id) : undefined
        if (!only || !edge) return moved
        return moveIntoEdge(moved, only.id, edge, isTrigger, throughPort(only.data.manifest))
      })
      snapped.current = new Map()
      inside.current = null
      setDragged(null)
      end()
    },
    [store, edgeUnder, isTrigger, end],
  )
  const onNodeDragStop: OnNodeDrag<CanvasNode> = useCallback((_, __, nodes) => settle(nodes), [settle])

  return {
    dragged,
    resized,
    resize,
    guides,
    selectedEdges,
    setSelectedEdges,
    onNodesChange,
    onEdgesChange,
    onNodeDrag,
    onNodeDragStop,
  }
}

function samePlace(a: Position | undefined, b: Position): boolean {
  return a?.x === b.x && a.y === b.y
}
