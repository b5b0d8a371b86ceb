import '../ui/command-list.css'
import { Command } from 'cmdk'
import { Link2 } from 'lucide-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { useConnectors } from '../stores/connectors.ts'
import { ConnectorIcon } from '../ui/connector-icon.tsx'
import { connectorGroups } from './connector-groups.ts'

/** A step that is there already and may be connected instead of adding a new one. */
export type ExistingStep = {
  readonly id: string
  readonly title: string
  readonly connector: ConnectorManifest | undefined
}

const WIDTH = 320
const HEIGHT = 380
const MARGIN = 12

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
  const panel = useRef<HTMLDivElement>(null)
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
  const onClose = props.onClose
  useLayoutEffect(() => {
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !panel.current?.contains(event.target)) onClose()
    }
    document.addEventListener('pointerdown', closeOutside, true)
    return () => document.removeEventListener('pointerdown', closeOutside, true)
  }, [onClose])

  const left = Math.max(MARGIN, Math.min(props.at.x - WIDTH / 2, window.innerWidth - WIDTH - MARGIN))
  const top = Math.max(MARGIN, Math.min(props.at.y, window.innerHeight - HEIGHT - MARGIN))
  return createPortal(
    <div
      ref={panel}
      role="dialog"
      aria-label={props.label}
      className="fixed z-50 overflow-hidden rounded-lg animate-pop bg-raised shadow-float"
      style={{ left, top, width: WIDTH }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault()
          event.stopPropagation()
          onClose()
        }
      }}
    >
      {/* Filtered by ourselves: cmdk's own search also finds words whose letters are merely in order. */}
      <Command label={props.label} loop shouldFilter={false}>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="Search for a step…"
          className="w-full border-line border-b bg-transparent px-3 py-2.5 text-base text-ink outline-none"
        />
        <Command.List className="max-h-80 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-sm text-ink-faint">
            No step is called that.
          </Command.Empty>
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
        </Command.List>
      </Command>
    </div>,
    document.body,
  )
}
