import { CircleAlert, CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { PermissionItem } from '../../core/contract/values.ts'
import { CredentialDialog } from '../credentials/credential-dialog.tsx'
import { useCredentials } from '../credentials/credentials.ts'
import { Select } from '../ui/controls/select.tsx'

const NONE = ''
const NEW = '+'

/** Which of your credentials a zap from elsewhere uses where it names one; one can be made in place. */
export function CredentialLink({
  item,
  allowed,
  onAllow,
  onLink,
}: {
  item: PermissionItem
  allowed: boolean
  onAllow: (allowed: boolean) => void
  onLink: (to: string) => void
}) {
  const [isMaking, setMaking] = useState(false)
  // Without a list one can still be made.
  const names = useCredentials().data?.map(({ name }) => name) ?? []
  return (
    <>
      {allowed ? (
        <CircleCheck size={16} aria-label="Linked" role="img" className="shrink-0 text-success" />
      ) : (
        <CircleAlert size={16} aria-label="Not linked" role="img" className="shrink-0 text-waiting" />
      )}
      <div className="w-44 shrink-0">
        <Select
          label={`Credential for ${item.what}`}
          value={allowed ? item.what : undefined}
          placeholder="Choose…"
          options={[
            ...names.map((name) => ({ value: name, label: name })),
            { value: NEW, label: 'New credential…' },
            { value: NONE, label: 'None for now' },
          ]}
          onChange={(to) => {
            if (to === NEW) setMaking(true)
            else if (to === NONE) onAllow(false)
            else if (to === item.what) onAllow(true)
            else onLink(to)
          }}
        />
      </div>
      {isMaking && (
        <CredentialDialog
          replaces={null}
          suggested={item.exists ? '' : item.what}
          suggestedHosts={item.goesTo.filter((host) => !host.includes('*'))}
          taken={names}
          onClose={() => setMaking(false)}
          onSaved={onLink}
        />
      )}
    </>
  )
}
