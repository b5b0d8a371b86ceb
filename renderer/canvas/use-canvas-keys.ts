import { type RefObject, useEffect, useRef } from 'react'
import { ownsKeys, type Shortcut, shortcutOf } from './shortcut.ts'

/**
 * Hears the editor's shortcuts, wherever the focus is, but never inside text fields, dialogs and menus. Keys with a meaning
 * of their own on other controls (Tab, Enter, arrows) count only while the focus is on the canvas or nowhere.
 */
export function useCanvasKeys(
  canvas: RefObject<HTMLDivElement | null>,
  act: (shortcut: Shortcut, event: KeyboardEvent) => boolean,
): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      const active = document.activeElement
      if (ownsKeys(active) || document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return
      const shortcut = shortcutOf(event)
      if (!shortcut) return
      const isFree = active === null || active === document.body || active === canvas.current
      const onCard = active instanceof Element && active.matches('.react-flow__node, .react-flow__edge')
      const ofTheCanvas = ['add', 'open', 'walk', 'delete'].includes(shortcut.kind) && event.key !== '/'
      if (ofTheCanvas && !isFree && !onCard) return
      if (latest.current(shortcut, event)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [canvas])
}
