import { useMemo } from 'react'
import type { Position, ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../../draft/graph/node-size.ts'
import { tidyLayout } from '../../draft/layout/tidy-layout.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { hueOf, iconOf } from '../../ui/look/connector-icon.tsx'

const MARGIN = 16
const ICON = 30
const LARGEST = 0.42

/** The graph of a zap as a small drawing. Decoration: its name and description stand beside it. */
export function GraphPicture({ zap, className }: { zap: ZapFile; className?: string }) {
  const connectors = useConnectors()
  const places = useMemo(() => closerRows(tidyLayout({ steps: zap.steps, edges: zap.edges })), [zap])
  const all = [...places.values()]
  const left = Math.min(...all.map((at) => at.x)) - MARGIN
  const top = Math.min(...all.map((at) => at.y)) - MARGIN
  const right = Math.max(...all.map((at) => at.x)) + NODE_WIDTH + MARGIN
  const bottom = Math.max(...all.map((at) => at.y)) + NODE_HEIGHT + MARGIN
  return (
    <svg
      aria-hidden
      viewBox={`${left} ${top} ${right - left} ${bottom - top}`}
      // Small graphs are not drawn larger than others.
      width={(right - left) * LARGEST}
      className={className}
    >
      {zap.edges.map((edge) => {
        const from = places.get(edge.from)
        const to = places.get(edge.to)
        if (!from || !to) return null
        const start = { x: from.x + NODE_WIDTH / 2, y: from.y + NODE_HEIGHT }
        const end = { x: to.x + NODE_WIDTH / 2, y: to.y }
        const middle = (start.y + end.y) / 2
        return (
          <path
            key={`${edge.from} ${edge.port ?? ''} ${edge.to}`}
            d={`M ${start.x} ${start.y} C ${start.x} ${middle} ${end.x} ${middle} ${end.x} ${end.y}`}
            className="fill-none stroke-line-strong"
            strokeWidth={4}
          />
        )
      })}
      {zap.steps.map((step) => {
        const at = places.get(step.id)
        if (!at) return null
        const manifest = connectors.get(step.uses)
        const Icon = iconOf(manifest?.icon)
        return (
          <g key={step.id} transform={`translate(${at.x} ${at.y})`} className={hueOf(manifest?.category)}>
            <rect
              width={NODE_WIDTH}
              height={NODE_HEIGHT}
              rx={manifest?.kind === 'trigger' ? NODE_HEIGHT / 2 : 12}
              className="fill-surface stroke-line-strong"
              strokeWidth={3}
            />
            <circle cx={NODE_HEIGHT / 2} cy={NODE_HEIGHT / 2} r={22} fill="currentColor" fillOpacity={0.15} />
            <Icon x={(NODE_HEIGHT - ICON) / 2} y={(NODE_HEIGHT - ICON) / 2} width={ICON} height={ICON} />
            <text x={NODE_HEIGHT + 4} y={NODE_HEIGHT / 2 + 7} className="fill-ink text-[19px] font-medium">
              {shortened(step.name ?? manifest?.title ?? step.uses)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

/** Nothing hangs between the rows of a picture, so that they stand closer and the cards are larger. */
function closerRows(places: ReadonlyMap<string, Position>): ReadonlyMap<string, Position> {
  return new Map([...places].map(([id, at]) => [id, { x: at.x, y: at.y * 0.72 }]))
}

/** As much of a name as has room on a card of the drawing. */
function shortened(name: string): string {
  return name.length > 15 ? `${name.slice(0, 14).trimEnd()}…` : name
}
