import { TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import type { Fleet } from '../../core/contract/fleet-values.ts'
import { hostNameProblem } from '../../core/domain/host/fleet-name.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { RadioList } from '../ui/controls/radio-list.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { joinCommand } from './fleet-words.ts'

const ROLES = [
  { value: 'worker', label: 'Do the work', help: 'It runs what others take in. Nothing has to reach it.' },
  {
    value: 'intake',
    label: 'Take requests in',
    help: 'It stores webhooks and sends them on, and runs nothing itself.',
  },
  { value: 'both', label: 'Both', help: 'It also goes on alone when the log cannot be reached.' },
] as const
/** Addresses that mean the computer that asks. */
const LOOPBACK = /^[a-z+]+:\/\/(?:127\.|localhost(?:[:/]|$)|\[::1\])/
type Role = (typeof ROLES)[number]['value']

/** The one command that joins another computer. */
export function AddHostDialog({ fleet, open, onClose }: { fleet: Fleet; open: boolean; onClose(): void }) {
  const id = useId()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('worker')
  const suggested = freeName(fleet)
  const wanted = name.trim() === '' ? suggested : name.trim()
  const problem =
    hostNameProblem(wanted) ??
    (fleet.members.some((member) => member.name === wanted && member.state !== 'gone')
      ? 'A host of that name is in the fleet already.'
      : null)
  const command = joinCommand({
    address: fleet.log.address,
    name: wanted,
    roles: role === 'both' ? ['intake', 'worker'] : [role],
  })
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Add a host"
      description="Hookline runs there with its own database, and the log joins the two."
      width={560}
    >
      <div className="flex flex-col gap-4">
        <Field label="Its name" htmlFor={`${id}-name`} help="By which the others call it." error={problem}>
          <Input
            id={`${id}-name`}
            value={name}
            placeholder={suggested}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== null || undefined}
            aria-describedby={`${id}-name-${problem === null ? 'help' : 'error'}`}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <div>
          <p id={`${id}-role`} className="mb-1 text-sm font-medium text-ink-soft">
            What it does
          </p>
          <RadioList labelledBy={`${id}-role`} value={role} onChange={setRole} options={ROLES} />
        </div>
        <div>
          <p className="mb-1 text-sm font-medium text-ink-soft">In a terminal there</p>
          <div className="flex items-center gap-2 rounded border border-line bg-sunken py-2 pr-2 pl-3">
            <code className="min-w-0 flex-1 font-mono text-xs wrap-anywhere text-ink">{command}</code>
            <CopyButton text={command} label="Copy command" />
          </div>
          {LOOPBACK.test(fleet.log.address) && (
            <p className="mt-2 flex items-start gap-2 text-sm text-ink-soft">
              <TriangleAlert size={14} aria-hidden className="mt-[2px] shrink-0 text-waiting" />
              This address of the log is this computer’s own, which another one cannot reach: put the address in that
              the log has in your network.
            </p>
          )}
          <p className="mt-2 text-sm text-ink-faint">
            If the log asks for a user and password, they belong into its address. Credentials that you share are opened
            with the fleet’s passphrase: the same <code className="font-mono">HOOKLINE_FLEET_KEY</code> on every host.
          </p>
        </div>
      </div>
    </Dialog>
  )
}

/** A name that no host has yet. */
function freeName({ members }: Fleet): string {
  const taken = new Set(members.map(({ name }) => name))
  for (let n = members.length + 1; ; n++) if (!taken.has(`host-${n}`)) return `host-${n}`
}
