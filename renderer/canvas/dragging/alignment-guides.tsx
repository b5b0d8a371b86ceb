import { ViewportPortal } from '@xyflow/react'
import type { Guide } from './alignment.ts'

/** The lines that what is dragged stands on. */
export function AlignmentGuides({ guides }: { guides: readonly Guide[] }) {
  if (guides.length === 0) return null
  return (
    <ViewportPortal>
      <svg aria-hidden className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible">
        {guides.map(({ axis, at, from, to }) => (
          <path
            key={`${axis} ${at}`}
            className="alignment-guide"
            d={axis === 'x' ? `M${at} ${from}V${to}` : `M${from} ${at}H${to}`}
          />
        ))}
      </svg>
    </ViewportPortal>
  )
}
