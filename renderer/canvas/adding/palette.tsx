import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { looksLikeCurl } from '../../../core/domain/curl/command-text.ts'
import { chordOf } from '../../commands/chord.ts'
import { useApis } from '../../queries/apis.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { findConnectors } from '../../steps/find-connectors.ts'
import { recentConnectors } from '../../stores/recent-steps.ts'
import { IconButton } from '../../ui/controls/button.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { Kbd } from '../../ui/controls/kbd.tsx'
import { Spinner } from '../../ui/page/spinner.tsx'
import type { CanvasHandle } from '../canvas-actions.ts'
import { paletteOf } from './connector-groups.ts'
import { curlWords, useCurlLine } from './curl-line.ts'
import { FoundSteps, firstChoice } from './found-steps.tsx'
import { AppPage, GroupPage } from './palette-page.tsx'
import { PaletteStart } from './palette-start.tsx'
import { type LineContext, type StepChoice, StepLines } from './step-lines.tsx'
import { preferenceOf, useAccounts } from './use-accounts.ts'
import { usePaletteDrag } from './use-palette-drag.tsx'
import { useWalk } from './use-walk.ts'
import { API_PAGE, ApiPage, FoundOperations, YourApis } from './your-apis.tsx'

/**
 * Every step that can be added, to be clicked or dragged onto the canvas: those of Hookline in groups and apps as tiles, each with a page of
 * its own, and a search over all of them. `onAdded` hears of each that was.
 */
export function Palette({ canvas, onAdded }: { canvas: RefObject<CanvasHandle | null>; onAdded(): void }) {
  const connectors = useConnectors()
  const palette = useMemo(() => paletteOf(connectors.values()), [connectors])
  const accounts = useAccounts(palette.apps)
  const apis = useApis().data ?? []
  const [search, setSearch] = useState('')
  /** The id of the group or app whose page is shown. */
  const [page, setPage] = useState<string | null>(null)
  // As they were when the editor was opened: a list that grows with every click would slip away below the pointer.
  const [recent] = useState(recentConnectors)
  const panel = useRef<HTMLDivElement>(null)
  const walk = useWalk(panel)
  const drag = usePaletteDrag(canvas, onAdded)
  const found = useMemo(
    () => findConnectors([...connectors.values()], search, preferenceOf(accounts)),
    [connectors, search, accounts],
  )

  const curl = useCurlLine(search)
  const fromCurl = curl.flatMap(({ connector: id, title, preset }): StepChoice[] => {
    const connector = connectors.get(id)
    return connector === undefined ? [] : [{ connector, title, detail: curlWords(preset), preset }]
  })

  const lines: LineContext = {
    drag,
    search: search.trim(),
    add: (connector, preset, keepsFocus) => {
      canvas.current?.add(connector, preset, keepsFocus)
      onAdded()
    },
  }
  const focus = (selector: string): void => panel.current?.querySelector<HTMLElement>(selector)?.focus()
  const goTo = (id: string | null): void => {
    const from = page
    flushSync(() => {
      setPage(id)
      setSearch('')
    })
    focus(id === null ? `[data-page-link="${CSS.escape(from ?? '')}"]` : '[data-back]')
  }
  const goToSearch = (text: string): void => {
    flushSync(() => setSearch(text))
    focus('input[type="search"]')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const isInSearch = event.target instanceof HTMLInputElement
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (walk(event)) event.preventDefault()
    else if (isInSearch) return
    else if (chordOf(event) === '/') {
      event.preventDefault()
      if (page !== null) flushSync(() => setPage(null))
      goToSearch('')
    } else if (page !== null && (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowLeft'))) {
      event.preventDefault()
      goTo(null)
    } else if (isPlain && event.key.length === 1 && event.key !== ' ') {
      event.preventDefault()
      if (page !== null) flushSync(() => setPage(null))
      goToSearch(search + event.key)
    }
  }

  const group = palette.groups.find(({ id }) => id === page)
  const app = palette.apps.find(({ id }) => id === page)
  const ofPerson = apis.find(({ id }) => `${API_PAGE}${id}` === page)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what it holds
    <div ref={panel} className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      {group === undefined && app === undefined && ofPerson === undefined && (
        <SearchField
          search={search}
          onSearch={setSearch}
          onEnter={() => {
            const first = fromCurl[0] ?? firstChoice(found, search)
            if (first) lines.add(first.connector, first.preset)
          }}
        />
      )}
      <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-3 pb-3">
        {connectors.size === 0 ? (
          <p className="p-3">
            <Spinner label="Loading…" />
          </p>
        ) : app ? (
          <AppPage
            key={app.id}
            app={app}
            accounts={accounts.get(app.id) ?? []}
            lines={lines}
            onBack={() => goTo(null)}
          />
        ) : ofPerson ? (
          <ApiPage key={ofPerson.id} api={ofPerson} connectors={connectors} lines={lines} onBack={() => goTo(null)} />
        ) : group ? (
          <GroupPage group={group} lines={lines} onBack={() => goTo(null)} />
        ) : fromCurl.length > 0 ? (
          <StepLines title="From curl" lines={{ ...lines, search: '' }} choices={fromCurl} isFirstReached />
        ) : search.trim() !== '' ? (
          <>
            <FoundSteps found={found} search={search.trim()} accounts={accounts} lines={lines} />
            <FoundOperations search={search} lines={lines} />
          </>
        ) : (
          <>
            <PaletteStart
              palette={palette}
              recent={recent.flatMap((id) => connectors.get(id) ?? [])}
              accounts={accounts}
              lines={lines}
              onPage={goTo}
            />
            <YourApis apis={apis} onPage={goTo} />
          </>
        )}
      </div>
      {drag.ghost}
    </div>
  )
}

function SearchField({
  search,
  onSearch,
  onEnter,
}: {
  search: string
  onSearch(search: string): void
  onEnter(): void
}) {
  return (
    <div className="relative p-3 pb-2">
      <Search size={14} aria-hidden className="absolute top-5 left-5.5 text-ink-faint" />
      <Input
        type="search"
        aria-label="Search steps"
        placeholder="Search steps and apps"
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onPaste={(event) => {
          // With its line breaks, which the field itself would take out.
          const text = event.clipboardData.getData('text/plain')
          if (!looksLikeCurl(text)) return
          event.preventDefault()
          onSearch(text)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && search.trim() !== '') onEnter()
          if (event.key !== 'Escape') return
          if (search === '') event.currentTarget.blur()
          else {
            event.stopPropagation()
            onSearch('')
          }
        }}
      />
      <span className="absolute top-4 right-4 flex h-6 items-center">
        {search === '' ? (
          <span aria-hidden className="pr-1">
            <Kbd keys="/" />
          </span>
        ) : (
          <IconButton icon={X} label="Clear the search" size="sm" onClick={() => onSearch('')} />
        )}
      </span>
    </div>
  )
}
