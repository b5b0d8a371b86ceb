import { ConfirmDialog } from '../ui/layers/dialog.tsx'
import { useRiskyFolder } from './allowed-folders.ts'

/** Says what a folder opens beside files, before it is allowed. */
export function RiskyFolderDialog() {
  const { asked } = useRiskyFolder()
  return (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(open) => !open && asked?.answer(false)}
      title="This folder opens more than files"
      confirm="Allow it all the same"
      onConfirm={() => asked?.answer(true)}
    >
      <p className="font-mono text-sm break-all">{asked?.path}</p>
      <p className="mt-2">{asked?.why}</p>
    </ConfirmDialog>
  )
}
