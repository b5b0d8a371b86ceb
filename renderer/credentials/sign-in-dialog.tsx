import { CircleCheck, ExternalLink, Hourglass } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { SignInView } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { useNow } from '../ui/words/use-now.ts'
import { RedirectAddress } from './redirect-address.tsx'
import { ScopeList } from './scope-list.tsx'
import { scopesOf } from './scope-words.ts'
import { openPage, useSignIn } from './use-sign-in.ts'

/** Lets a person sign in at the service of a credential, and says how that went. */
export function SignInDialog({
  name,
  by = 'browser',
  onClose,
}: {
  name: string
  by?: 'browser' | 'device'
  onClose: () => void
}) {
  const { signIn, failure, begin, paste } = useSignIn(name)
  const isBegun = useRef(false)
  useEffect(() => {
    // Effects may run twice; a person is sent to the service once.
    if (isBegun.current) return
    isBegun.current = true
    begin(by)
  })
  const service = signIn === null ? 'the service' : (URL.parse(signIn.url)?.hostname ?? 'the service')
  const end = signIn?.end ?? null
  const hasFailed = failure !== null || end?.ok === false
  const title = hasFailed ? 'Not signed in' : end === null ? `Waiting for ${service}` : 'Signed in'
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={440}
      title={title}
      footer={
        end?.ok === true ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            {hasFailed && (
              <Button variant="primary" onClick={() => begin(by)}>
                Try again
              </Button>
            )}
          </>
        )
      }
    >
      <div role="status" className="flex flex-col gap-3">
        {failure !== null && <ErrorNote title="The sign-in could not begin." remedy={failure} />}
        {failure === null && signIn === null && <Spinner label="Asking the service…" />}
        {signIn !== null && end === null && <Waiting signIn={signIn} service={service} paste={paste} />}
        {end?.ok === false && (
          <ErrorNote title="Nothing was stored, and no run was lost." remedy={end.message} details={end.message} />
        )}
        {end?.ok === true && <Connected name={name} account={end.account} missing={end.missing} />}
      </div>
    </Dialog>
  )
}

function Waiting({
  signIn,
  service,
  paste,
}: {
  signIn: SignInView
  service: string
  paste: (address: string) => Promise<string | null>
}) {
  const { url, userCode, redirectUri, until } = signIn
  const scopes = scopesOf(url)
  return (
    <>
      {userCode === null ? (
        <p className="text-ink-soft">Choose an account and agree in the browser window that has opened.</p>
      ) : (
        <>
          <p className="text-ink-soft">Open {service} on any device, and type this code there:</p>
          <p className="flex items-center justify-between gap-2 rounded border border-line bg-sunken px-3 py-2 font-mono text-xl">
            {userCode}
            <CopyButton text={userCode} label="Copy the code" />
          </p>
        </>
      )}
      {scopes.length > 0 && (
        <div className="flex flex-col gap-1">
          <p className="text-sm font-medium text-ink-soft">What Hookline asks to be allowed</p>
          <ScopeList label="What Hookline asks to be allowed" scopes={scopes} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button icon={ExternalLink} onClick={() => openPage(url)}>
          {userCode === null ? 'Open again' : 'Open the page'}
        </Button>
        <CopyButton words text={url} label="Copy address" />
      </div>
      <p className="flex items-center gap-1.5 text-sm text-ink-faint">
        <Hourglass size={13} aria-hidden />
        <TimeLeft until={until} />
      </p>
      {redirectUri !== null && (
        <div className="rounded border border-line bg-sunken px-3 py-2 text-sm text-ink-soft">
          <p>Redirect address. If {service} does not know it yet, enter it there, then open the page again.</p>
          <RedirectAddress address={redirectUri} />
        </div>
      )}
      {redirectUri !== null && <PasteField redirectUri={redirectUri} paste={paste} />}
    </>
  )
}

function TimeLeft({ until }: { until: string }) {
  const left = Math.max(0, Math.round((Date.parse(until) - useNow(true, 1_000)) / 1_000))
  const minutes = Math.floor(left / 60)
  return (
    <span aria-live="off">
      Waits for {minutes}:{String(left % 60).padStart(2, '0')} more
    </span>
  )
}

/** For a browser on another computer: what it ended at cannot come here by itself. */
function PasteField({
  redirectUri,
  paste,
}: {
  redirectUri: string
  paste: (address: string) => Promise<string | null>
}) {
  const [address, setAddress] = useState('')
  const [error, setError] = useState<string | null>(null)
  return (
    <details className="text-ink-soft">
      <summary className="cursor-pointer text-sm font-medium text-accent">The browser cannot come back?</summary>
      <form
        className="mt-2 flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          void paste(address).then(setError)
        }}
      >
        <Field
          label="Address that it ended at"
          htmlFor="sign-in-address"
          error={error}
          help="On another computer the last page does not load. Its address has what is needed."
        >
          <Input
            id="sign-in-address"
            value={address}
            placeholder={`${redirectUri}?code=…`}
            aria-invalid={error !== null}
            aria-describedby={describedBy('sign-in-address', { help: true, error })}
            onChange={(event) => {
              setAddress(event.currentTarget.value)
              setError(null)
            }}
          />
        </Field>
        <Button type="submit" className="self-start" disabled={address.trim() === ''}>
          Use this address
        </Button>
      </form>
    </details>
  )
}

function Connected({
  name,
  account,
  missing,
}: {
  name: string
  account: string | null
  missing: readonly string[]
}): ReactNode {
  return (
    <>
      <p className="flex items-start gap-2 text-ink">
        <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0 text-success" />
        <span className="min-w-0 break-words">
          {account === null ? `“${name}” is signed in` : <>Signed in as {<strong>{account}</strong>}</>}. It renews
          itself, and runs that wait for it go on.
        </span>
      </p>
      {missing.length > 0 && (
        <div className="flex items-start gap-2 text-ink-soft">
          <Hourglass size={16} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
          <div className="flex min-w-0 flex-col gap-1">
            <p>Not allowed:</p>
            <ScopeList label="Not allowed" scopes={missing} />
            <p>Steps that need it will say so; sign in again to allow it.</p>
          </div>
        </div>
      )}
    </>
  )
}
