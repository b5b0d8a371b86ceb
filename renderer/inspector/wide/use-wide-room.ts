import { useDraft } from '../../draft/session/draft-store.ts'
import { useIsWide } from '../../stores/inspector-width.ts'
import { useMedia } from '../../ui/look/use-media.ts'

/** Which columns of the wide form there is room for. */
export type WideRoom = { readonly input: boolean; readonly output: boolean }

/** Whether the form of a single step lies wide over the canvas. */
export function useIsStepWide(): boolean {
  const isWide = useIsWide()
  return useDraft((state) => state.selected.length === 1) && isWide
}

/** What stands beside the wide form in this window: in a narrower one its output is a tab of it, in a narrow one also fields show the input themselves. */
export function useWideRoom(): WideRoom {
  return { input: useMedia('(min-width: 900px)'), output: useMedia('(min-width: 1150px)') }
}
