import { type RefObject, useEffect } from 'react'
import { commandOf, useBindings } from '../../commands/bindings.ts'
import { chordOf } from '../../commands/chord.ts'
import { isTextField, usesPlainKeys } from '../../commands/key-targets.ts'
import { ZAP_COMMAND_LIST } from '../../draft/commands/commands.ts'
import type { OpenZap } from '../../draft/commands/open-zap.ts'

/**
 * Hears the shortcuts of the open zap, but never inside text fields, dialogs and menus. Those with Ctrl or ⌘, and function keys but F2,
 * count wherever the focus is, and are ours even when nothing can be done, so that the browser does nothing else with them; plain keys
 * (arrows, letters, Tab, Del) mean something to other controls too, and count on the canvas or nowhere.
 */
export function useCanvasKeys(canvas: RefObject<HTMLDivElement | null>, openZap: () => OpenZap): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const active = document.activeElement
      if (isTextField(active) || document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return
      const chord = chordOf(event)
      const command = chord === null ? undefined : commandOf(chord, ZAP_COMMAND_LIST, useBindings.getState().bindings)
      if (command === undefined) return
      const isFree = active === null || active === document.body || active === canvas.current
      const onCard = active instanceof Element && active.matches('.react-flow__node, .react-flow__edge')
      const isAlwaysOurs = event.ctrlKey || event.metaKey || /^F([3-9]|1\d)$/.test(event.key)
      if (!isAlwaysOurs && !isFree && !onCard && (chord !== '/' || usesPlainKeys(active))) return
      const zap = openZap()
      const isEnabled = command.isEnabled?.(zap) ?? true
      if (isEnabled ? command.run(zap, event) !== false : isAlwaysOurs) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [canvas, openZap])
}
