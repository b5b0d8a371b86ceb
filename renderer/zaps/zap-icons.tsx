import { ChevronRight } from 'lucide-react'
import { Fragment } from 'react'
import { useConnectors } from '../queries/connectors.ts'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'

const SHOWN = 5

/** The steps of a zap as a line of tiles, in the order in which they run. */
export function ZapIcons({ uses, size = 20 }: { uses: readonly string[]; size?: number }) {
  const connectors = useConnectors()
  const names = uses.map((id) => connectors.get(id)?.title ?? id).join(', then ')
  if (uses.length === 0) return <span className="text-sm text-ink-faint">No steps yet</span>
  const shown = uses.length > SHOWN ? uses.slice(0, SHOWN - 1) : uses
  return (
    <span role="img" aria-label={names} title={names} className="inline-flex items-center gap-0.5">
      {shown.map((id, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one connector may come several times; only the place tells them apart
        <Fragment key={`${at}-${id}`}>
          {at > 0 && <ChevronRight size={10} aria-hidden className="text-line-strong" />}
          <ConnectorIcon
            icon={connectors.get(id)?.icon}
            category={connectors.get(id)?.category}
            size={size}
            isLoading={connectors.size === 0}
          />
        </Fragment>
      ))}
      {shown.length < uses.length && <span className="ml-1 text-xs text-ink-faint">+{uses.length - shown.length}</span>}
    </span>
  )
}
