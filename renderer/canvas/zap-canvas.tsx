import './canvas.css'
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { type Ref, useCallback, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { edgeKey } from '../draft/graph/connection-rules.ts'
import { addNote, writeAnnotation } from '../draft/operations/annotations.ts'
import { connect, disconnect } from '../draft/operations/draft-operations.ts'
import type { StepPreset } from '../draft/operations/insert-steps.ts'
import { useDraft, useDraftStore } from '../draft/session/draft-store.ts'
import { useConnectors } from '../queries/connectors.ts'
import { useZapNames } from '../queries/zaps.ts'
import { outputPorts } from '../steps/step-ports.ts'
import { ContextMenu } from '../ui/layers/context-menu.tsx'
import { StepSearch } from './adding/step-search.tsx'
import { defaultPlace, type Place, useAddStep, useStepSearch } from './adding/use-step-search.ts'
import { type CanvasActions, CanvasActionsContext, type CanvasHandle, type ScreenPoint } from './canvas-actions.ts'
import { FrameCard, NoteCard } from './cards/annotation-cards.tsx'
import { annotationNodes, type CanvasNode } from './cards/annotation-nodes.ts'
import { LoopFrames } from './cards/loop-frames-layer.tsx'
import { StepCard } from './cards/step-card.tsx'
import { CanvasToolbar } from './commands/canvas-toolbar.tsx'
import { PastedStepsDialog } from './commands/pasted-steps.tsx'
import { useCanvasClipboard } from './commands/use-canvas-clipboard.ts'
import { useCanvasEntries } from './commands/use-canvas-entries.ts'
import { useCanvasKeys } from './commands/use-canvas-keys.ts'
import { useCanvasMenu } from './commands/use-canvas-menu.ts'
import { useOpenZap } from './commands/use-open-zap.ts'
import { AlignmentGuides } from './dragging/alignment-guides.tsx'
import { dropTargetAt, markDropTarget } from './dragging/drop-target.ts'
import { useStepDragging } from './dragging/use-step-dragging.ts'
import { EmptyCanvas } from './empty-canvas.tsx'
import { CanvasGround } from './far/canvas-ground.tsx'
import { DetailContext, FARTHEST, MANY, useIsDistant } from './far/distance.ts'
import { useDrawnGraph } from './far/drawn-graph.ts'
import { PicturedGraph } from './far/pictured-graph.tsx'
import { useExactCards } from './far/use-exact-cards.ts'
import { useFarDragging } from './far/use-far-dragging.ts'
import { useMoving } from './far/use-moving.ts'
import { atPlaces, createFlowGraph, type StepEdge } from './flow-graph.ts'
import { openingView } from './opening-view.ts'
import { useOverlay } from './use-overlay.ts'
import { useReveal } from './use-reveal.ts'
import { ConnectSearch } from './wires/connect-search.tsx'
import { StepWire } from './wires/step-wire.tsx'
import { useConnecting } from './wires/use-connecting.ts'

const NODE_TYPES = { step: StepCard, note: NoteCard, frame: FrameCard }
const EDGE_TYPES = { step: StepWire }
const EDGE_DEFAULTS = { reconnectable: 'target' as const }
const FIT = {
  maxZoom: 1,
  minZoom: FARTHEST,
  // The toolbar lies below.
  padding: { x: '32px', top: '32px', bottom: '80px' },
  duration: 150,
} as const
/** Below this zoom the small parts of cards and edges are left out. */
const FAR = 0.45

type CanvasProps = {
  handle: Ref<CanvasHandle>
  /** Opens the form of a step; wide over the canvas, or as it was opened last. */
  onOpenStep(id: string, wide: boolean): void
  onSave(): void
  onOutline(): void
}

/** The canvas of the open zap, on which steps are placed, connected and changed. */
export function ZapCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas(props: CanvasProps) {
  const canvas = useRef<HTMLDivElement>(null)
  const store = useDraftStore()
  const flow = useReactFlow()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  const zap = useDraft((state) => state.history.present)
  const selected = useDraft((state) => state.selected)
  const overlay = useOverlay()
  const isFar = useStore((state) => state.transform[2] < FAR)
  const [connected, setConnected] = useState<{ from: string; at: ScreenPoint } | null>(null)
  const [minimap, setMinimap] = useState(false)

  const isTrigger = useCallback((uses: string) => connectors.get(uses)?.kind === 'trigger', [connectors])
  const add = useAddStep(isTrigger)
  const reveal = useReveal(canvas)
  const search = useStepSearch(isTrigger, connectors)
  const { open: openSearch, cardAt } = search
  // One function for good: React Flow tells all cards of a new one.
  const searchBehind = useCallback(
    (at: ScreenPoint, end: { from: string; port: string }) =>
      openSearch(at, { kind: 'after', end, position: cardAt({ x: at.x, y: at.y + 24 }) }),
    [openSearch, cardAt],
  )
  const dragging = useStepDragging(canvas, isTrigger)
  const connecting = useConnecting(canvas, isTrigger, searchBehind)

  const graph = useMemo(() => createFlowGraph(connectors, zapNames), [connectors, zapNames])
  const selectedSet = useMemo(() => new Set(selected), [selected])
  const cards = useMemo(() => graph.nodes(zap, overlay, selectedSet), [graph, zap, overlay, selectedSet])
  const nodes = useMemo(() => atPlaces(cards, dragging.dragged), [cards, dragging.dragged])
  // From far away only what is dragged itself is moved. The map shows what React Flow has, so that has to hear of it then.
  const isFarDrag = useIsDistant() && cards.length > MANY && !minimap
  const reported = isFarDrag ? null : dragging.dragged
  const marked = useDraft((state) => state.marked)
  const writing = useDraft((state) => state.writing)
  const { notes, groups } = zap
  const annotations = useMemo(
    () => annotationNodes({ notes, groups }, marked, reported, dragging.resized),
    [notes, groups, marked, reported, dragging.resized],
  )
  // The very list of the cards where there is nothing else: React Flow goes through all of a new one.
  const drawn = useMemo((): CanvasNode[] => {
    const steps = isFarDrag ? cards : nodes
    return annotations.length === 0 ? steps : [...annotations, ...steps]
  }, [annotations, cards, nodes, isFarDrag])
  useFarDragging(canvas, drawn, isFarDrag ? dragging.dragged : null)
  const edges = useMemo(
    () => graph.edges(zap, overlay, dragging.selectedEdges),
    [graph, zap, overlay, dragging.selectedEdges],
  )

  const addAt = useCallback(
    (connector: ConnectorManifest, place: Place, preset?: StepPreset, keepsFocus?: boolean) => {
      const id = add(connector, place, preset)
      if (id !== undefined) reveal(id, keepsFocus)
    },
    [add, reveal],
  )
  const portsOf = (id: string): readonly string[] => {
    const step = zap.steps.find((one) => one.id === id)
    return step ? outputPorts(step, connectors.get(step.uses), []).map((port) => port.id) : []
  }
  const placeFor = (kind: ConnectorManifest['kind']): Place => defaultPlace(zap, selected, kind, portsOf)

  useImperativeHandle(props.handle, () => ({
    add: (connector, preset, keepsFocus) => addAt(connector, placeFor(connector.kind), preset, keepsFocus),
    show: (id) => {
      store.getState().selectOne(id)
      reveal(id)
    },
    point: (id) => {
      // A test runs the draft as it was when it began.
      if (!zap.steps.some((step) => step.id === id)) return
      store.getState().select([id])
      reveal(id, true)
    },
    hover: (at) => markDropTarget(at && canvas.current ? dropTargetAt(canvas.current, at) : null),
    drop: (connector, at, preset) => {
      markDropTarget(null)
      const target = canvas.current ? dropTargetAt(canvas.current, at) : null
      if (!target) return false
      const position = search.cardAt(at)
      const edge = target.kind === 'edge' ? zap.edges.find((one) => edgeKey(one) === target.id) : undefined
      if (edge && connector.kind === 'action') addAt(connector, { kind: 'edge', edge }, preset)
      else if (target.kind === 'step' && connector.kind === 'action') {
        const place = defaultPlace(zap, [target.id], connector.kind, portsOf)
        const port = target.port ?? (place.kind === 'after' ? place.end.port : 'main')
        addAt(connector, { kind: 'after', end: { from: target.id, port }, position: null }, preset)
      } else addAt(connector, { kind: 'loose', position }, preset)
      return true
    },
  }))

  const actions = useMemo(
    (): CanvasActions => ({
      addAfter: (end, at) => search.open(at, { kind: 'after', end, position: null }),
      addOnEdge: (edge, at) => search.open(at, { kind: 'edge', edge }),
      writing,
      write: (id, text) => store.getState().change((zap) => writeAnnotation(zap, id, text), id),
      endWriting: () => store.getState().write(null),
      resize: dragging.resize,
    }),
    [search.open, store, writing, dragging.resize],
  )
  const { onOpenStep } = props
  // One function for good: with a new one React Flow draws every card again whenever the canvas is, as while dragging.
  const openNode = useCallback(
    (_: unknown, node: CanvasNode) =>
      node.type === 'step' ? onOpenStep(node.id, true) : store.getState().write(node.data.id),
    [onOpenStep, store],
  )
  // A frame is not selectable for React Flow, so that a marquee inside it does not take it along; a click on its title is meant.
  const markFrame = useCallback(
    (_: unknown, node: CanvasNode) => {
      if (node.type === 'frame') store.getState().select([], [node.data.id])
    },
    [store],
  )
  const unmark = useCallback(() => store.getState().select([]), [store])
  const endConnecting = (): void => {
    setConnected(null)
    if (connected) reveal(connected.from)
  }
  const fit = useCallback(() => void flow.fitView(FIT), [flow])
  const toggleMinimap = useCallback(() => setMinimap((shown) => !shown), [])
  const { openZap, onPointerMove } = useOpenZap({
    canvas,
    selectedEdges: dragging.selectedEdges,
    openSearch: (at) => search.open(at, placeFor('action')),
    reveal,
    fit,
    openStep: onOpenStep,
    save: props.onSave,
    showOutline: props.onOutline,
    onConnect: (from, at) => setConnected({ from, at }),
  })
  useCanvasKeys(canvas, openZap)
  useCanvasEntries(openZap, reveal)
  const menu = useCanvasMenu({
    openZap,
    clipboard: useCanvasClipboard(({ connector: id, preset }) => {
      const connector = connectors.get(id)
      if (connector) addAt(connector, placeFor('action'), preset)
    }),
    addAt: (at) => search.open(at, { kind: 'loose', position: search.cardAt(at) }),
    addNote: (at) => store.getState().annotate((zap) => addNote(zap, flow.screenToFlowPosition(at))),
    addOnEdge: (id, at) => {
      const edge = zap.edges.find((one) => edgeKey(one) === id)
      if (edge) search.open(at, { kind: 'edge', edge })
    },
    selectEdge: (id) => dragging.setSelectedEdges(new Set([id])),
  })

  // Stable like the ones above.
  const open = useCallback(
    (ready: ReactFlowInstance<CanvasNode, StepEdge>) => {
      const box = canvas.current
      if (box) void ready.setViewport(openingView(store.getState().history.present, box.clientWidth, box.clientHeight))
    },
    [store],
  )
  // The map shows what React Flow has: all of it, or nothing is held.
  const { isWhole, held, ...moving } = useMoving(canvas, !minimap)
  const shown = useDrawnGraph(drawn, edges, held)
  useExactCards()

  return (
    <CanvasActionsContext value={actions}>
      <PastedStepsDialog />
      <div ref={canvas} className="relative min-h-0 min-w-0 flex-1 select-none" onPointerMove={onPointerMove}>
        <DetailContext value={shown.detail}>
          <ContextMenu label={menu.label} items={menu.items}>
            <ReactFlow
              onContextMenu={menu.onContextMenu}
              className="step-canvas"
              aria-label="Canvas"
              data-far={isFar}
              data-dragging={dragging.dragged !== null}
              nodes={shown.nodes}
              edges={shown.edges}
              nodeTypes={NODE_TYPES}
              edgeTypes={EDGE_TYPES}
              defaultEdgeOptions={EDGE_DEFAULTS}
              onNodesChange={dragging.onNodesChange}
              onEdgesChange={dragging.onEdgesChange}
              onNodeDrag={dragging.onNodeDrag}
              onMoveStart={moving.onMoveStart}
              onMove={moving.onMove}
              onMoveEnd={moving.onMoveEnd}
              onNodeDragStop={dragging.onNodeDragStop}
              isValidConnection={connecting.isValidConnection}
              onConnect={connecting.onConnect}
              onConnectEnd={connecting.onConnectEnd}
              onReconnect={connecting.onReconnect}
              onNodeDoubleClick={openNode}
              onNodeClick={markFrame}
              onPaneClick={unmark}
              connectOnClick={false}
              connectionRadius={36}
              nodeDragThreshold={2}
              deleteKeyCode={null}
              disableKeyboardA11y
              connectionLineType={ConnectionLineType.SmoothStep}
              selectionKeyCode="Shift"
              selectionMode={SelectionMode.Partial}
              multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
              zoomOnDoubleClick={false}
              panOnScroll
              onInit={open}
              minZoom={FARTHEST}
              maxZoom={2}
              onlyRenderVisibleElements={!isWhole}
            >
              {shown.detail === 'near' && <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />}
              <CanvasGround nodes={drawn} />
              <LoopFrames zap={zap} nodes={nodes} connectors={connectors} />
              <AlignmentGuides guides={dragging.guides} />
              <PicturedGraph graph={shown} held={held} cards={cards} dragged={dragging.dragged} />
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
          </ContextMenu>
        </DetailContext>
        {zap.steps.length === 0 && <EmptyCanvas onAdd={(connector) => addAt(connector, placeFor(connector.kind))} />}
        <CanvasToolbar openZap={openZap} minimap={minimap} onMinimap={toggleMinimap} />
        {connected && (
          <ConnectSearch
            {...connected}
            onConnect={(edge) => {
              store.getState().change((draft) => connect(draft, edge, isTrigger))
              endConnecting()
            }}
            onDisconnect={(edge) => {
              store.getState().change((draft) => disconnect(draft, [edge]))
              endConnecting()
            }}
            onClose={endConnecting}
          />
        )}
        {search.search && (
          <StepSearch
            at={search.search.at}
            label="Add a step"
            triggers={search.search.place.kind === 'loose'}
            existing={search.existing}
            onPick={(connector, preset) => {
              const id = search.pick(connector, preset)
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
