import '../ui/lists/command-list.css'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import { keysOf, useBindings } from '../commands/bindings.ts'
import {
  closePalette,
  entriesOfScreens,
  type PaletteEntry,
  type PaletteScope,
  STEPS_GROUP,
  usePalette,
} from '../commands/palette-store.ts'
import { Kbd } from '../ui/controls/kbd.tsx'
import { useFocusReturn } from '../ui/layers/use-focus-return.ts'
import { useActiveOption } from '../ui/lists/use-active-option.ts'
import { findEntries } from './find-entries.ts'
import { useFrameEntries } from './use-frame-entries.ts'

/** Everything that can be gone to or done, by its name. */
export function CommandPalette() {
  const scope = usePalette((state) => state.scope)
  const returnFocus = useFocusReturn(scope !== null)
  return (
    <Dialog.Root open={scope !== null} onOpenChange={(open) => !open && closePalette()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed top-[14vh] left-1/2 z-40 w-[min(600px,calc(100vw-32px))] -translate-x-1/2 animate-pop overflow-hidden rounded-lg bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">
            {scope === 'steps' ? 'Find in this zap' : 'Go to anything, do anything'}
          </Dialog.Title>
          {scope !== null && <Finder scope={scope} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const PLACEHOLDERS: Readonly<Record<PaletteScope, string>> = {
  everything: 'Search for a zap, a run, a screen, a command…',
  steps: 'Find a step by its name or by what is written in it…',
}

function Finder({ scope }: { scope: PaletteScope }) {
  const command = useActiveOption()
  const [search, setSearch] = useState('')
  const frame = useFrameEntries()
  const groups = useMemo(() => {
    const ofScreens = entriesOfScreens()
    const entries =
      scope === 'steps'
        ? ofScreens.filter((entry) => entry.group === STEPS_GROUP)
        : // Hundreds of steps would bury the rest: they come when something is searched for.
          [...ofScreens.filter((entry) => search !== '' || entry.group !== STEPS_GROUP), ...frame]
    return findEntries(entries, search)
  }, [scope, search, frame])
  return (
    // Filtered by ourselves: cmdk's own search also finds words whose letters are merely in order.
    <Command ref={command} label="Commands" loop shouldFilter={false}>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search size={16} aria-hidden className="shrink-0 text-ink-faint" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={PLACEHOLDERS[scope]}
          className="h-12 w-full bg-transparent text-lg text-ink outline-none placeholder:text-ink-faint"
        />
      </div>
      <Command.List className="max-h-[min(420px,60vh)] scroll-py-2 overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-ink-faint">
          Nothing is called that. Fewer or other words may find it.
        </Command.Empty>
        {groups.map(({ group, entries, more }) => (
          <Command.Group key={group} heading={more === 0 ? group : `${group} (${more} more)`} className="command-group">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

function Entry({ entry }: { entry: PaletteEntry }) {
  const { icon: Icon, command } = entry
  const shortcut = useBindings(({ bindings }) => (command === undefined ? undefined : keysOf(command, bindings)[0]))
  return (
    <Command.Item
      value={entry.id}
      onSelect={() => {
        closePalette()
        // Once the palette is gone and the focus is back where it was, so that what is done can move it.
        setTimeout(() => entry.run())
      }}
      className="command-item"
    >
      <Icon size={16} aria-hidden className="shrink-0 text-ink-faint" />
      <span className="truncate text-ink">{entry.title}</span>
      {entry.detail !== undefined && <span className="min-w-0 truncate text-sm text-ink-faint">{entry.detail}</span>}
      {shortcut !== undefined && (
        <span className="ml-auto shrink-0">
          <Kbd keys={shortcut} />
        </span>
      )}
    </Command.Item>
  )
}
