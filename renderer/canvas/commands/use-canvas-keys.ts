import { type RefObject, useEffect, useRef } from 'react'
import type { ActionId } from '../../commands/actions.ts'
import { actionOf, useBindings } from '../../commands/bindings.ts'
import { chordOf } from '../../commands/chord.ts'
import { isTextField, usesPlainKeys } from '../../commands/key-targets.ts'

/**
 * Hears the editor's shortcuts, but never inside text fields, dialogs and menus. Those with Ctrl or ⌘, and function keys but F2, count
 * wherever the focus is; plain keys (arrows, letters, Tab, Del) mean something to other controls too, and count on the canvas or nowhere.
 */
export function useCanvasKeys(
  canvas: RefObject<HTMLDivElement | null>,
  act: (action: ActionId, event: KeyboardEvent) => boolean,
): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const active = document.activeElement
      if (isTextField(active) || document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return
      const chord = chordOf(event)
      const action = chord === null ? null : actionOf(chord, useBindings.getState().bindings)
      if (action === null) return
      const isFree = active === null || active === document.body || active === canvas.current
      const onCard = active instanceof Element && active.matches('.react-flow__node, .react-flow__edge')
      const isCommand = event.ctrlKey || event.metaKey || /^F([3-9]|1\d)$/.test(event.key)
      if (!isCommand && !isFree && !onCard && (chord !== '/' || usesPlainKeys(active))) return
      if (latest.current(action, event)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [canvas])
}
