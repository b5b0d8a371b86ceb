import { useState } from 'react'
import { Button } from '../ui/controls/button.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { allowFolder } from './allowed-folders.ts'
import type { FolderFailure } from './use-folder.ts'

/** Why a folder is not shown, and what can be done about it. */
export function FolderFailureNote({
  failure,
  onAllowed,
  onPlaces,
}: {
  failure: FolderFailure
  onAllowed(): void
  /** Back to where one can begin. */
  onPlaces(): void
}) {
  const [isBusy, setBusy] = useState(false)
  const { refused } = failure
  const canAllow = refused !== null && refused.why === null
  const allow = async (folder: string): Promise<void> => {
    setBusy(true)
    if (await allowFolder(folder)) onAllowed()
    setBusy(false)
  }
  return (
    <div className="p-3">
      <ErrorNote
        title={failure.message}
        remedy={
          refused === null
            ? 'Look elsewhere, or type the path: steps that write make the folders on the way.'
            : canAllow
              ? 'Once it is allowed, steps of every zap may use all that is in it. Settings, "Folders for steps", takes that back.'
              : refused.why
        }
        {...(refused === null ? { details: failure.details } : {})}
        action={
          <>
            {canAllow && (
              <Button size="sm" variant="secondary" loading={isBusy} onClick={() => void allow(refused.folder)}>
                Allow this folder
              </Button>
            )}
            <Button size="sm" variant="ghost" onClick={onPlaces}>
              Show allowed folders
            </Button>
          </>
        }
      />
    </div>
  )
}
