import { Command } from 'cmdk'
import { Check, Link2 } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import { isUsable } from '../../credentials/account-state.ts'
import type { StepPreset } from '../../draft/operations/insert-steps.ts'
import { useConnectors } from '../../queries/connectors.ts'
import { familyOf } from '../../steps/account-types.ts'
import { findConnectors } from '../../steps/find-connectors.ts'
import { MarkedText } from '../../steps/marked-text.tsx'
import { recentConnectors } from '../../stores/recent-steps.ts'
import { Kbd } from '../../ui/controls/kbd.tsx'
import { AppLogo } from '../../ui/look/app-logo.tsx'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { orderApps, type Palette, paletteOf } from './connector-groups.ts'
import { curlWords, useCurlLine } from './curl-line.ts'
import { countWords, detailOf, MOST_FOUND, waysOn } from './found-steps.tsx'
import { SearchPanel } from './search-panel.tsx'
import { type Accounts, preferenceOf, useAccounts } from './use-accounts.ts'
import { useFoundOperations } from './your-apis.tsx'

/** A step that is there already and may be connected instead of adding a new one. */
export type ExistingStep = {
  readonly id: string
  readonly title: string
  readonly connector: ConnectorManifest | undefined
}

/** What begins the value of an app's line, where it is no step. */
const APP = 'app '

/** The search for a step to add, at a point of the window. */
export function StepSearch(props: {
  readonly at: { readonly x: number; readonly y: number }
  readonly label: string
  readonly triggers: boolean
  readonly existing: readonly ExistingStep[]
  onPick(connector: ConnectorManifest, preset?: StepPreset): void
  onConnect(stepId: string): void
  onClose(): void
}) {
  const connectors = useConnectors()
  const [search, setSearch] = useState('')
  /** The app in which is searched alone. */
  const [within, setWithin] = useState<string | null>(null)
  const offered = useMemo(
    () => [...connectors.values()].filter((one) => props.triggers || one.kind === 'action'),
    [connectors, props.triggers],
  )
  const palette = useMemo(() => paletteOf(offered), [offered])
  const accounts = useAccounts(palette.apps)
  const app = palette.apps.find(({ id }) => id === within)
  const found = useMemo(
    () => findConnectors(app?.connectors ?? offered, search, preferenceOf(accounts)),
    [offered, app, search, accounts],
  )
  const existing = app
    ? []
    : props.existing.filter((step) => `${step.title} ${step.id}`.toLowerCase().includes(search.toLowerCase()))
  const isTyped = search.trim() !== ''
  const curl = useCurlLine(search)
  const enterApp = (id: string | null): void => {
    setWithin(id)
    setSearch('')
  }
  const ofApis = useFoundOperations(curl.length > 0 || app ? '' : search)
  const item = (
    connector: ConnectorManifest,
    detail?: string,
    preset?: StepPreset,
    title?: string,
    value: string = connector.id,
  ): ReactNode => (
    <StepItem
      key={value}
      value={value}
      connector={connector}
      title={title ?? connector.title}
      detail={detail ?? (app ? connector.description : detailOf(connector, accounts))}
      accounts={accounts}
      search={search}
      onPick={() => props.onPick(connector, preset)}
    />
  )

  return (
    <SearchPanel
      at={props.at}
      label={props.label}
      placeholder={app ? `Search in ${app.title}…` : 'Search for a step…'}
      none="No step is called that."
      search={search}
      onSearch={setSearch}
      scope={app && <AppLogo icon={app.icon} title={app.title} size={20} />}
      note={
        <span role="status" className="shrink-0 text-xs text-ink-faint">
          {isTyped && curl.length === 0 && (found.isExact ? countWords(found) : 'nothing is called that')}
        </span>
      }
      footer={<Footer canLeave={app !== undefined} />}
      onKey={(event, chosen) => {
        if (event.key === 'Backspace' && search === '' && app) {
          enterApp(null)
          return true
        }
        if (event.key !== 'Tab' || event.shiftKey || chosen === null) return false
        const id = chosen.startsWith(APP) ? chosen.slice(APP.length) : familyOf(chosen)
        if (app || !palette.apps.some((one) => one.id === id)) return false
        enterApp(id)
        return true
      }}
      onClose={props.onClose}
    >
      {found.corrected !== null && (
        <p className="px-2 py-1 text-sm text-ink-soft">
          Showing results for <strong className="font-semibold text-ink">{found.corrected}</strong>
        </p>
      )}
      {curl.length > 0 ? (
        <Group heading="From curl">
          {curl.flatMap(({ connector: id, title, preset }) => {
            const connector = connectors.get(id)
            return connector === undefined ? [] : [item(connector, curlWords(preset), preset, title)]
          })}
        </Group>
      ) : isTyped || app ? (
        <>
          <Group heading={found.isExact ? undefined : 'Nearest'}>
            {found.connectors.slice(0, MOST_FOUND).map((connector) => item(connector))}
          </Group>
          <Group heading="Also about this">{found.also.slice(0, MOST_FOUND).map((connector) => item(connector))}</Group>
          <Group heading="In your APIs">
            {ofApis.choices
              .filter(({ connector }) => offered.includes(connector))
              .map(({ connector, detail, title, preset, aside }) => {
                const place = `${connector.id} ${aside} ${detail} ${title}`
                return item(connector, `${aside} · ${detail}`, preset, title, place)
              })}
          </Group>
          <Group heading="Works with any service">
            {found.always.map((connector) => {
              const { detail, preset } = waysOn(connector, search.trim())
              return item(connector, detail ?? undefined, preset)
            })}
          </Group>
        </>
      ) : (
        <Start palette={palette} offered={offered} accounts={accounts} item={item} onApp={enterApp} />
      )}
      <Group heading="Connect to a step">
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
      </Group>
    </SearchPanel>
  )
}

/** Before anything is typed: what was used before, the groups with all that they have, and apps by their names. */
function Start({
  palette,
  offered,
  accounts,
  item,
  onApp,
}: {
  palette: Palette
  offered: readonly ConnectorManifest[]
  accounts: Accounts
  item(connector: ConnectorManifest): ReactNode
  onApp(id: string): void
}) {
  const [recent] = useState(() => recentConnectors().flatMap((id) => offered.find((one) => one.id === id) ?? []))
  const isRecent = (one: ConnectorManifest): boolean => recent.includes(one)
  return (
    <>
      <Group heading="Used before">{recent.map((one) => item(one))}</Group>
      {palette.groups.map(({ id, title, connectors }) => (
        <Group key={id} heading={title}>
          {connectors.filter((one) => !isRecent(one)).map((one) => item(one))}
        </Group>
      ))}
      <Group heading="Apps">
        {orderApps(palette.apps, accounts, []).map(({ id, title, icon, connectors }) => (
          <Command.Item key={id} value={`${APP}${id}`} onSelect={() => onApp(id)} className="command-item">
            <AppLogo icon={icon} title={title} size={28} />
            <span className="min-w-0 flex-1 truncate font-medium text-ink">{title}</span>
            <span className="text-xs text-ink-faint">{connectors.length}</span>
          </Command.Item>
        ))}
      </Group>
    </>
  )
}

function StepItem({
  value,
  connector,
  title,
  detail,
  accounts,
  search,
  onPick,
}: {
  /** What tells it from the others. */
  value: string
  connector: ConnectorManifest
  title: string
  detail: string
  accounts: Accounts
  search: string
  onPick(): void
}) {
  const isConnected = accounts.get(familyOf(connector.id))?.some(isUsable) ?? false
  return (
    <Command.Item value={value} onSelect={onPick} className="command-item">
      {connector.app === undefined ? (
        <ConnectorIcon icon={connector.icon} category={connector.category} size={28} />
      ) : (
        <AppLogo icon={connector.icon} title={connector.app} size={28} />
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium text-ink">
          <MarkedText text={title} search={search.trim()} />
        </span>
        <span className="block truncate text-sm text-ink-faint">{detail}</span>
      </span>
      {connector.app !== undefined &&
        (isConnected ? (
          <span className="flex shrink-0 items-center gap-1 text-sm text-success">
            <Check size={13} aria-hidden /> Signed in
          </span>
        ) : (
          <span className="shrink-0 text-sm text-ink-faint">connect</span>
        ))}
    </Command.Item>
  )
}

// A heading over nothing would be read as a choice.
function Group({ heading, children }: { heading: string | undefined; children: readonly ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <Command.Group heading={heading} className="command-group">
      {children}
    </Command.Group>
  )
}

function Footer({ canLeave }: { canLeave: boolean }) {
  return (
    <p
      aria-hidden
      className="flex shrink-0 items-center gap-3 border-line border-t px-3 py-1.5 text-xs whitespace-nowrap text-ink-faint [&>span]:flex [&>span]:items-center [&>span]:gap-1"
    >
      <span>
        <Kbd keys="ArrowUp" />
        <Kbd keys="ArrowDown" /> choose
      </span>
      <span>
        <Kbd keys="Enter" /> add
      </span>
      <span className="flex-1">
        <Kbd keys={canLeave ? 'Backspace' : 'Tab'} /> {canLeave ? 'all steps' : 'all of the app'}
      </span>
      <span>
        <Kbd keys="Escape" /> close
      </span>
    </p>
  )
}
