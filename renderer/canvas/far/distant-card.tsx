import { classNames } from '../../ui/look/class-names.ts'
import { hueOf } from '../../ui/look/connector-icon.tsx'
import type { CardData } from '../flow-graph.ts'

/** A step as it is seen from far away, when there may be a thousand: its shape in its kind’s colour, and nothing that listens. */
export function DistantCard({ data, className }: { data: CardData; className: string }) {
  return (
    <div
      className={classNames(
        'step-card h-16 w-60 border-4 bg-[color-mix(in_oklab,currentColor_35%,var(--surface))]',
        hueOf(data.manifest?.category),
        className,
      )}
    />
  )
}
