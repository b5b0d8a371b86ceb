import { useState } from 'react'
import type { CredentialSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { describedBy, Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { reloadCredentials } from './credentials.ts'

/** Hosts as they are typed, with commas or spaces between them; null for all. */
export function readHosts(text: string): string[] | null {
  const hosts = text.split(/[\s,]+/).filter((host) => host !== '')
  return hosts.length === 0 ? null : hosts
}

export function HostsField({
  value,
  error = null,
  onChange,
}: {
  value: string
  error?: string | null
  onChange: (value: string) => void
}) {
  return (
    <Field
      label="Only for these hosts"
      htmlFor="credential-hosts"
      error={error}
      help="With commas between them. A step that calls another host fails instead of sending it. Empty: any host."
    >
      <Input
        id="credential-hosts"
        value={value}
        placeholder="api.example.com, *.example.org"
        aria-invalid={error !== null}
        aria-describedby={describedBy('credential-hosts', { help: true, error })}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

/** Says to which hosts a credential may go. */
export function CredentialHostsDialog({ credential, onClose }: { credential: CredentialSummary; onClose: () => void }) {
  const [text, setText] = useState(credential.hosts?.join(', ') ?? '')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const { hosts } = await api.credentials.setHosts({ name: credential.name, hosts: readHosts(text) })
      toast({
        title: `"${credential.name}" may go to ${hosts === null ? 'any host' : hosts.join(', ')}`,
        tone: 'success',
      })
      await reloadCredentials()
      onClose()
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
      title={`Hosts of "${credential.name}"`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="hosts" loading={busy}>
            Save hosts
          </Button>
        </>
      }
    >
      <form
        id="hosts"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <HostsField
          value={text}
          error={refusal}
          onChange={(next) => {
            setText(next)
            setRefusal(null)
          }}
        />
      </form>
    </Dialog>
  )
}
