import { BaseEdge, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { memo } from 'react'
import { PORT_SIZE } from '../../draft/graph/node-size.ts'
import { useCanvasActions } from '../canvas-actions.ts'
import type { StepEdge } from '../flow-graph.ts'

/** A connection, with a `+` in its middle that puts a step there. Drawn in SVG alone, as there may be thousands. */
export const StepWire = memo(function StepWire(props: EdgeProps<StepEdge>) {
  const actions = useCanvasActions()
  const [path, x, y] = getSmoothStepPath({
    sourceX: props.sourceX,
    // From edge to edge of the cards: React Flow begins and ends at the far sides of the ports.
    sourceY: props.sourceY - PORT_SIZE / 2,
    sourcePosition: props.sourcePosition,
    targetX: props.targetX,
    targetY: props.targetY + PORT_SIZE / 2 - 2,
    targetPosition: props.targetPosition,
    borderRadius: 14,
  })
  const edge = props.data?.edge
  const taken = props.data?.taken ?? null
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={24}
        {...(props.markerEnd !== undefined && { markerEnd: props.markerEnd })}
        {...(taken !== null && { 'data-taken': taken })}
        {...(props.data?.body && { 'data-body': true })}
        {...(props.data?.change && { 'data-change': props.data.change })}
      />
      {props.data?.label && (
        <text
          className="wire-label"
          {...(props.data.body && { 'data-body': true })}
          {...(props.data.label.at === 'target'
            ? { x: props.targetX, y: props.targetY - 14, textAnchor: 'middle' }
            : { x: props.sourceX + 7, y: props.sourceY + 12 })}
        >
          <title>{props.data.label.full}</title>
          {props.data.body ? `↻ ${props.data.label.text}` : props.data.label.text}
        </text>
      )}
      {actions && edge && (
        // biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no button element
        <g
          role="button"
          tabIndex={0}
          data-opens-search
          aria-label={`Add a step between ${edge.from} and ${edge.to}`}
          className="edge-add nopan"
          transform={`translate(${x} ${y})`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation()
            actions.addOnEdge(edge, below(event.currentTarget))
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ' ') return
            event.preventDefault()
            event.stopPropagation()
            actions.addOnEdge(edge, below(event.currentTarget))
          }}
        >
          <circle r={14} style={{ fill: 'transparent', stroke: 'none' }} />
          <circle r={9} />
          <path d="M-3.5 0H3.5M0 -3.5V3.5" />
        </g>
      )}
    </>
  )
})

function below(element: SVGGElement): { x: number; y: number } {
  const box = element.getBoundingClientRect()
  return { x: box.x + box.width / 2, y: box.bottom + 4 }
}
