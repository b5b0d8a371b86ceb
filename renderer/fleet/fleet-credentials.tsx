import { KeyRound, TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import type { Fleet } from '../../core/contract/fleet-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ToldText } from '../ui/words/told-text.tsx'

/** Which credentials the other hosts have, and which host does not run something for want of one. */
export function FleetCredentials({ fleet: { credentials, members } }: { fleet: Fleet }) {
  const [isChoosing, setChoosing] = useState(false)
  const { hasKey, shared, all, problem } = credentials
  const lacking = members.flatMap(({ name, lacks }) => lacks.map((lack) => ({ name, ...lack })))
  const sharedHere = all.filter((name) => shared.includes(name)).length
  return (
    <div className="flex flex-col gap-2.5 px-4 py-3">
      {!hasKey ? (
        <p className="text-ink-soft">
          None are shared: this host was started without the fleet’s passphrase. Start it with{' '}
          <code className="font-mono text-xs">HOOKLINE_FLEET_KEY</code>, or enter a credential on each host.
        </p>
      ) : all.length === 0 ? (
        <p className="text-ink-soft">There is no credential on this host yet.</p>
      ) : (
        <p className="text-ink-soft">
          <strong className="font-semibold text-ink tabular-nums">
            {sharedHere} of {all.length}
          </strong>{' '}
          are shared, sealed with the fleet’s passphrase.
        </p>
      )}
      {problem !== null && <Note>{problem}</Note>}
      {lacking.map(({ name, credential, zaps }) => (
        <Note key={`${name} ${credential}`}>
          {name} lacks “{credential}”: it takes no runs of {zaps.map((zap) => zap.name).join(', ')}.
        </Note>
      ))}
      {hasKey && all.length > 0 && (
        <div>
          <Button size="sm" icon={KeyRound} onClick={() => setChoosing(true)}>
            Choose what is shared…
          </Button>
        </div>
      )}
      <ShareDialog credentials={credentials} open={isChoosing} onClose={() => setChoosing(false)} />
    </div>
  )
}

function Note({ children }: { children: React.ReactNode }) {
  return (
    <p className="flex items-start gap-2 text-ink-soft">
      <TriangleAlert size={14} aria-hidden className="mt-[3px] shrink-0 text-waiting" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}

function ShareDialog({
  credentials: { all, shared },
  open,
  onClose,
}: {
  credentials: Fleet['credentials']
  open: boolean
  onClose(): void
}) {
  const id = useId()
  const [busy, setBusy] = useState<string | null>(null)
  const share = async (credential: string, on: boolean): Promise<void> => {
    setBusy(credential)
    try {
      await api.fleet.share({ credential, shared: on })
      await cache.invalidateQueries({ queryKey: queries.fleet.get.key() })
    } catch (thrown) {
      toast({ title: `“${credential}” stays as it was`, detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(null)
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Credentials on other hosts"
      description="A shared credential travels sealed; only hosts with the fleet’s passphrase can open it. One that is no longer shared stays on the hosts that have it."
    >
      <ul className="divide-y divide-line rounded-lg border border-line">
        {all.map((name, at) => (
          <li key={name} className="flex min-h-10 items-center gap-3 px-3">
            <label htmlFor={`${id}-${at}`} className="min-w-0 flex-1 truncate py-2">
              <ToldText>{name}</ToldText>
            </label>
            <Switch
              id={`${id}-${at}`}
              checked={shared.includes(name)}
              disabled={busy !== null}
              onChange={(on) => void share(name, on)}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
