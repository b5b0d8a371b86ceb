import { useState } from 'react'
import type { CredentialSummary, CredentialType } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { HostsField, readHosts } from './credential-hosts.tsx'
import { CREDENTIAL_TYPES } from './credential-types.ts'

const TYPE_OPTIONS = (['secret', 'bearer', 'basic', 'header'] as const).map((type) => ({
  value: type,
  label: CREDENTIAL_TYPES[type].label,
}))

/** Makes a credential, or gives an existing one a new secret. */
export function CredentialDialog({
  replaces,
  suggested = '',
  suggestedHosts = [],
  taken,
  onClose,
  onSaved,
}: {
  replaces: CredentialSummary | null
  /** The name of a new one, until another is typed. */
  suggested?: string
  suggestedHosts?: readonly string[]
  /** Names that exist: saving one of them here would replace it unasked. */
  taken: readonly string[]
  onClose: () => void
  onSaved: (name: string) => void
}) {
  const [name, setName] = useState(replaces?.name ?? suggested)
  const [type, setType] = useState<CredentialType>(replaces?.type ?? 'secret')
  const [secret, setSecret] = useState('')
  const [hosts, setHosts] = useState((replaces?.hosts ?? suggestedHosts).join(', '))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)

  const nameError =
    replaces === null && taken.includes(name)
      ? 'A credential of this name exists. Choose another name, or replace its secret in the list.'
      : name !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)
        ? 'Letters, digits, ".", "_" and "-" only, 100 at most.'
        : null
  const words = CREDENTIAL_TYPES[type]

  const save = async () => {
    setBusy(true)
    try {
      await api.credentials.set({ name, type, secret, hosts: readHosts(hosts) })
      onSaved(name)
      onClose()
      toast({ title: replaces === null ? `Saved "${name}"` : `"${name}" has a new secret`, tone: 'success' })
    } catch (thrown) {
      setRefusal(describeFailure(thrown).message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={440}
      title={replaces === null ? 'New credential' : `New secret for "${replaces.name}"`}
      description="Stored encrypted on this computer. It is never shown again."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="credential"
            loading={busy}
            disabled={name === '' || secret === '' || nameError !== null}
          >
            Save credential
          </Button>
        </>
      }
    >
      <form
        id="credential"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
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
          <Select id="credential-type" value={type} onChange={setType} options={TYPE_OPTIONS} />
        </Field>
        <Field label={words.secret} htmlFor="credential-secret" required help={words.help} error={refusal}>
          <Input
            id="credential-secret"
            type="password"
            autoComplete="new-password"
            required
            autoFocus={replaces !== null}
            value={secret}
            aria-invalid={refusal !== null}
            aria-describedby={describedBy('credential-secret', { help: true, error: refusal })}
            onChange={(event) => {
              setSecret(event.currentTarget.value)
              setRefusal(null)
            }}
          />
        </Field>
        <HostsField value={hosts} onChange={setHosts} />
      </form>
    </Dialog>
  )
}
