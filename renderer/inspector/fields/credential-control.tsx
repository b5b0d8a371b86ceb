import { KeyRound } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { CredentialSummary } from '../../../core/contract/values.ts'
import { isJsonObject } from '../../../core/domain/json.ts'
import { api } from '../../api/client.ts'
import { CredentialDialog } from '../../credentials/credential-dialog.tsx'
import { Button } from '../../ui/controls/button.tsx'
import { describedBy } from '../../ui/controls/field.tsx'
import { Select } from '../../ui/controls/select.tsx'
import { type ControlProps, useControlId, useProblemAt, useSetValue } from '../form/form-context.ts'

/** A stored secret by its name, with a way to store a new one without leaving the step. */
export function CredentialControl({ field, path, value, onChosen }: ControlProps & { onChosen?: () => void }) {
  const id = useControlId(path)
  const problem = useProblemAt(path, true)
  const setValue = useSetValue(field)
  const [known, setKnown] = useState<readonly CredentialSummary[]>([])
  const [isCreating, setCreating] = useState(false)
  const chosen = isJsonObject(value) && typeof value.$credential === 'string' ? value.$credential : ''
  const load = useCallback(async (): Promise<readonly CredentialSummary[]> => {
    const list = await api.credentials.list()
    setKnown(list)
    return list
  }, [])
  useEffect(() => {
    // Without the list the chosen name is still shown; opening the step again asks once more.
    load().catch(() => undefined)
  }, [load])

  const names = known.map((credential) => credential.name)
  const isMissing = chosen !== '' && known.length > 0 && !names.includes(chosen)
  const options = [
    ...(field.required ? [] : [{ value: '', label: 'None' }]),
    ...(chosen !== '' && !names.includes(chosen)
      ? [{ value: chosen, label: isMissing ? `${chosen} (missing)` : chosen }]
      : []),
    ...names.map((name) => ({ value: name, label: name })),
  ]
  const choose = (name: string): void => {
    setValue(path, name === '' ? undefined : { $credential: name })
    onChosen?.()
  }
  const created = async (): Promise<void> => {
    const fresh = (await load()).find((credential) => !names.includes(credential.name))
    if (fresh) choose(fresh.name)
  }
  return (
    <div className="flex min-w-0 flex-1 gap-1.5">
      <Select
        id={id}
        {...(onChosen && { label: field.title })}
        value={chosen === '' && field.required ? undefined : chosen}
        placeholder="Choose a credential…"
        invalid={problem !== null || isMissing}
        describedBy={describedBy(id, { help: field.description, error: problem })}
        options={options}
        onChange={choose}
      />
      <Button icon={KeyRound} onClick={() => setCreating(true)}>
        New
      </Button>
      {isCreating && (
        <CredentialDialog
          replaces={null}
          taken={names}
          onClose={() => setCreating(false)}
          onSaved={() => void created().catch(() => undefined)}
        />
      )}
    </div>
  )
}
