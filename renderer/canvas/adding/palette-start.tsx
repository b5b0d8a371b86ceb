import { Check, LogIn, Star } from 'lucide-react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { CredentialSummary } from '../../../core/contract/values.ts'
import { isUsable } from '../../credentials/account-state.ts'
import { toggleFavourite, useFavouriteApps } from '../../stores/favourite-apps.ts'
import { AppLogo } from '../../ui/look/app-logo.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { type AppEntry, orderApps, type Palette } from './connector-groups.ts'
import { type LineContext, StepLines } from './step-lines.tsx'
import type { Accounts } from './use-accounts.ts'

const NO_ACCOUNTS: readonly CredentialSummary[] = []

/** What the palette shows before anything is looked for: what was used before, the groups, and the apps. */
export function PaletteStart({
  palette: { groups, apps },
  recent,
  accounts,
  lines,
  onPage,
}: {
  palette: Palette
  recent: readonly ConnectorManifest[]
  accounts: Accounts
  lines: LineContext
  /** Shows the page of a group or an app. */
  onPage(id: string): void
}) {
  const favourites = useFavouriteApps()
  return (
    <>
      <StepLines
        title="Used before"
        lines={lines}
        choices={recent.map((connector) => ({ connector, detail: null, aside: connector.app }))}
      />
      <section aria-label="Built in">
        <h2 className="px-2 pt-3 pb-1 text-xs font-medium text-ink-faint">Built in</h2>
        <ul className="grid grid-cols-2 gap-1">
          {groups.map(({ id, title, icon, category, connectors }, index) => (
            <li key={id}>
              <button
                type="button"
                data-walk
                data-page-link={id}
                tabIndex={index === 0 ? 0 : -1}
                onClick={() => onPage(id)}
                className="flex h-7 w-full items-center gap-1.5 rounded border border-line bg-surface pr-1.5 pl-1 text-left font-medium transition-colors hover:border-line-strong hover:bg-hover"
              >
                <ConnectorIcon icon={icon} category={category} size={20} />
                <span className="min-w-0 flex-1 truncate">{title}</span>
                <span className="text-xs font-normal text-ink-faint tabular-nums">
                  {connectors.length}
                  <span className="sr-only">{connectors.length === 1 ? ' step' : ' steps'}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      {apps.length > 0 && (
        <section aria-label="Apps">
          <h2 className="flex justify-between px-2 pt-4 pb-1 text-xs font-medium text-ink-faint">
            Apps
            {apps.some(({ id }) => accounts.get(id)?.some(isUsable)) && (
              <span className="flex items-center gap-1 font-normal">
                <Check size={12} aria-hidden className="text-success" /> connected first
              </span>
            )}
          </h2>
          <ul className="grid grid-cols-3 gap-y-1">
            {orderApps(apps, accounts, favourites).map((app, index) => (
              <AppTile
                key={app.id}
                app={app}
                accounts={accounts.get(app.id) ?? NO_ACCOUNTS}
                isFavourite={favourites.includes(app.id)}
                isTabStop={index === 0}
                onOpen={() => onPage(app.id)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function AppTile({
  app: { id, title, icon },
  accounts,
  isFavourite,
  isTabStop,
  onOpen,
}: {
  app: AppEntry
  accounts: readonly CredentialSummary[]
  isFavourite: boolean
  isTabStop: boolean
  onOpen(): void
}) {
  const usable = accounts.filter(isUsable).length
  const state =
    accounts.length === 0
      ? null
      : usable === 0
        ? 'not signed in'
        : `${usable} ${usable === 1 ? 'account' : 'accounts'} connected`
  return (
    <li className="group/tile relative">
      <button
        type="button"
        data-walk
        data-page-link={id}
        tabIndex={isTabStop ? 0 : -1}
        title={state === null ? undefined : `${title}: ${state}`}
        onClick={onOpen}
        className="flex min-h-17 w-full flex-col items-center gap-1 rounded px-0.5 py-1.5 transition-colors hover:bg-hover"
      >
        <span className="relative">
          <AppLogo icon={icon} title={title} size={32} />
          {state !== null && (
            <span
              aria-hidden
              className={classNames(
                'absolute -top-1 -right-1 flex size-3.5 items-center justify-center rounded-full text-surface ring-2 ring-surface',
                usable === 0 ? 'bg-waiting' : 'bg-success',
              )}
            >
              {usable === 0 ? <LogIn size={8} strokeWidth={3.5} /> : <Check size={9} strokeWidth={3.5} />}
            </span>
          )}
        </span>
        <span className="line-clamp-2 max-w-full text-center text-xs leading-3.5 break-words">{title}</span>
        {state !== null && <span className="sr-only">, {state}</span>}
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Favourite: ${title}`}
        aria-pressed={isFavourite}
        onClick={() => toggleFavourite(id)}
        className={classNames(
          'absolute top-0 right-1.5 rounded-sm p-0.5 text-ink-faint transition-opacity group-hover/tile:opacity-100 hover:text-ink focus-visible:opacity-100',
          state !== null && 'top-auto! bottom-0',
          isFavourite ? 'text-waiting! opacity-100' : 'opacity-0',
        )}
      >
        <Star size={12} aria-hidden fill={isFavourite ? 'currentColor' : 'none'} />
      </button>
    </li>
  )
}
