import { create } from 'zustand'

/** Whether the list of all shortcuts is shown. */
export const useShortcutSheet = create<{ isOpen: boolean }>(() => ({ isOpen: false }))

export function showShortcuts(): void {
  useShortcutSheet.setState({ isOpen: true })
}

export function hideShortcuts(): void {
  useShortcutSheet.setState({ isOpen: false })
}
