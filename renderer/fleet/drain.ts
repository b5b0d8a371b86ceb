import type { FleetMember } from '../../core/contract/fleet-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { toast } from '../ui/layers/toast.tsx'

/** Has a host end what it has and take no more, or take events again; says so, with the way back. */
export async function drain({ name, state }: Pick<FleetMember, 'name' | 'state'>): Promise<void> {
  const on = state !== 'draining'
  try {
    await api.fleet.drain({ host: name, on })
    toast({
      title: on ? `${name} takes no more events` : `${name} takes events again`,
      ...(on && {
        detail: 'It ends what it has.',
        action: { label: 'Undo', onClick: () => void drain({ name, state: 'draining' }) },
      }),
    })
  } catch (thrown) {
    toast({
      title: on ? `${name} could not be drained` : `${name} could not be told to take events again`,
      detail: describeFailure(thrown).message,
      tone: 'error',
    })
  }
}
