import type { AnyCommand } from '../commands/command.ts'
import { ZAP_COMMAND_LIST } from '../draft/commands/commands.ts'
import { FRAME_COMMAND_LIST } from './commands.ts'

/** Everything that can have a shortcut, in the order in which it is listed. */
export const ALL_COMMANDS: readonly AnyCommand[] = [...FRAME_COMMAND_LIST, ...ZAP_COMMAND_LIST]

/** What Hookline does with keys that cannot be bound to anything else, as the browser or the system hands them out. */
export const FIXED_SHORTCUTS: readonly Omit<AnyCommand, 'id'>[] = [
  { title: 'Copy, cut, paste', group: 'Add and change', keys: ['Mod+C', 'Mod+X', 'Mod+V'] },
  { title: 'Select several', group: 'Select', keys: ['Shift+Click', 'Shift+Drag'] },
  { title: 'Move about', group: 'Look around', keys: ['Scroll', 'Space+Drag'] },
]
