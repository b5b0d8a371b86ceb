import './canvas.css'
import { Background, BackgroundVariant, Panel, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useCallback, useMemo, useRef } from 'react'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { withPositions } from '../draft/layout/tidy-layout.ts'
import { isAnnotation } from '../draft/operations/annotations.ts'
import { useConnectors } from '../queries/connectors.ts'
import { useZapNames } from '../queries/zaps.ts'
import { FrameCard, NoteCard } from './cards/annotation-cards.tsx'
import { annotationNodes, type CanvasNode } from './cards/annotation-nodes.ts'
import { LoopFrames } from './cards/loop-frames-layer.tsx'
import { StepCard } from './cards/step-card.tsx'
import { TOOLBAR } from './commands/canvas-toolbar.tsx'
import { ZoomButtons } from './commands/zoom-buttons.tsx'
import { CanvasGround } from './far/canvas-ground.tsx'
import { DetailContext, FARTHEST } from './far/distance.ts'
import { useDrawnGraph } from './far/drawn-graph.ts'
import { PicturedGraph } from './far/pictured-graph.tsx'
import { useExactCards } from './far/use-exact-cards.ts'
import { useMoving } from './far/use-moving.ts'
import { createFlowGraph, type Overlay } from './flow-graph.ts'
import { openingView } from './opening-view.ts'
import { StepWire } from './wires/step-wire.tsx'

const NODE_TYPES = { step: StepCard, note: NoteCard, frame: FrameCard }
const EDGE_TYPES = { step: StepWire }
/** All steps, with room for the buttons below. */
const EVERYTHING = { maxZoom: 1, padding: { x: '32px', top: '32px', bottom: '64px' } } as const
const NO_MARKS: readonly string[] = []

type StillCanvasProps = {
  zap: ZapFile
  /** What is drawn over it; the same object for as long as it is the same. */
  overlay: Overlay
  label: string
  selected: string | null
  onSelect(stepId: string | null): void
}

/** A zap to look at, with something drawn over it. Nothing can be changed. */
export function StillCanvas(props: StillCanvasProps) {
  return (
    <ReactFlowProvider>
      <StillGraph {...props} />
    </ReactFlowProvider>
  )
}

function StillGraph({ zap, overlay, label, selected, onSelect }: StillCanvasProps) {
  const canvas = useRef<HTMLDivElement>(null)
  const { isWhole, held, ...moving } = useMoving(canvas)
  useExactCards()
  const connectors = useConnectors()
  const zapNames = useZapNames()
  const graph = useMemo(() => createFlowGraph(connectors, zapNames), [connectors, zapNames])
  const placed = useMemo(() => withPositions(zap), [zap])
  const nodes = useMemo(
    () => graph.nodes(placed, overlay, new Set(selected === null ? [] : [selected])),
    [graph, placed, overlay, selected],
  )
  const drawn = useMemo(
    (): CanvasNode[] => [...annotationNodes(zap, NO_MARKS, null, null, true), ...nodes],
    [zap, nodes],
  )
  const flow = useReactFlow()
  const fit = useCallback(() => void flow.fitView({ ...EVERYTHING, duration: 150 }), [flow])
  const edges = useMemo(() => graph.edges(placed, overlay, new Set()), [graph, placed, overlay])
  const shown = useDrawnGraph(drawn, edges, held)
  return (
    <DetailContext value={shown.detail}>
      <ReactFlow
        ref={canvas}
        className="step-canvas"
        aria-label={label}
        nodes={shown.nodes}
        edges={shown.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={(changes) => {
          for (const change of changes) {
            if (change.type === 'select' && change.selected && !isAnnotation(change.id)) onSelect(change.id)
          }
        }}
        onPaneClick={() => onSelect(null)}
        onNodeClick={(_, node) => node.type === 'step' && onSelect(node.id)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        onInit={(ready) => {
          const box = canvas.current
          if (box) void ready.setViewport(openingView(placed, box.clientWidth, box.clientHeight))
        }}
        minZoom={FARTHEST}
        maxZoom={2}
        panOnScroll
        onMoveStart={moving.onMoveStart}
        onMove={moving.onMove}
        onMoveEnd={moving.onMoveEnd}
        onlyRenderVisibleElements={!isWhole}
      >
        {shown.detail === 'near' && <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />}
        <CanvasGround nodes={drawn} />
        <LoopFrames zap={placed} nodes={nodes} connectors={connectors} />
        <Panel position="bottom-left" role="toolbar" aria-label="Canvas" className={TOOLBAR}>
          <ZoomButtons onFit={fit} />
        </Panel>
        <PicturedGraph graph={shown} held={held} cards={nodes} dragged={null} />
      </ReactFlow>
    </DetailContext>
  )
}
