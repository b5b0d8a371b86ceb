import { ChevronLeft, PencilLine, Plug, Search, Star, Zap } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { CredentialSummary } from '../../../core/contract/values.ts'
import { parseDuration } from '../../../core/domain/time/duration.ts'
import { isJsonObject } from '../../../core/domain/values/json.ts'
import { isUsable } from '../../credentials/account-state.ts'
import { CredentialDialog } from '../../credentials/credential-dialog.tsx'
import { freeName, useCredentials } from '../../credentials/credentials.ts'
import { SignInDialog } from '../../credentials/sign-in-dialog.tsx'
import { SignInState } from '../../credentials/sign-in-state.tsx'
import { useConnectors } from '../../queries/connectors.ts'
import { toggleFavourite, useFavouriteApps } from '../../stores/favourite-apps.ts'
import { Button, IconButton } from '../../ui/controls/button.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { AppLogo } from '../../ui/look/app-logo.tsx'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import { exactAmount } from '../../ui/words/duration.ts'
import { type AppEntry, type StepGroup, titleInApp } from './connector-groups.ts'
import { type LineContext, type StepChoice, StepLines } from './step-lines.tsx'

/** The steps of a group, in the place of the palette's start. */
export function GroupPage({ group, lines, onBack }: { group: StepGroup; lines: LineContext; onBack(): void }) {
  return (
    <div className="animate-fade">
      <BackLine label="All steps" onBack={onBack} />
      <h2 className="flex items-center gap-3 px-2 pt-1 text-lg font-semibold">
        <ConnectorIcon icon={group.icon} category={group.category} size={28} />
        {group.title}
      </h2>
      <StepLines
        title={count(group.connectors.length, 'step')}
        lines={lines}
        choices={group.connectors.map((connector) => ({ connector, detail: connector.description }))}
      />
    </div>
  )
}

/** An app: its account, what it starts zaps with, what it does, and a call of anything else that it has. */
export function AppPage({
  app,
  accounts,
  lines,
  onBack,
}: {
  app: AppEntry
  accounts: readonly CredentialSummary[]
  lines: LineContext
  onBack(): void
}) {
  const isFavourite = useFavouriteApps().includes(app.id)
  const request = useConnectors().get('http.request')
  const [chosen, setChosen] = useState<string | undefined>()
  const account = accounts.find(({ name }) => name === chosen) ?? accounts[0]
  const triggers = app.connectors.filter(({ kind }) => kind === 'trigger')
  const actions = app.connectors.filter(({ kind }) => kind === 'action')
  const credential = account === undefined ? undefined : { $credential: account.name }
  const choice = (connector: ConnectorManifest): StepChoice => ({
    connector,
    title: titleInApp(connector),
    detail: connector.kind === 'trigger' ? startsHow(connector) : connector.description,
    icon: <KindTile connector={connector} />,
    preset: credential && { input: { account: credential } },
  })
  return (
    <div className="animate-fade">
      <BackLine label="All apps" onBack={onBack}>
        <IconButton
          icon={Star}
          label={isFavourite ? 'Take the star away' : 'Favourite'}
          size="sm"
          aria-pressed={isFavourite}
          className={isFavourite ? 'text-waiting! [&_svg]:fill-current' : ''}
          onClick={() => toggleFavourite(app.id)}
        />
      </BackLine>
      <div className="flex items-center gap-3 px-2 pt-1 pb-3">
        <AppLogo icon={app.icon} title={app.title} size={40} />
        <div className="min-w-0">
          <h2 className="text-lg font-semibold break-words">{app.title}</h2>
          <p className="text-sm text-ink-faint">
            {[
              triggers.length > 0 && count(triggers.length, 'trigger'),
              actions.length > 0 && count(actions.length, 'action'),
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
        </div>
      </div>
      {app.accountTypes.length > 0 && (
        <AccountCard app={app} accounts={accounts} account={account} onChoose={setChosen} />
      )}
      <StepLines title="Starts a zap" lines={lines} choices={triggers.map(choice)} />
      <StepLines title="Does something" lines={lines} choices={actions.map(choice)} />
      {request && (
        <StepLines
          title="Anything else"
          lines={lines}
          choices={[
            {
              connector: request,
              title: 'Call any other address',
              detail:
                account === undefined
                  ? 'An HTTP request to its API'
                  : `An HTTP request, signed in as ${account.account ?? account.name}`,
              preset: { name: app.title, ...(credential && { input: { auth: credential } }) },
            },
          ]}
        />
      )}
    </div>
  )
}

/** The way back to the start of the palette. */
export function BackLine({ label, onBack, children }: { label: string; onBack(): void; children?: ReactNode }) {
  return (
    <div className="flex items-center pt-2 pb-1">
      <button
        type="button"
        data-back
        data-walk
        onClick={onBack}
        className="flex h-7 items-center gap-1 rounded pr-2 pl-1 text-sm font-medium text-ink-soft hover:bg-hover hover:text-ink"
      >
        <ChevronLeft size={14} aria-hidden /> {label}
      </button>
      <span className="flex-1" />
      {children}
    </div>
  )
}

/** With which account new steps of an app sign in, or a way to connect one. */
function AccountCard({
  app,
  accounts,
  account,
  onChoose,
}: {
  app: AppEntry
  accounts: readonly CredentialSummary[]
  account: CredentialSummary | undefined
  onChoose(name: string): void
}) {
  const [isConnecting, setConnecting] = useState(false)
  const [isSigningIn, setSigningIn] = useState(false)
  const taken = (useCredentials().data ?? []).map(({ name }) => name)
  return (
    <section aria-label="Account" className="rounded-lg border border-line bg-sunken p-3">
      <h3 className="flex items-center gap-2 font-medium">
        <Plug
          size={14}
          aria-hidden
          className={account === undefined || !isUsable(account) ? 'text-ink-faint' : 'text-success'}
        />
        {account === undefined ? 'No account yet' : accounts.length === 1 ? 'Account' : `${accounts.length} accounts`}
      </h3>
      {account === undefined ? (
        <>
          <p className="pt-0.5 pb-2 text-sm text-ink-soft">
            {app.needsAccount
              ? 'Its key stays on this computer, sealed.'
              : 'Much of it works without one. Its key stays on this computer, sealed.'}
          </p>
          <Button
            variant={app.needsAccount ? 'primary' : 'secondary'}
            className="w-full"
            onClick={() => setConnecting(true)}
          >
            Connect an account
          </Button>
        </>
      ) : (
        <div className="flex gap-1.5 pt-2">
          <Select
            label="Account of new steps"
            value={account.name}
            options={accounts.map((one) => ({
              value: one.name,
              label: one.account === null ? one.name : `${one.name} (${one.account})`,
            }))}
            onChange={onChoose}
          />
          <Button onClick={() => setConnecting(true)}>New</Button>
        </div>
      )}
      {account !== undefined && account.signIn !== null && (
        <div className="pt-2 text-sm text-ink-soft">
          <SignInState credential={account} onSignIn={() => setSigningIn(true)} />
        </div>
      )}
      {isSigningIn && account !== undefined && <SignInDialog name={account.name} onClose={() => setSigningIn(false)} />}
      {isConnecting && (
        <CredentialDialog
          replaces={null}
          suggested={freeName(app.id, taken)}
          types={app.accountTypes}
          app={app.title}
          taken={taken}
          onClose={() => setConnecting(false)}
          onSaved={onChoose}
        />
      )}
    </section>
  )
}

/** Round for what starts a zap, square for what does something; by its sign one sees whether that reads or writes. */
function KindTile({ connector: { kind, effect } }: { connector: ConnectorManifest }) {
  const Icon = kind === 'trigger' ? Zap : effect === 'none' ? Search : PencilLine
  return (
    <span
      aria-hidden
      className={`inline-flex size-6 shrink-0 items-center justify-center bg-sunken text-ink-soft inset-ring inset-ring-line ${kind === 'trigger' ? 'rounded-full' : 'rounded'}`}
    >
      <Icon size={13} />
    </span>
  )
}

/** How a trigger comes to know of what starts it. */
function startsHow({ source, input, description }: ConnectorManifest): string {
  if (source === 'hook') return 'Told at once; needs the tunnel'
  if (source !== 'poll') return description
  const fields = isJsonObject(input.properties) ? input.properties : {}
  const every = isJsonObject(fields.every) ? fields.every.default : undefined
  const ms = typeof every === 'string' ? parseDuration(every) : undefined
  return ms === undefined ? 'Asks now and then' : `Asks every ${exactAmount(ms)}`
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`
