import { Position } from '@xyflow/react'
import { classNames } from '../ui/class-names.ts'
import { hueOf } from '../ui/connector-icon.tsx'
import type { CardData } from './flow-graph.ts'

/** A step as it is seen from far away, when there may be a thousand: its shape in its kind’s colour, and nothing that listens. */
export function DistantCard({ data, className }: { data: CardData; className: string }) {
  return (
    <>
      {data.hasInput && <Port type="target" position={Position.Top} />}
      <div
        className={classNames(
          'step-card h-16 w-60 border-4 bg-[color-mix(in_oklab,currentColor_35%,var(--surface))]',
          hueOf(data.manifest?.category),
          className,
        )}
      />
      {data.ports.map((port) => (
        <Port key={port.id} type="source" position={Position.Bottom} id={port.id} x={port.x} />
      ))}
    </>
  )
}

// React Flow measures where the ports of a card are when it comes into view, and would lose the wires without them.
function Port(props: { type: 'source' | 'target'; position: Position; id?: string; x?: number }) {
  return (
    <div
      className={`invisible react-flow__handle react-flow__handle-${props.position} ${props.type}`}
      data-handleid={props.id ?? null}
      data-handlepos={props.position}
      style={{ left: props.x }}
    />
  )
}
