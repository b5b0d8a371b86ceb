import { create } from 'zustand'
import { keep, readKept } from './kept.ts'

/** Whether the form of a step has more room than beside a wide canvas, as code wants. Kept in this browser or window. */
const useStore = create<{ isWide: boolean }>(() => ({ isWide: readKept('wide-inspector') === 'yes' }))

export function useIsWide(): boolean {
  return useStore(({ isWide }) => isWide)
}

export function toggleWide(): void {
  useStore.setState(({ isWide }) => ({ isWide: !isWide }))
  keep('wide-inspector', useStore.getState().isWide ? 'yes' : 'no')
}
