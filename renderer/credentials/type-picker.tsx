import '../ui/lists/command-list.css'
import { Command } from 'cmdk'
import { Check, ChevronDown, KeyRound, Search } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { CredentialTypeInfo } from '../../core/contract/values.ts'
import { useConnectors } from '../queries/connectors.ts'
import { MarkedText } from '../steps/marked-text.tsx'
import { CONTROL } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { useActiveOption } from '../ui/lists/use-active-option.ts'
import { AppLogo } from '../ui/look/app-logo.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'
import { useCredentials } from './credentials.ts'
import { findTypes, type TypeEntry, typeEntries } from './type-list.ts'

/** As many are read at a glance; more are searched. */
const FEW = 8

/** The type of a credential: chosen of a few, or looked for among all of them. */
export function TypePicker({
  id,
  value,
  types: all,
  offered,
  onChange,
}: {
  id: string
  value: string
  /** Every type; none until the host has answered. */
  types: readonly CredentialTypeInfo[]
  /** Those among which it is chosen; null for all. */
  offered: readonly string[] | null
  onChange: (type: string) => void
}) {
  const types = offered === null ? all : all.filter(({ id: type }) => offered.includes(type))
  // Not by how many there are so far: what is open would become something else when the host answers.
  if (offered === null || offered.length > FEW)
    return <TypeSearch id={id} value={value} types={types} onChange={onChange} />
  return (
    <Select
      id={id}
      value={value}
      options={types.map(({ id: type, title }) => ({ value: type, label: title }))}
      onChange={onChange}
    />
  )
}

function TypeSearch({ id, value, types, onChange }: Omit<Parameters<typeof TypePicker>[0], 'offered'>) {
  const [isOpen, setOpen] = useState(false)
  const connectors = useConnectors()
  const entries = useMemo(() => typeEntries(types, connectors.values()), [types, connectors])
  const chosen = entries.find((one) => one.id === value)
  return (
    // It takes the scroll wheel from the dialog below only where it is modal itself.
    <Popover.Root modal open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        id={id}
        role="combobox"
        aria-haspopup="listbox"
        className={classNames(CONTROL, 'flex h-8 items-center gap-2 px-2.5 text-left')}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {chosen !== undefined && <TypeIcon entry={chosen} size={18} />}
        <span className="min-w-0 flex-1 truncate">{chosen?.title ?? value}</span>
        <ChevronDown size={14} aria-hidden className="text-ink-faint" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Types of credential"
          className="z-50 flex max-h-[min(420px,var(--radix-popover-content-available-height))] w-[max(320px,var(--radix-popover-trigger-width))] animate-pop flex-col overflow-hidden rounded-lg bg-raised shadow-float"
        >
          <TypeOptions
            entries={entries}
            chosen={value}
            onChoose={(type) => {
              setOpen(false)
              onChange(type)
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function TypeOptions({
  entries,
  chosen,
  onChoose,
}: {
  entries: readonly TypeEntry[]
  chosen: string
  onChoose: (type: string) => void
}) {
  const command = useActiveOption()
  const [search, setSearch] = useState('')
  const stored = useCredentials().data
  const usedBefore = useMemo(
    () => (stored ?? []).toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)).map(({ type }) => type),
    [stored],
  )
  const { groups, isExact } = useMemo(() => findTypes(entries, search, usedBefore), [entries, search, usedBefore])
  const found = groups.reduce((sum, group) => sum + group.entries.length, 0)
  return (
    <Command ref={command} label="Types of credential" loop shouldFilter={false} className="flex min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3">
        <Search size={14} aria-hidden className="shrink-0 text-ink-faint" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={`Search ${entries.length} types, or the service…`}
          className="h-9 w-full bg-transparent text-base text-ink outline-none placeholder:text-ink-faint"
        />
      </div>
      <p role="status" className="sr-only">
        {isExact ? `${found} types` : `No type is called ${search}, ${found} other ways`}
      </p>
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {!isExact && (
          <p className="px-2 pt-1.5 pb-1 text-sm text-ink-soft">
            No type is called <strong className="font-semibold text-ink">{search.trim()}</strong>. For a service that is
            not here, take what its documentation asks for: mostly a token.
          </p>
        )}
        {groups.map((group) => (
          <Command.Group key={group.title} heading={group.title} className="command-group">
            {group.entries.map((entry) => (
              <Command.Item
                key={entry.id}
                value={entry.id}
                onSelect={() => onChoose(entry.id)}
                className="command-item gap-2.5!"
              >
                <TypeIcon entry={entry} size={24} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-ink">
                    <MarkedText text={entry.title} search={search} />
                  </span>
                  {entry.description !== '' && (
                    <span className="block truncate text-xs text-ink-faint" title={entry.description}>
                      {entry.description}
                    </span>
                  )}
                </span>
                {entry.id === chosen && <Check size={14} aria-label="Chosen" className="shrink-0 text-accent" />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

function TypeIcon({ entry: { usedIn, title, group }, size }: { entry: TypeEntry; size: number }) {
  if (usedIn === undefined && group !== 'any') return <AppLogo icon="" title={title} size={size} />
  if (usedIn?.app !== undefined) return <AppLogo icon={usedIn.icon} title={title} size={size} />
  if (usedIn !== undefined) return <ConnectorIcon icon={usedIn.icon} category={usedIn.category} size={size} />
  return (
    <span
      aria-hidden
      style={{ width: size, height: size, borderRadius: size >= 24 ? 6 : 4 }}
      className="inline-flex shrink-0 items-center justify-center bg-sunken text-ink-soft inset-ring inset-ring-line"
    >
      <KeyRound size={Math.round(size * 0.57)} />
    </span>
  )
}
