import { Plus, RefreshCw, Search, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { ApiOperation, ImportedAppView } from '../../../core/contract/app-values.ts'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { api as host } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { presetOf } from '../../draft/operations/operation-preset.ts'
import { useApis, useOperations } from '../../queries/apis.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Input } from '../../ui/controls/input.tsx'
import { ConfirmDialog } from '../../ui/layers/dialog.tsx'
import { toast } from '../../ui/layers/toast.tsx'
import { AppLogo } from '../../ui/look/app-logo.tsx'
import { BackLine } from './palette-page.tsx'
import { type LineContext, type StepChoice, StepLines } from './step-lines.tsx'

type Connectors = ReadonlyMap<string, ConnectorManifest>

/** What begins the id of the page of an API that a person added. */
export const API_PAGE = 'api:'

/** The APIs that a person added with their descriptions, and the way to another one. */
export function YourApis({ apis, onPage }: { apis: readonly ImportedAppView[]; onPage(id: string): void }) {
  return (
    <section aria-label="Your APIs">
      {apis.length > 0 && (
        <>
          <h2 className="px-2 pt-4 pb-1 text-xs font-medium text-ink-faint">Your APIs</h2>
          <ul>
            {apis.map(({ id, title, operations }, index) => (
              <li key={id}>
                <button
                  type="button"
                  data-walk
                  data-page-link={`${API_PAGE}${id}`}
                  tabIndex={index === 0 ? 0 : -1}
                  onClick={() => onPage(`${API_PAGE}${id}`)}
                  className="flex w-full items-center gap-2 rounded px-2 py-1.5 text-left font-medium hover:bg-hover"
                >
                  <AppLogo icon="" title={title} size={28} />
                  <span className="min-w-0 flex-1 truncate">{title}</span>
                  <span className="text-xs font-normal text-ink-faint tabular-nums">{operations}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Link
        href="/apis/add"
        data-walk
        tabIndex={-1}
        className="mt-3 flex h-8 cursor-default items-center justify-center gap-1.5 rounded border border-line-strong border-dashed font-medium text-ink-soft hover:bg-hover hover:text-ink"
      >
        <Plus size={14} aria-hidden /> Add any API
      </Link>
    </section>
  )
}

/** The operations of an API by their tags, searched on the host. */
export function ApiPage({
  api,
  connectors,
  lines,
  onBack,
}: {
  api: ImportedAppView
  connectors: Connectors
  lines: LineContext
  onBack(): void
}) {
  const [search, setSearch] = useState('')
  const { operations, total, more } = useOperations({ app: api.id }, search)
  const [isRemoving, setRemoving] = useState(false)
  const [, navigate] = useLocation()
  const own = { ...lines, search: search.trim() }
  const starts = operations.flatMap((operation) => choicesOf(operation, connectors, api.credential, 'starts'))
  const tags = new Map<string, StepChoice[]>()
  for (const operation of operations) {
    const tag = operation.tag || 'Others'
    const choices = choicesOf(operation, connectors, api.credential, 'does')
    if (choices.length > 0) tags.set(tag, [...(tags.get(tag) ?? []), ...choices])
  }
  return (
    <div className="animate-fade">
      <BackLine label="All apps" onBack={onBack}>
        <IconButton
          icon={RefreshCw}
          size="sm"
          label="Update with a newer description"
          onClick={() => navigate(`/apis/${api.id}/update`)}
        />
        <IconButton icon={Trash2} size="sm" label="Take it away" onClick={() => setRemoving(true)} />
      </BackLine>
      <ConfirmDialog
        open={isRemoving}
        onOpenChange={setRemoving}
        title={`Take ${api.title} away?`}
        confirm="Take it away"
        onConfirm={() => {
          setRemoving(false)
          void remove(api.id, onBack)
        }}
      >
        {api.usedBy.length === 0
          ? 'No zap uses it.'
          : `${api.usedBy.map(({ name }) => name).join(', ')} ${api.usedBy.length === 1 ? 'uses' : 'use'} it, and would go on with what they carry.`}
      </ConfirmDialog>
      <div className="flex items-center gap-3 px-2 pt-1 pb-3">
        <AppLogo icon="" title={api.title} size={40} />
        <div className="min-w-0">
          <h2 className="text-lg font-semibold break-words">{api.title}</h2>
          <p className="text-sm break-all text-ink-faint">{api.address || 'no address yet'}</p>
        </div>
      </div>
      <div className="relative px-1">
        <Search size={14} aria-hidden className="absolute top-2.25 left-3.5 text-ink-faint" />
        <Input
          type="search"
          aria-label={`Search in ${api.title}`}
          placeholder={`Search in ${api.operations + api.events} operations`}
          className="pl-8"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {total === 0 && <p className="p-3 text-ink-faint">Nothing is called that.</p>}
      <StepLines title="Starts a zap" lines={own} choices={starts} />
      {[...tags].map(([tag, choices]) => (
        <StepLines key={tag} title={tag} lines={own} choices={choices} />
      ))}
      {more !== null && (
        <div className="p-2">
          <Button size="sm" onClick={more}>
            Show more
          </Button>
        </div>
      )}
    </div>
  )
}

async function remove(id: string, onDone: () => void): Promise<void> {
  try {
    await host.apps.remove({ id })
    onDone()
  } catch (thrown) {
    toast({ title: 'It was not taken away', detail: describeFailure(thrown).message, tone: 'error' })
  }
}

/** Operations of all APIs that a search of the palette found. */
export function FoundOperations({ search, lines }: { search: string; lines: LineContext }) {
  const { choices, note } = useFoundOperations(search)
  return <StepLines title="In your APIs" lines={lines} choices={choices} {...(note !== null && { note })} />
}

/** What a search finds among the operations of all APIs, and how many there are where these are not all. */
export function useFoundOperations(search: string): { choices: readonly StepChoice[]; note: string | null } {
  const apis = useApis().data ?? []
  const connectors = useConnectors()
  const isAsked = apis.length > 0 && search.trim().length > 1
  const { operations, total } = useOperations(null, search, isAsked)
  if (!isAsked) return { choices: [], note: null }
  const choices = operations.slice(0, MOST_SHOWN).flatMap((operation) => {
    const credential = apis.find(({ id }) => id === operation.app)?.credential ?? null
    return choicesOf(operation, connectors, credential, 'any').slice(0, 1)
  })
  return { choices, note: total !== null && total > MOST_SHOWN ? `${total} in all` : null }
}

const MOST_SHOWN = 20

/** What a line of an operation adds. */
function choicesOf(
  operation: ApiOperation,
  connectors: Connectors,
  credential: string | null,
  what: 'starts' | 'does' | 'any',
): StepChoice[] {
  const { title, method, path, isEvent, canPoll, appTitle } = operation
  const choice = (id: string, detail: string, aside?: string): StepChoice[] => {
    const connector = connectors.get(id)
    return connector === undefined
      ? []
      : [{ connector, title, detail, aside, preset: presetOf(operation, credential, isEvent) }]
  }
  if (isEvent)
    return what === 'does'
      ? []
      : choice('app.event', 'Sent to an address of yours', what === 'any' ? appTitle : undefined)
  if (what === 'starts') return canPoll ? choice('app.poll', `Asks ${path} every 5 minutes`) : []
  return choice('app.call', `${method} ${path}`, what === 'any' ? appTitle : undefined)
}
