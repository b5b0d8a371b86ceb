import './canvas.css'
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { type Ref, useCallback, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { useDraft, useDraftStore } from '../editor/draft-store.ts'
import { useConnectors } from '../stores/connectors.ts'
import { useZapNames } from '../stores/zap-names.ts'
import { type CanvasActions, CanvasActionsContext, type ScreenPoint } from './canvas-actions.ts'
import { CanvasToolbar } from './canvas-toolbar.tsx'
import { edgeKey } from './connection-rules.ts'
import { DistantContext, useIsDistant } from './distance.ts'
import { DistantWires } from './distant-wires.tsx'
import { dropTargetAt, markDropTarget } from './drop-target.ts'
import { EmptyCanvas } from './empty-canvas.tsx'
import { type CardNode, createFlowGraph, NO_WIRES, type Overlay } from './flow-graph.ts'
import { GRID } from './node-size.ts'
import { openingView } from './opening-view.ts'
import { mergedRounds } from './round-counts.ts'
import { shownStepRuns } from './shown-step-run.ts'
import { StepCard } from './step-card.tsx'
import { outputPorts } from './step-ports.ts'
import { StepSearch } from './step-search.tsx'
import { StepWire } from './step-wire.tsx'
import { useCanvasClipboard } from './use-canvas-clipboard.ts'
import { useCanvasCommands } from './use-canvas-commands.ts'
import { useCanvasEntries } from './use-canvas-entries.ts'
import { useConnecting } from './use-connecting.ts'
import { useRevealStep } from './use-reveal-step.ts'
import { useStepDragging } from './use-step-dragging.ts'
import { defaultPlace, type Place, useAddStep, useStepSearch } from './use-step-search.ts'

const NODE_TYPES = { step: StepCard }
const EDGE_TYPES = { step: StepWire }
const EDGE_DEFAULTS = { reconnectable: 'target' as const }
const SNAP: [number, number] = [GRID, GRID]
const FIT = { maxZoom: 1, minZoom: 0.1, padding: 0.18, duration: 150 }
/** Below this zoom the small parts of cards and edges are left out. */
const FAR = 0.45

/** What the palette asks of the canvas. */
export type CanvasHandle = {
  /** Adds a step where it makes the most sense. */
  add(connector: ConnectorManifest): void
  /** Adds a step where it was dropped; false when that was not on the canvas. */
  drop(connector: ConnectorManifest, at: ScreenPoint): boolean
  /** Shows what a drop at this point would do; null ends that. */
  hover(at: ScreenPoint | null): void
}

/** The canvas of the open zap, on which steps are placed, connected and changed. */
export function ZapCanvas(props: { handle: Ref<CanvasHandle>; onOpenStep(id: string): void; onSave(): void }) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas(props: { handle: Ref<CanvasHandle>; onOpenStep(id: string): void; onSave(): void }) {
  const canvas = useRef<HTMLDivElement>(null)
  const store = useDraftStore()
  const flow = useReactFlow()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  const zap = useDraft((state) => state.history.present)
  const selected = useDraft((state) => state.selected)
  const overlay = useOverlay()
  const isFar = useStore((state) => state.transform[2] < FAR)
  const isDistant = useIsDistant()
  const [minimap, setMinimap] = useState(false)

  const isTrigger = useCallback((uses: string) => connectors.get(uses)?.kind === 'trigger', [connectors])
  const add = useAddStep(isTrigger)
  const reveal = useRevealStep(canvas)
  const search = useStepSearch(isTrigger, connectors)
  const dragging = useStepDragging(canvas, isTrigger)
  const connecting = useConnecting(canvas, isTrigger, (at, end) =>
    search.open(at, { kind: 'after', end, position: search.cardAt({ x: at.x, y: at.y + 24 }) }),
  )

  const graph = useMemo(() => createFlowGraph(connectors, zapNames), [connectors, zapNames])
  const selectedSet = useMemo(() => new Set(selected), [selected])
  const nodes = useMemo(
    () => graph.nodes(zap, overlay, selectedSet, dragging.dragged),
    [graph, zap, overlay, selectedSet, dragging.dragged],
  )
  const edges = useMemo(
    () => graph.edges(zap, overlay, dragging.selectedEdges),
    [graph, zap, overlay, dragging.selectedEdges],
  )

  const addAt = useCallback(
    (connector: ConnectorManifest, place: Place) => {
      const id = add(connector, place)
      if (id !== undefined) reveal(id)
    },
    [add, reveal],
  )
  const portsOf = (id: string): readonly string[] => {
    const step = zap.steps.find((one) => one.id === id)
    return step ? outputPorts(step, connectors.get(step.uses), []).map((port) => port.id) : []
  }
  const placeFor = (kind: ConnectorManifest['kind']): Place => defaultPlace(zap, selected, kind, portsOf)

  useImperativeHandle(props.handle, () => ({
    add: (connector) => addAt(connector, placeFor(connector.kind)),
    hover: (at) => markDropTarget(at && canvas.current ? dropTargetAt(canvas.current, at) : null),
    drop: (connector, at) => {
      markDropTarget(null)
      const target = canvas.current ? dropTargetAt(canvas.current, at) : null
      if (!target) return false
      const position = search.cardAt(at)
      const edge = target.kind === 'edge' ? zap.edges.find((one) => edgeKey(one) === target.id) : undefined
      if (edge && connector.kind === 'action') addAt(connector, { kind: 'edge', edge })
      else if (target.kind === 'step' && connector.kind === 'action') {
        const place = defaultPlace(zap, [target.id], connector.kind, portsOf)
        const port = target.port ?? (place.kind === 'after' ? place.end.port : 'main')
        addAt(connector, { kind: 'after', end: { from: target.id, port }, position: null })
      } else addAt(connector, { kind: 'loose', position })
      return true
    },
  }))

  const actions = useMemo(
    (): CanvasActions => ({
      addAfter: (end, at) => search.open(at, { kind: 'after', end, position: null }),
      addOnEdge: (edge, at) => search.open(at, { kind: 'edge', edge }),
    }),
    [search.open],
  )
  const { onOpenStep } = props
  // One function for good: with a new one React Flow draws every card again whenever the canvas is, as while dragging.
  const openStep = useCallback((_: unknown, node: CardNode) => onOpenStep(node.id), [onOpenStep])
  const fit = (): void => void flow.fitView(FIT)
  const commands = useCanvasCommands({
    canvas,
    selectedEdges: dragging.selectedEdges,
    openSearch: (at) => search.open(at, placeFor('action')),
    reveal,
    fit,
    onOpenStep,
    onSave: props.onSave,
  })
  useCanvasClipboard()
  useCanvasEntries({ tidy: commands.tidy, fit, reveal })

  return (
    <CanvasActionsContext value={actions}>
      <div ref={canvas} className="relative h-full min-w-0 flex-1 select-none" onPointerMove={commands.onPointerMove}>
        <DistantContext value={isDistant}>
          <ReactFlow
            className="step-canvas"
            aria-label="Canvas"
            data-far={isFar}
            nodes={nodes}
            edges={isDistant ? NO_WIRES : edges}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            defaultEdgeOptions={EDGE_DEFAULTS}
            onNodesChange={dragging.onNodesChange}
            onEdgesChange={dragging.onEdgesChange}
            onNodeDrag={dragging.onNodeDrag}
            onNodeDragStop={dragging.onNodeDragStop}
            isValidConnection={connecting.isValidConnection}
            onConnect={connecting.onConnect}
            onConnectEnd={connecting.onConnectEnd}
            onReconnect={connecting.onReconnect}
            onNodeDoubleClick={openStep}
            connectOnClick={false}
            connectionRadius={36}
            nodeDragThreshold={2}
            snapToGrid
            snapGrid={SNAP}
            deleteKeyCode={null}
            disableKeyboardA11y
            connectionLineType={ConnectionLineType.SmoothStep}
            selectionKeyCode="Shift"
            selectionMode={SelectionMode.Partial}
            multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
            zoomOnDoubleClick={false}
            panOnScroll
            onInit={(ready) => {
              const box = canvas.current
              if (box) void ready.setViewport(openingView(zap.steps, box.clientWidth, box.clientHeight))
            }}
            minZoom={0.1}
            maxZoom={2}
            // From far away nearly all are in view; to let those in and out that are not would cost more than to keep them.
            onlyRenderVisibleElements={!isDistant}
          >
            <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />
            {isDistant && <DistantWires nodes={nodes} edges={edges} />}
            {minimap && (
              <MiniMap
                pannable
                zoomable
                ariaLabel="Map of the zap"
                className="rounded-lg shadow-float"
                nodeBorderRadius={20}
              />
            )}
          </ReactFlow>
        </DistantContext>
        {zap.steps.length === 0 && <EmptyCanvas onAdd={(connector) => addAt(connector, placeFor(connector.kind))} />}
        <CanvasToolbar minimap={minimap} onMinimap={() => setMinimap(!minimap)} onTidy={commands.tidy} onFit={fit} />
        {search.search && (
          <StepSearch
            at={search.search.at}
            label="Add a step"
            triggers={search.search.place.kind === 'loose'}
            existing={search.existing}
            onPick={(connector) => {
              const id = search.pick(connector)
              if (id !== undefined) reveal(id)
            }}
            onConnect={search.connectTo}
            onClose={() => {
              search.close()
              const [id] = store.getState().selected
              if (id !== undefined) reveal(id)
            }}
          />
        )}
      </div>
    </CanvasActionsContext>
  )
}

/** What is drawn over the zap: problems, addresses and the run that is being watched. */
function useOverlay(): Overlay {
  const host = useDraft((state) => state.host)
  const run = useDraft((state) => state.run)
  return useMemo(() => {
    const runs = mergedRounds(run ? shownStepRuns(run.run, run.steps) : [])
    const pinned = new Set(host.pinned)
    return { problems: host.problems, webhooks: host.webhooks, runs, live: host.status === 'enabled', pinned }
  }, [host, run])
}
