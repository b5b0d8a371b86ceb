import { useState } from 'react'
import type { FolderReach } from '../../core/contract/files.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'

/** Asks for the name of a folder and makes it in `folder`. */
export function NewFolder({
  folder,
  reach,
  onMade,
  onCancel,
}: {
  folder: string
  reach: FolderReach
  onMade(path: string): void
  onCancel(): void
}) {
  const [name, setName] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const make = async (): Promise<void> => {
    setBusy(true)
    try {
      const { path } = await api.files.makeFolder({ folder, name: name.trim(), reach })
      onMade(path)
    } catch (thrown) {
      setProblem(describeFailure(thrown).message)
      setBusy(false)
    }
  }
  return (
    <form
      className="rounded border border-line bg-sunken px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '' && !isBusy) void make()
      }}
    >
      <Field label="Name of the new folder" htmlFor="new-folder-name" error={problem}>
        <div className="flex gap-2">
          <Input
            id="new-folder-name"
            autoFocus
            maxLength={255}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : 'new-folder-name-error'}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value)
              setProblem(null)
            }}
          />
          <Button type="submit" variant="primary" loading={isBusy} disabled={name.trim() === ''}>
            Make it
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      </Field>
    </form>
  )
}
