import type { Connection, FinalConnectionState, InternalNode, OnConnectEnd } from '@xyflow/react'
import { type RefObject, useCallback } from 'react'
import { type Edge, MAIN_PORT } from '../../../core/domain/zap/zap-file.ts'
import { type IsTrigger, whyNotConnect } from '../../draft/graph/connection-rules.ts'
import { connect, reconnect } from '../../draft/operations/draft-operations.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { toast } from '../../ui/layers/toast.tsx'
import type { ScreenPoint } from '../canvas-actions.ts'
import { dropTargetAt } from '../dragging/drop-target.ts'
import type { CardNode, StepEdge } from '../flow-graph.ts'

/**
 * Drawing connections. A drag may end on a port or anywhere on a card; ending on the empty canvas asks which step goes
 * there; ending where no edge may lead says why.
 */
export function useConnecting(
  canvas: RefObject<HTMLDivElement | null>,
  isTrigger: IsTrigger,
  openSearch: (at: ScreenPoint, end: { from: string; port: string }) => void,
) {
  const store = useDraftStore()

  const join = useCallback(
    (edge: Edge) => {
      const reason = whyNotConnect(store.getState().history.present, edge, isTrigger)
      if (reason === null) store.getState().change((zap) => connect(zap, edge, isTrigger))
      else toast({ title: reason, tone: 'error' })
    },
    [store, isTrigger],
  )

  const isValidConnection = useCallback(
    (connection: Connection | StepEdge) =>
      whyNotConnect(store.getState().history.present, edgeOf(connection), isTrigger) === null,
    [store, isTrigger],
  )

  const onConnect = useCallback((connection: Connection) => join(edgeOf(connection)), [join])

  const onConnectEnd: OnConnectEnd = useCallback(
    (event, state) => {
      const from = beginningOf(state)
      if (!from || state.isValid === true || !canvas.current) return
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point) return
      const at = { x: point.clientX, y: point.clientY }
      const target = dropTargetAt(canvas.current, at)
      const other = state.toNode?.id ?? (target?.kind === 'step' ? target.id : null)
      if (other !== null) {
        if (other === from.step) return
        join(
          from.forward
            ? { from: from.step, port: from.port, to: other }
            : { from: other, port: state.toHandle?.id ?? MAIN_PORT, to: from.step },
        )
      } else if (target?.kind === 'pane' && from.forward) {
        openSearch(at, { from: from.step, port: from.port })
      }
    },
    [canvas, join, openSearch],
  )

  const onReconnect = useCallback(
    (old: StepEdge, connection: Connection) => {
      const edge = old.data?.edge
      if (edge) store.getState().change((zap) => reconnect(zap, edge, edgeOf(connection), isTrigger))
    },
    [store, isTrigger],
  )

  return { isValidConnection, onConnect, onConnectEnd, onReconnect }
}

function edgeOf(connection: Connection | StepEdge): Edge {
  return { from: connection.source, to: connection.target, port: connection.sourceHandle ?? MAIN_PORT }
}

function beginningOf(
  state: FinalConnectionState<InternalNode<CardNode>> | FinalConnectionState,
): { step: string; port: string; forward: boolean } | null {
  if (!state.fromNode || !state.fromHandle) return null
  return {
    step: state.fromNode.id,
    port: state.fromHandle.id ?? MAIN_PORT,
    forward: state.fromHandle.type === 'source',
  }
}
