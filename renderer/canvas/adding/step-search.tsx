import { Command } from 'cmdk'
import { Link2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { connectorGroups } from './connector-groups.ts'
import { SearchPanel } from './search-panel.tsx'

/** A step that is there already and may be connected instead of adding a new one. */
export type ExistingStep = {
  readonly id: string
  readonly title: string
  readonly connector: ConnectorManifest | undefined
}

/** The search for a step to add, at a point of the window. */
export function StepSearch(props: {
  readonly at: { readonly x: number; readonly y: number }
  readonly label: string
  readonly triggers: boolean
  readonly existing: readonly ExistingStep[]
  onPick(connector: ConnectorManifest): void
  onConnect(stepId: string): void
  onClose(): void
}) {
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  const groups = useMemo(
    () =>
      connectorGroups(
        [...connectors.values()].filter((one) => props.triggers || one.kind === 'action'),
        search,
      ),
    [connectors, props.triggers, search],
  )
  const existing = props.existing.filter((step) =>
    `${step.title} ${step.id}`.toLowerCase().includes(search.toLowerCase()),
  )

  return (
    <SearchPanel
      at={props.at}
      label={props.label}
      placeholder="Search for a step…"
      none="No step is called that."
      search={search}
      onSearch={setSearch}
      onClose={props.onClose}
    >
      {groups.map((group) => (
        <Command.Group key={group.title} heading={group.title} className="command-group">
          {group.connectors.map((connector) => (
            <Command.Item
              key={connector.id}
              value={connector.id}
              onSelect={() => props.onPick(connector)}
              className="command-item"
            >
              <ConnectorIcon icon={connector.icon} category={connector.category} size={28} />
              <span className="min-w-0">
                <span className="block truncate font-medium text-ink">{connector.title}</span>
                <span className="block truncate text-sm text-ink-faint">{connector.description}</span>
              </span>
            </Command.Item>
          ))}
        </Command.Group>
      ))}
      {existing.length > 0 && (
        <Command.Group heading="Connect to a step" className="command-group">
          {existing.map((step) => (
            <Command.Item
              key={step.id}
              value={`step ${step.id}`}
              onSelect={() => props.onConnect(step.id)}
              className="command-item"
            >
              <Link2 aria-hidden className="mx-1.5 size-4 shrink-0 text-ink-faint" />
              <span className="truncate text-ink">{step.title}</span>
              <span className="ml-auto font-mono text-xs text-ink-faint">{step.id}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
    </SearchPanel>
  )
}
