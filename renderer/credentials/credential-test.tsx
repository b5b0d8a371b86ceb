import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import { useState } from 'react'
import type { CredentialSummary, CredentialTestResult } from '../../core/contract/values.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { useCredentialTypes } from './credential-types.ts'

/** Asks the service whether it takes a credential: its own service at once, or the address that is typed. */
export function CredentialTestDialog({
  credential: { name, type },
  onReplace,
  onClose,
}: {
  credential: CredentialSummary
  onReplace: () => void
  onClose: () => void
}) {
  const isForAny = useCredentialTypes().find(({ id }) => id === type)?.testedAt === 'an-address'
  const [typed, setTyped] = useState('')
  const [url, setUrl] = useState<string | undefined>(undefined)
  const isAsked = !isForAny || url !== undefined
  const { data, failure, reload } = useAnswer(
    // What was true a moment ago may not be now: nothing of it is kept.
    queries.credentials.test.queryOptions({ input: { name, url }, enabled: isAsked, staleTime: 0, gcTime: 0 }),
  )
  const isWrong = typed !== '' && !/^https?:\/\/./i.test(typed)
  const error = isWrong ? 'It begins with https:// or http://.' : null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={440}
      title={`Test "${name}"`}
      footer={
        <>
          {data?.ok === false && data.isTestable && <Button onClick={onReplace}>Replace the secret</Button>}
          {isForAny ? (
            <Button variant="primary" type="submit" form="credential-test" disabled={typed === '' || isWrong}>
              Test
            </Button>
          ) : (
            <Button variant="primary" onClick={reload}>
              Test again
            </Button>
          )}
        </>
      }
    >
      {isForAny && (
        <form
          id="credential-test"
          onSubmit={(event) => {
            event.preventDefault()
            if (typed === url) reload()
            else setUrl(typed)
          }}
        >
          <Field
            label="Address to try it at"
            htmlFor="credential-test-url"
            error={error}
            help="It may be for any service: name an address of yours that asks for it. A GET is sent there."
          >
            <Input
              id="credential-test-url"
              autoFocus
              value={typed}
              placeholder="https://api.example.com/me"
              aria-invalid={isWrong}
              aria-describedby={describedBy('credential-test-url', { help: true, error })}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </Field>
        </form>
      )}
      <div aria-live="polite" className={isForAny && isAsked ? 'mt-3' : ''}>
        {isAsked && failure !== null && <ErrorNote title="It could not be tested." remedy={failure.message} />}
        {isAsked && failure === null && data === null && <Spinner label="Asking the service…" />}
        {isAsked && data !== null && <Result result={data} />}
      </div>
    </Dialog>
  )
}

function Result({ result: { ok, isTestable, account, message } }: { result: CredentialTestResult }) {
  const [Icon, hue] = ok
    ? [CircleCheck, 'text-success']
    : isTestable
      ? [CircleAlert, 'text-error']
      : [Info, 'text-ink-faint']
  return (
    <div className="flex gap-2.5">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${hue}`} />
      <div className="min-w-0">
        {ok && <p className="font-medium break-words text-ink">{account ?? 'It works'}</p>}
        <p className="break-words text-ink-soft">{message}</p>
      </div>
    </div>
  )
}
