import { lazy, Suspense, useState } from 'react'
import { Button } from '../ui/controls/button.tsx'
import type { FileDialogProps } from './file-dialog.tsx'

const FileDialog = lazy(async () => ({ default: (await import('./file-dialog.tsx')).FileDialog }))

/** Opens the dialog in which a folder or a file of the host's computer is picked. */
export function BrowseButton({
  what,
  label = 'Browse…',
  ...dialog
}: Omit<FileDialogProps, 'onClose'> & {
  /** What it is picked for, for those who do not see where the button stands. */
  what: string
  label?: string
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {label}
        <span className="sr-only">: {what}</span>
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <FileDialog {...dialog} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
