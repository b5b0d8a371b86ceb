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

/** Changes what a credential is called on the screens. Its name stays, so that no zap notices. */
export function RenameCredentialDialog({
  credential,
  onClose,
}: {
  credential: CredentialSummary
  onClose: () => void
}) {
  const { name } = credential
  const [title, setTitle] = useState(credential.title)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const saved = await api.credentials.rename({ name, title: title.trim() === '' ? null : title })
      await reloadCredentials()
      toast({ title: `It is called "${saved.title}" now`, tone: 'success' })
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
      title={`Rename "${credential.title}"`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="rename-credential" loading={busy}>
            Rename
          </Button>
        </>
      }
    >
      <form
        id="rename-credential"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Field
          label="Title"
          htmlFor="credential-title"
          error={refusal}
          help={`Zaps, and the files that you export of them, go on to name it ${name}.`}
        >
          <Input
            id="credential-title"
            autoFocus
            maxLength={100}
            value={title}
            placeholder={name}
            aria-invalid={refusal !== null}
            aria-describedby={describedBy('credential-title', { help: true, error: refusal })}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </Field>
      </form>
    </Dialog>
  )
}
