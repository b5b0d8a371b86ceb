import { useState } from 'react'
import type { CredentialSummary, CredentialTypeInfo } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { isForAnyService } from '../steps/account-types.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { AccountList, ANOTHER } from './account-list.tsx'
import { isUsable, missingScopes } from './account-state.ts'
import { CredentialHelp } from './credential-help.tsx'
import { HostsField, readHosts } from './credential-hosts.tsx'
import { type Entered, secretOf, useCredentialTypes } from './credential-types.ts'
import { reloadCredentials, useCredentials } from './credentials.ts'
import { RedirectAddress, redirectOf } from './redirect-address.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'
import { TypePicker } from './type-picker.tsx'

/** Makes a credential, or gives an existing one a new secret. */
export function CredentialDialog({
  replaces,
  suggested = '',
  suggestedHosts = [],
  suggestedFields = {},
  types: offered = null,
  needs,
  app,
  taken,
  onClose,
  onSaved,
}: {
  replaces: CredentialSummary | null
  /** The name of a new one, until another is typed. */
  suggested?: string
  suggestedHosts?: readonly string[]
  /** By a type, what is known of the fields of a new one. */
  suggestedFields?: Readonly<Record<string, Entered>>
  /** Among which types the new one is; null for all. */
  types?: readonly string[] | null
  /** The scopes that the step needs which it is for. */
  needs?: readonly string[] | undefined
  /** What it connects, as people call it. */
  app?: string | undefined
  /** Names that exist: saving one of them here would replace it unasked. */
  taken: readonly string[]
  onClose: () => void
  onSaved?: (name: string) => void
}) {
  const [name, setName] = useState(replaces?.name ?? suggested)
  const [type, setType] = useState(replaces?.type ?? offered?.[0] ?? 'secret')
  const [typed, setEntered] = useState<Entered>({})
  const [hosts, setHosts] = useState((replaces?.hosts ?? suggestedHosts).join(', '))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** With which one a person signs in now. */
  const [signingIn, setSigningIn] = useState<string | null>(null)
  const stored = useCredentials().data
  const accounts = replaces !== null || offered === null ? [] : accountsOf(offered, stored ?? [])
  const [account, setAccount] = useState(ANOTHER)
  const chosenAccount = accounts.find((one) => one.name === account)
  const [wantsOwnClient, setOwnClient] = useState(false)

  const nameError =
    replaces === null && taken.includes(name)
      ? 'A credential of this name exists. Choose another name, or replace its secret in the list.'
      : name !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)
        ? 'Letters, digits, ".", "_" and "-" only, 100 at most.'
        : null
  const types = useCredentialTypes()
  const entered: Entered = { ...suggestedFields[type], ...typed }
  const chosen = types.find(({ id }) => id === type)
  const secret = chosen === undefined ? null : secretOf(chosen, entered)
  /** Whose client id another account at the same service can use. */
  const client = chosen?.redirect === undefined ? undefined : accounts.find((one) => one.type === type)
  const usesClient = client !== undefined && !wantsOwnClient

  /** Whether a person signs in with it next: tokens that were entered are as good. */
  const signsIn =
    usesClient ||
    (chosen?.isOAuth === true &&
      (!chosen.fields.some(({ name: one }) => one === 'authorizeUrl') || Boolean(entered.authorizeUrl)) &&
      !entered.refreshToken &&
      !entered.accessToken)

  const save = async () => {
    if (secret === null && !usesClient) return
    setBusy(true)
    try {
      if (usesClient) await api.credentials.addAccount({ name, of: client.name })
      else if (secret !== null) await api.credentials.set({ name, type, secret, hosts: readHosts(hosts) })
      await reloadCredentials()
      onSaved?.(name)
      if (signsIn) {
        setSigningIn(name)
        return
      }
      onClose()
      toast({ title: replaces === null ? `Saved "${name}"` : `"${name}" has a new secret`, tone: 'success' })
    } catch (thrown) {
      setRefusal(describeFailure(thrown).message)
    } finally {
      setBusy(false)
    }
  }

  const fieldRow = (field: CredentialTypeInfo['fields'][number], at: number, error: string | null) => {
    const id = `credential-secret${at === 0 ? '' : `-${at}`}`
    return (
      <Field
        key={field.name}
        label={field.title}
        htmlFor={id}
        required={field.isOptional !== true}
        help={field.help}
        error={error}
      >
        {field.choices === undefined ? null : (
          <Select
            id={id}
            value={entered[field.name] ?? field.choices[0]?.value ?? ''}
            options={field.choices}
            onChange={(value) => setEntered({ ...entered, [field.name]: value })}
          />
        )}
        {field.choices === undefined && (
          <Input
            id={id}
            type={field.isSecret ? 'password' : 'text'}
            autoComplete={field.isSecret ? 'new-password' : 'off'}
            required={field.isOptional !== true}
            autoFocus={replaces !== null && at === 0}
            placeholder={field.placeholder}
            value={entered[field.name] ?? ''}
            aria-invalid={error !== null}
            aria-describedby={describedBy(id, { help: field.help !== undefined, error })}
            onChange={(event) => {
              setEntered({ ...entered, [field.name]: event.currentTarget.value })
              setRefusal(null)
            }}
          />
        )}
      </Field>
    )
  }

  /** Takes an account that is there, signing in first where that has to be. */
  const take = (one: CredentialSummary): void => {
    onSaved?.(one.name)
    if (isUsable(one) && missingScopes(needs, one).length === 0) onClose()
    else setSigningIn(one.name)
  }

  if (signingIn !== null) return <SignInDialog name={signingIn} onClose={onClose} />
  const fields = fieldsOf(chosen)
  const shown = fields.filter(({ isAdvanced }) => isAdvanced !== true)
  const folded = fields.filter(({ isAdvanced }) => isAdvanced === true)
  const help = usesClient || chosenAccount !== undefined ? undefined : chosen?.help
  const redirect = chosen === undefined ? null : redirectOf(chosen)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={help === undefined ? 440 : 800}
      title={titleOf(replaces, app)}
      description="Stored encrypted on this computer. It is never shown again."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {chosenAccount === undefined ? (
            <Button
              variant="primary"
              type="submit"
              form="credential"
              loading={busy}
              disabled={name === '' || (secret === null && !usesClient) || nameError !== null}
            >
              {signsIn ? 'Save and sign in' : 'Save credential'}
            </Button>
          ) : (
            <Button
              variant="primary"
              disabled={chosenAccount.signIn === 'unreadable'}
              onClick={() => take(chosenAccount)}
            >
              {takeWord(chosenAccount, needs)}
            </Button>
          )}
        </>
      }
    >
      <div className={help === undefined ? '' : 'grid gap-6 min-[720px]:grid-cols-[minmax(0,1fr)_300px]'}>
        <form
          id="credential"
          className="flex min-w-0 flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          {accounts.length > 0 && (
            <AccountList
              accounts={accounts}
              chosen={chosenAccount?.name ?? ANOTHER}
              needs={needs}
              onChoose={setAccount}
              onSignIn={take}
            />
          )}
          {chosenAccount === undefined && (
            <>
              {replaces === null && (
                <Field
                  label="Name"
                  htmlFor="credential-name"
                  required
                  error={nameError}
                  help="Zaps refer to it by this name."
                >
                  <Input
                    id="credential-name"
                    autoFocus
                    required
                    value={name}
                    placeholder="stripe-webhook"
                    aria-invalid={nameError !== null}
                    aria-describedby={describedBy('credential-name', { help: true, error: nameError })}
                    onChange={(event) => setName(event.currentTarget.value)}
                  />
                </Field>
              )}
              <Field label="Type" htmlFor="credential-type">
                <TypePicker id="credential-type" value={type} types={types} offered={offered} onChange={setType} />
              </Field>
              {client !== undefined && (
                <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-soft">
                  <span>
                    {usesClient ? 'With the client id of' : 'With a client id of its own, not that of'}{' '}
                    <strong className="font-medium text-ink">{client.title}</strong>.
                  </span>
                  <Button size="sm" variant="ghost" onClick={() => setOwnClient(!wantsOwnClient)}>
                    {usesClient ? 'Use another' : 'Use that one'}
                  </Button>
                </p>
              )}
              {redirect !== null && help === undefined && !usesClient && (
                <div className="text-sm text-ink-soft">
                  <p>To sign in with a browser, enter this redirect address at the service:</p>
                  <RedirectAddress address={redirect} />
                </div>
              )}
              {!usesClient && shown.map((field, at) => fieldRow(field, at, at === shown.length - 1 ? refusal : null))}
              {usesClient && refusal !== null && <ErrorNote title="It was not stored." remedy={refusal} />}
              {!usesClient && folded.length > 0 && (
                <details>
                  <summary className="cursor-pointer text-sm font-medium text-accent">More</summary>
                  <div className="mt-2 flex flex-col gap-3">
                    {folded.map((field, at) => fieldRow(field, shown.length + at, null))}
                  </div>
                </details>
              )}
              {!usesClient && <HostsField value={hosts} onChange={setHosts} />}
            </>
          )}
        </form>
        {help !== undefined && <CredentialHelp help={help} redirect={redirect} />}
      </div>
    </Dialog>
  )
}

/** Those that are there already for what is asked for, usable ones first; one that any service may take says nothing about this one. */
function accountsOf(offered: readonly string[], stored: readonly CredentialSummary[]): readonly CredentialSummary[] {
  const fitting = stored.filter(({ type }) => offered.includes(type) && !isForAnyService(type))
  return fitting.toSorted((a, b) => Number(isUsable(b)) - Number(isUsable(a)))
}

function titleOf(replaces: CredentialSummary | null, app: string | undefined): string {
  if (replaces !== null) return `New secret for "${replaces.name}"`
  return app === undefined ? 'New credential' : `Connect ${app}`
}

function takeWord(account: CredentialSummary, needs: readonly string[] | undefined): string {
  if (account.signIn === 'withdrawn') return 'Reconnect'
  if (!isUsable(account)) return 'Sign in'
  return missingScopes(needs, account).length > 0 ? 'Sign in once more' : 'Use this account'
}

/** What is asked for: one text, or the fields of the type. */
function fieldsOf(type: CredentialTypeInfo | undefined): CredentialTypeInfo['fields'] {
  if (type?.bare === undefined) return type?.fields ?? []
  return [{ name: '', title: type.bare.title, help: type.bare.help, isSecret: true }]
}
