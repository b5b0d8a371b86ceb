import { useState } from 'react'
import type { CredentialSummary } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { reloadCredentials } from './credentials.ts'

/** Asks first, since a secret that is gone cannot be brought back. */
export function DeleteCredentialDialog({
  credential,
  onClose,
}: {
  credential: CredentialSummary | null
  onClose: () => void
}) {
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    if (credential === null) return
    setBusy(true)
    try {
      await api.credentials.remove({ name: credential.name })
      toast({ title: `Deleted "${credential.name}"` })
      await reloadCredentials()
      onClose()
    } catch (thrown) {
      toast({
        title: `"${credential.name}" could not be deleted`,
        detail: describeFailure(thrown).message,
        tone: 'error',
      })
    } finally {
      setBusy(false)
    }
  }
  const usedBy = credential?.usedBy ?? []
  return (
    <ConfirmDialog
      open={credential !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Delete "${credential?.name ?? ''}"?`}
      confirm="Delete credential"
      busy={busy}
      onConfirm={() => void remove()}
    >
      <p>Its secret cannot be brought back.</p>
      {usedBy.length > 0 && (
        <p className="mt-2">
          {usedBy.length === 1 ? 'This zap uses it and will fail' : 'These zaps use it and will fail'} without it:{' '}
          <span className="font-medium text-ink">{usedBy.join(', ')}</span>.
        </p>
      )}
    </ConfirmDialog>
  )
}
