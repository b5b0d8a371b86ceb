import { useEffect, useMemo, useRef } from 'react'
import { looksLikeCurl } from '../../../core/domain/curl/command-text.ts'
import { api } from '../../api/client.ts'
import { isTextField } from '../../commands/key-targets.ts'
import { groupAsText, groupFromText } from '../../draft/operations/clipboard.ts'
import { copySteps, pasteSteps, withoutGroup } from '../../draft/operations/insert-steps.ts'
import { useDraftStore } from '../../draft/session/draft-store.ts'
import { toast } from '../../ui/layers/toast.tsx'
import { type CurlChoice, choicesOfCurl } from '../adding/curl-line.ts'
import { insertForeign } from './pasted-steps.tsx'

/** What a menu does with the clipboard. */
export type CanvasClipboard = { copy(): void; cut(): void; paste(): Promise<void> }

/** The newest copy of this window: a menu may not read the system's clipboard everywhere, as in the desktop app. */
let newest: string | null = null

/**
 * Copy, cut and paste of steps as the text of a zap file: within a zap, between zaps, and to and from anywhere else. A pasted line of curl becomes an
 * HTTP step, which `addRequest` adds.
 */
export function useCanvasClipboard(addStep: (choice: CurlChoice) => void): CanvasClipboard {
  const store = useDraftStore()
  const latestAdd = useRef(addStep)
  useEffect(() => {
    latestAdd.current = addStep
  })
  const clipboard = useMemo(() => {
    const take = (cut: boolean): string | null => {
      const { selected, marked, history, change } = store.getState()
      if (selected.length === 0 && marked.length === 0) return null
      const group = copySteps(history.present, selected, marked)
      newest = groupAsText(group)
      const count = group.steps.length + (group.notes?.length ?? 0) + (group.groups?.length ?? 0)
      const word = count > group.steps.length ? `${count} things` : count === 1 ? '1 step' : `${count} steps`
      toast({ title: cut ? `Cut ${word}` : `Copied ${word}` })
      if (cut) change((zap) => withoutGroup(zap, group))
      return newest
    }
    const put = (text: string | null): boolean => {
      if (text !== null && looksLikeCurl(text)) {
        void insertCurl(text)
        return true
      }
      const group = groupFromText(text ?? '')
      if (group === null) return false
      const insert = (): void => {
        store.getState().insert((zap) => pasteSteps(zap, group, { x: 32, y: 32 }))
      }
      if (text?.replaceAll('\r\n', '\n') === newest) insert()
      else void insertForeign(group, insert)
      return true
    }
    const insertCurl = async (text: string): Promise<void> => {
      const credentials = await api.credentials.list().catch(() => [])
      const [best] = await choicesOfCurl(text, new Set(credentials.map(({ name }) => name)))
      if (best === undefined) toast({ title: 'That is no curl command that could be read.' })
      else latestAdd.current(best)
    }
    const write = (text: string | null): void => {
      // Where writing is not allowed either, the newest copy is still there to be pasted.
      if (text !== null) navigator.clipboard.writeText(text).catch(() => undefined)
    }
    return {
      take,
      put,
      copy: () => write(take(false)),
      cut: () => write(take(true)),
      paste: async () => {
        const text = await navigator.clipboard.readText().catch(() => newest)
        if (!put(text)) toast({ title: 'There are no copied steps in the clipboard.' })
      },
    }
  }, [store])

  useEffect(() => {
    const isOurs = (): boolean => !isTextField(document.activeElement) && (window.getSelection()?.isCollapsed ?? true)
    const onCopy = (event: ClipboardEvent): void => {
      const text = isOurs() && event.clipboardData ? clipboard.take(event.type === 'cut') : null
      if (text === null) return
      event.preventDefault()
      event.clipboardData?.setData('text/plain', text)
    }
    const onPaste = (event: ClipboardEvent): void => {
      if (isOurs() && clipboard.put(event.clipboardData?.getData('text/plain') ?? null)) event.preventDefault()
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [clipboard])
  return clipboard
}
