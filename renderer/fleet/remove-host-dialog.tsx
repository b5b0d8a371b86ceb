import { useState } from 'react'
import type { FleetMember } from '../../core/contract/fleet-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { counted } from './fleet-words.ts'

/** Asks before a host that is gone is taken out, as what is only on its disk may be lost with it. */
export function RemoveHostDialog({ member, onClose }: { member: FleetMember | null; onClose(): void }) {
  const [busy, setBusy] = useState(false)
  const name = member?.name ?? ''
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await api.fleet.remove({ host: name })
      toast({ title: `${name} was taken out of the fleet` })
      onClose()
    } catch (thrown) {
      toast({ title: `${name} could not be taken out`, detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  const outgoing = member?.outgoing ?? 0
  return (
    <ConfirmDialog
      open={member !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${name} from the fleet?`}
      confirm="Remove host"
      busy={busy}
      onConfirm={() => void remove()}
    >
      <p>
        {outgoing === 0
          ? 'When it was heard of last, all that it had taken in was sent on.'
          : `When it was heard of last, ${counted(outgoing, 'event')} that it had taken in ${outgoing === 1 ? 'was' : 'were'} not sent on yet.`}{' '}
        What it took in since is on its own disk alone: if that disk is lost, so is this.
      </p>
      <p className="mt-2">What is in the log goes on. If the host comes back, it joins again, and sends what it has.</p>
    </ConfirmDialog>
  )
}
