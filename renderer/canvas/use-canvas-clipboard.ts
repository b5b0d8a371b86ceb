import { useEffect } from 'react'
import { groupAsText, groupFromText } from '../editor/clipboard.ts'
import { deleteSteps } from '../editor/draft-operations.ts'
import { useDraftStore } from '../editor/draft-store.ts'
import { copySteps, pasteSteps } from '../editor/insert-steps.ts'
import { isTextField } from '../shortcuts/key-targets.ts'
import { toast } from '../ui/toast.tsx'

/** Copy, cut and paste of steps as the text of a zap file: within a zap, between zaps, and to and from anywhere else. */
export function useCanvasClipboard(): void {
  const store = useDraftStore()
  useEffect(() => {
    const isOurs = (): boolean => !isTextField(document.activeElement) && (window.getSelection()?.isCollapsed ?? true)

    const onCopy = (event: ClipboardEvent): void => {
      const { selected, history, change } = store.getState()
      if (!isOurs() || selected.length === 0 || !event.clipboardData) return
      event.preventDefault()
      event.clipboardData.setData('text/plain', groupAsText(copySteps(history.present, selected)))
      const word = selected.length === 1 ? '1 step' : `${selected.length} steps`
      toast({ title: event.type === 'cut' ? `Cut ${word}` : `Copied ${word}` })
      if (event.type === 'cut') change((zap) => deleteSteps(zap, selected))
    }
    const onPaste = (event: ClipboardEvent): void => {
      if (!isOurs()) return
      const group = groupFromText(event.clipboardData?.getData('text/plain') ?? '')
      if (!group) return
      event.preventDefault()
      store.getState().insert((zap) => pasteSteps(zap, group, { x: 32, y: 32 }))
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [store])
}
