import { useEffect } from 'react'
import { commandOf, useBindings } from '../commands/bindings.ts'
import { chordOf } from '../commands/chord.ts'
import { isTextField } from '../commands/key-targets.ts'
import { FRAME_COMMAND_LIST } from './commands.ts'
import { useEverywhere } from './use-everywhere.ts'

/** Hears the shortcuts that count on every screen. Those without Ctrl or ⌘ are left to text fields, to be written there. */
export function useFrameKeys(): void {
  const everywhere = useEverywhere()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const chord = chordOf(event)
      if (chord === null || (!chord.startsWith('Mod+') && isTextField(document.activeElement))) return
      const command = commandOf(chord, FRAME_COMMAND_LIST, useBindings.getState().bindings)
      if (command === undefined) return
      event.preventDefault()
      command.run(everywhere, event)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [everywhere])
}
