import { ClipboardPaste, FileInput, LayoutTemplate, Plus } from 'lucide-react'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../ui/controls/button.tsx'
import { Menu } from '../ui/layers/menu.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { readZapFiles, type ZapText } from './read-zap-files.ts'
import { useDroppedFiles } from './use-dropped-files.ts'
import { createZap } from './zap-actions.ts'

// The templates are loaded when they are asked for.
const TemplateGallery = lazy(async () => ({
  default: (await import('./templates/template-gallery.tsx')).TemplateGallery,
}))

/** Every way to a new zap: blank, from a template, from files (picked, or dropped anywhere on the screen), or from pasted JSON. */
export function NewZapMenu() {
  const [, navigate] = useLocation()
  const picker = useRef<HTMLInputElement>(null)
  const [isGalleryOpen, setGalleryOpen] = useState(false)
  const [dialog, setDialog] = useState<{ texts: readonly ZapText[] | null } | null>(null)

  // A dialog that is open says what became of the files before; those that are dropped on it are left where they are.
  const isOpen = dialog !== null
  const take = useCallback(
    (files: readonly File[]) => {
      if (!isOpen && files.length > 0) void readZapFiles(files).then((texts) => setDialog({ texts }))
    },
    [isOpen],
  )
  useDroppedFiles(take)

  const openBlank = async () => {
    const id = await createZap()
    if (id !== null) navigate(`/zaps/${id}`)
  }

  return (
    <>
      <Menu
        trigger={
          <Button variant="primary" icon={Plus}>
            New zap
          </Button>
        }
        items={[
          { label: 'Blank zap', icon: Plus, onSelect: () => void openBlank() },
          { label: 'From a template…', icon: LayoutTemplate, onSelect: () => setGalleryOpen(true) },
          { label: 'Import files…', icon: FileInput, onSelect: () => picker.current?.click() },
          { label: 'Paste JSON…', icon: ClipboardPaste, onSelect: () => setDialog({ texts: null }) },
        ]}
      />
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        aria-label="Zap files to import"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          // The same file may be picked again after it was corrected.
          event.currentTarget.value = ''
          take(files)
        }}
      />
      {isGalleryOpen && (
        <Suspense>
          <TemplateGallery onClose={() => setGalleryOpen(false)} />
        </Suspense>
      )}
      {dialog !== null && <ImportDialog texts={dialog.texts} onClose={() => setDialog(null)} />}
    </>
  )
}
