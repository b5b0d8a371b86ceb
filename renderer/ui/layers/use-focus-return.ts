import { useRef } from 'react'

/**
 * Returns the focus to where it was before something opened over it. Radix does so only for what its own trigger opens,
 * and our dialogs are opened from menus and rows. To be called where it renders; what it returns is for `onCloseAutoFocus`.
 */
export function useFocusReturn(open: boolean): (event: Event) => void {
  const before = useRef<Element | null>(null)
  const wasOpen = useRef(false)
  // While rendering, as a field with `autoFocus` has taken the focus by the time that effects run.
  if (open && !wasOpen.current) before.current = document.activeElement
  wasOpen.current = open
  return (event) => {
    const origin = before.current
    if (!(origin instanceof HTMLElement) || !origin.isConnected) return
    event.preventDefault()
    origin.focus()
  }
}
