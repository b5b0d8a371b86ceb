import { FilePlus2, Keyboard, Pause, Play } from 'lucide-react'
import { type Command, commandTable } from '../commands/command.ts'
import { closePalette, openPalette, usePalette } from '../commands/palette-store.ts'
import { showShortcuts } from '../commands/shortcut-sheet-store.ts'

/** All of Hookline, as its commands see it. */
export type Everywhere = {
  readonly isPaused: boolean
  pause(paused: boolean): void
  newZap(): void
}

/** What can be done on every screen. */
export const FRAME_COMMANDS = commandTable<Everywhere, 'open-palette' | 'show-shortcuts' | 'new-zap' | 'pause-all'>({
  'open-palette': {
    title: 'Go to anything, do anything',
    group: 'Everywhere',
    keys: ['Mod+K'],
    run: () => (usePalette.getState().scope === null ? openPalette('everything') : closePalette()),
  },
  'show-shortcuts': {
    title: 'Show all shortcuts',
    group: 'Everywhere',
    keys: ['?'],
    icon: Keyboard,
    palette: { words: 'keyboard help' },
    run: showShortcuts,
  },
  'new-zap': {
    title: 'New zap',
    group: 'Everywhere',
    keys: [],
    icon: FilePlus2,
    palette: true,
    run: (everywhere) => everywhere.newZap(),
  },
  'pause-all': {
    title: 'Pause or resume all',
    group: 'Everywhere',
    keys: [],
    face: ({ isPaused }) => (isPaused ? { title: 'Resume all', icon: Play } : { title: 'Pause all', icon: Pause }),
    palette: true,
    run: (everywhere) => everywhere.pause(!everywhere.isPaused),
  },
})

/** The same as a list, in the order in which they are listed. */
export const FRAME_COMMAND_LIST: readonly Command<Everywhere>[] = Object.values(FRAME_COMMANDS)
