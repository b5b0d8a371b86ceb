import { create } from 'zustand'
import { keep, readKept } from './kept.ts'

/** Whether the page of a form is shown beside its fields; a person's choice is kept in this browser or window. */
const useStore = create<{ isShown: boolean }>(() => ({ isShown: readKept('page-preview') !== 'no' }))

export function usePagePreview(): boolean {
  return useStore(({ isShown }) => isShown)
}

export function showPagePreview(isShown: boolean): void {
  useStore.setState({ isShown })
  keep('page-preview', isShown ? 'yes' : 'no')
}
