import { useEffect } from 'react'
import { actionOf, useBindings } from '../commands/bindings.ts'
import { chordOf } from '../commands/chord.ts'
import { isTextField } from '../commands/key-targets.ts'
import { closePalette, openPalette, usePalette } from '../commands/palette-store.ts'
import { showShortcuts } from '../commands/shortcut-sheet-store.ts'

/** Hears the shortcuts that count on every screen. Those without Ctrl or ⌘ are left to text fields, to be written there. */
export function useFrameKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const chord = chordOf(event)
      if (chord === null || (!chord.startsWith('Mod+') && isTextField(document.activeElement))) return
      const action = actionOf(chord, useBindings.getState().bindings)
      if (action === 'open-palette') {
        event.preventDefault()
        if (usePalette.getState().scope === null) openPalette('everything')
        else closePalette()
      }
      if (action === 'show-shortcuts') {
        event.preventDefault()
        showShortcuts()
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
