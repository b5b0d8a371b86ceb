import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { type Edge, MAIN_PORT, type Position, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { type IsTrigger, whyNotConnect } from '../../draft/graph/connection-rules.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../../draft/graph/node-size.ts'
import { connect } from '../../draft/operations/draft-operations.ts'
import {
  addStep,
  addStepAfter,
  firstFree,
  insertOnEdge,
  type OpenEnd,
  placeBelow,
  type StepPreset,
} from '../../draft/operations/insert-steps.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { noteConnector } from '../../stores/recent-steps.ts'
import type { ScreenPoint } from '../canvas-actions.ts'
import { keepWithStep } from './curl-line.ts'
import type { ExistingStep } from './step-search.tsx'

/** Where a chosen step goes: on its own, behind an output (at a certain place, or just below), or into an edge. */
export type Place =
  | { readonly kind: 'loose'; readonly position: Position | null }
  | { readonly kind: 'after'; readonly end: OpenEnd; readonly position: Position | null }
  | { readonly kind: 'edge'; readonly edge: Edge }

/** Adds a step at a place; it is selected afterwards. Returns its id. */
export function useAddStep(
  isTrigger: IsTrigger,
): (connector: ConnectorManifest, place: Place, preset?: StepPreset) => string | undefined {
  const store = useDraftStore()
  return useCallback(
    (connector, place, preset) => {
      const [id] = store.getState().insert((zap) => {
        if (place.kind === 'edge' && connector.kind === 'action')
          return insertOnEdge(zap, connector, place.edge, isTrigger, preset)
        if (place.kind === 'after' && connector.kind === 'action') {
          const from = zap.steps.find((step) => step.id === place.end.from)?.position ?? { x: 0, y: 0 }
          const at = place.position ? firstFree(zap, place.position) : placeBelow(zap, from)
          return addStepAfter(zap, connector, place.end, at, isTrigger, preset)
        }
        const at = (place.kind !== 'edge' && place.position) || loosePlace(zap, connector.kind)
        return addStep(zap, connector, at, preset)
      })
      if (id !== undefined) {
        noteConnector(connector.id)
        if (preset !== undefined) void keepWithStep(preset)
      }
      return id
    },
    [store, isTrigger],
  )
}

/** The step search with what it was opened for; `open` shows it at a point of the window. */
export function useStepSearch(isTrigger: IsTrigger, connectors: ReadonlyMap<string, ConnectorManifest>) {
  const store = useDraftStore()
  const flow = useReactFlow()
  const add = useAddStep(isTrigger)
  const [search, setSearch] = useState<{ at: ScreenPoint; place: Place } | null>(null)
  const close = useCallback(() => setSearch(null), [])
  const open = useCallback((at: ScreenPoint, place: Place) => setSearch({ at, place }), [])
  useLitOpener(search !== null)

  const cardAt = useCallback(
    (at: ScreenPoint): Position => {
      const point = flow.screenToFlowPosition(at, { snapToGrid: false })
      return { x: point.x - NODE_WIDTH / 2, y: point.y - NODE_HEIGHT / 2 }
    },
    [flow],
  )

  const existing = useMemo((): readonly ExistingStep[] => {
    if (search?.place.kind !== 'after') return []
    const zap = store.getState().history.present
    const { from, port } = search.place.end
    return zap.steps
      .filter((step) => whyNotConnect(zap, { from, port, to: step.id }, isTrigger) === null)
      .map((step) => {
        const connector = connectors.get(step.uses)
        return { id: step.id, title: step.name ?? connector?.title ?? step.uses, connector }
      })
  }, [search, store, isTrigger, connectors])

  return {
    search,
    existing,
    open,
    close,
    pick: (connector: ConnectorManifest, preset?: StepPreset): string | undefined => {
      if (!search) return undefined
      setSearch(null)
      return add(connector, search.place, preset)
    },
    connectTo: (to: string): void => {
      if (search?.place.kind !== 'after') return
      const { end } = search.place
      setSearch(null)
      store.getState().change((zap) => connect(zap, { ...end, to }, isTrigger))
    },
    /** The place on the canvas whose card would have its upper middle at a point of the window. */
    cardAt,
  }
}

/** Lights what the search was opened with while it is open, so that it is clear where the step goes. Straight in the DOM: no other component needs it. */
function useLitOpener(isOpen: boolean): void {
  // Before the search has the focus.
  const opener = useRef<Element | null>(null)
  if (!isOpen) opener.current = null
  else opener.current ??= document.activeElement?.closest('[data-opens-search]') ?? null
  useEffect(() => {
    const lit = isOpen ? opener.current : null
    lit?.setAttribute('data-lit', '')
    return () => lit?.removeAttribute('data-lit')
  }, [isOpen])
}

/** Where a step goes that was chosen without a place: behind the selected one, or the only loose end; else on its own. */
export function defaultPlace(
  zap: ZapFile,
  selected: readonly string[],
  kind: ConnectorManifest['kind'],
  portsOf: (id: string) => readonly string[],
): Place {
  if (kind === 'trigger') return { kind: 'loose', position: null }
  const [chosen] = selected.length === 1 ? selected : []
  const leaves = zap.steps.filter((step) => !zap.edges.some((edge) => edge.from === step.id))
  const from = chosen ?? (leaves.length === 1 ? leaves[0]?.id : undefined)
  if (from === undefined) return { kind: 'loose', position: null }
  const taken = new Set(zap.edges.filter((edge) => edge.from === from).map((edge) => edge.port ?? MAIN_PORT))
  const ports = portsOf(from)
  const port = ports.find((id) => !taken.has(id)) ?? ports[0] ?? MAIN_PORT
  return { kind: 'after', end: { from, port }, position: null }
}

// Triggers stand beside each other at the top, other loose steps under everything.
function loosePlace(zap: ZapFile, kind: ConnectorManifest['kind']): Position {
  const ys = zap.steps.map((step) => step.position?.y ?? 0)
  const xs = zap.steps.map((step) => step.position?.x ?? 0)
  if (zap.steps.length === 0) return { x: 0, y: 0 }
  if (kind === 'trigger') return firstFree(zap, { x: Math.min(...xs), y: Math.min(...ys) })
  return placeBelow(zap, { x: Math.min(...xs), y: Math.max(...ys) })
}
