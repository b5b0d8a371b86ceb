import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { NODE_HEIGHT, NODE_WIDTH } from '../../draft/graph/node-size.ts'
import { hueOf } from '../../ui/look/connector-icon.tsx'
import { cellOf } from '../far/picture-cells.ts'
import type { CardNode } from '../flow-graph.ts'
import { cardTone } from './card-tone.ts'

const RADIUS = 10

/** Cards as their shapes alone, in their kinds' colours, some drawings for all of them: for as long as none of them is taken hold of. */
export const CardShapes = memo(function CardShapes({
  cards,
  isNear,
}: {
  cards: readonly CardNode[]
  /** Whether they stand beside cards that are drawn as themselves. */
  isNear: boolean
}) {
  // As wide as a card's own border, or wide enough to be seen from far away.
  const border = isNear ? 1 : 4
  const shapes = useMemo(() => shapesOf(cards, border), [cards, border])
  return (
    <ViewportPortal>
      <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible">
        {shapes.map(({ key, hue, tone, path }) => (
          <path
            key={key}
            className={`card-shapes ${hue}`}
            data-tone={tone}
            data-near={isNear}
            strokeWidth={border}
            d={path}
          />
        ))}
      </svg>
    </ViewportPortal>
  )
})

type Shapes = { readonly key: string; readonly hue: string; readonly tone: string; path: string }

function shapesOf(cards: readonly CardNode[], border: number): Shapes[] {
  const shapes = new Map<string, Shapes>()
  for (const { data, selected, position } of cards) {
    const hue = hueOf(data.manifest?.category)
    const tone = selected === true ? 'selected' : cardTone(data)
    const key = `${cellOf(position)} ${hue} ${tone}`
    const shape = shapes.get(key) ?? { key, hue, tone, path: '' }
    shapes.set(key, shape)
    const isTrigger = data.manifest?.kind === 'trigger'
    shape.path += outline(position, border / 2, isTrigger ? NODE_HEIGHT / 2 : RADIUS)
  }
  return [...shapes.values()]
}

/** A card's outline, within its border, with the given radius on its left. */
function outline({ x, y }: { x: number; y: number }, inset: number, left: number): string {
  const l = left - inset
  const r = RADIUS - inset
  const width = NODE_WIDTH - 2 * inset
  const height = NODE_HEIGHT - 2 * inset
  return (
    `M${x + inset + l} ${y + inset}h${width - l - r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}` +
    `h${l + r - width}a${l} ${l} 0 0 1 ${-l} ${-l}v${2 * l - height}a${l} ${l} 0 0 1 ${l} ${-l}z`
  )
}
