import { ViewportPortal } from '@xyflow/react'
import { Repeat } from 'lucide-react'
import { memo, useMemo, useRef } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { type LoopFrame, loopBodies, loopFrames } from '../../draft/layout/loop-frames.ts'
import type { CardNode } from '../flow-graph.ts'

/** The bodies of loops as frames behind their steps; they follow the cards while these are dragged. */
export function LoopFrames({
  zap,
  nodes,
  connectors,
}: {
  zap: Pick<ZapFile, 'steps' | 'edges'>
  nodes: readonly CardNode[]
  connectors: ReadonlyMap<string, ConnectorManifest>
}) {
  const { steps, edges } = zap
  const bodies = useMemo(
    () => loopBodies({ steps, edges }, (step) => connectors.get(step.uses)?.isLoop === true),
    [steps, edges, connectors],
  )
  const shown = useRef<readonly LoopFrame[]>([])
  const frames = useMemo(() => {
    if (bodies.length === 0) return []
    const byId = new Map(nodes.map((node) => [node.id, node]))
    const next = loopFrames(bodies, (id) => {
      const node = byId.get(id)
      return node && { ...node.position, title: node.data.title }
    })
    // A frame that is where it was is not drawn again.
    const old = new Map(shown.current.map((frame) => [frame.loop, frame]))
    shown.current = next.map((frame) => {
      const known = old.get(frame.loop)
      return known && sameFrame(known, frame) ? known : frame
    })
    return shown.current
  }, [bodies, nodes])
  if (frames.length === 0) return null
  return (
    <ViewportPortal>
      {frames.map((frame) => (
        <Frame key={frame.loop} frame={frame} />
      ))}
    </ViewportPortal>
  )
}

const Frame = memo(function Frame({ frame }: { frame: LoopFrame }) {
  return (
    <div
      data-loop-frame={frame.loop}
      className="loop-frame"
      style={{
        transform: `translate(${frame.x}px, ${frame.y}px)`,
        width: frame.width,
        height: frame.height,
        zIndex: -100 + frame.depth,
      }}
    >
      <p className="loop-frame-title">
        <Repeat size={12} aria-hidden className="shrink-0" />
        <span className="truncate">{frame.title}</span>
      </p>
    </div>
  )
})

function sameFrame(a: LoopFrame, b: LoopFrame): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.title === b.title
}
