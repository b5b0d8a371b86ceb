import { z } from 'zod'
import { defineTrigger } from '../define.ts'

/** Electron's accelerators (electronjs.org/docs/latest/api/accelerator): modifiers, and one key. */
const MODIFIER = /^(?:command|cmd|control|ctrl|commandorcontrol|cmdorctrl|alt|option|altgr|shift|super|meta)$/i
const KEY =
  /^(?:[A-Z0-9]|F(?:[1-9]|1[0-9]|2[0-4])|[)!@#$%^&*(:;=<,_>.?/~`{\]}[|\\'"-]|Plus|Space|Tab|Capslock|Numlock|Scrolllock|Backspace|Delete|Insert|Return|Enter|Up|Down|Left|Right|Home|End|PageUp|PageDown|Escape|Esc|PrintScreen|Volume(?:Up|Down|Mute)|Media(?:NextTrack|PreviousTrack|Stop|PlayPause)|num(?:[0-9]|dec|add|sub|mult|div))$/i
/** Keys that are pressed all the time while writing: alone they would be taken away from everything else. */
const ALONE = /^(?:F(?:[1-9]|1[0-9]|2[0-4])|PrintScreen|Volume(?:Up|Down|Mute)|Media\w+)$/i

function problemWith(keys: string): string | null {
  const parts = keys.split('+').map((part) => part.trim())
  const key = parts.at(-1) ?? ''
  const modifiers = parts.slice(0, -1)
  if (!KEY.test(key) || !modifiers.every((part) => MODIFIER.test(part)))
    return 'is no combination of keys, such as CmdOrCtrl+Shift+K'
  const holds = modifiers.some((part) => !/^shift$/i.test(part))
  return holds || ALONE.test(key)
    ? null
    : 'needs Ctrl, Cmd, Alt or Super before the key, which could be written no more otherwise'
}

/** Starts when keys are pressed, with any program in front. */
export const hotkeyPressed = defineTrigger({
  id: 'hotkey.pressed',
  title: 'Keys pressed',
  description: 'Starts when you press a combination of keys, whatever program is in front.',
  keywords: ['hotkey', 'shortcut', 'keyboard shortcut', 'global shortcut', 'key combination', 'keybinding'],
  icon: 'keyboard',
  category: 'manual',
  summary: '{keys}',
  desktop: 'hotkeys',
  input: z.strictObject({
    keys: z
      .string()
      .max(60)
      .superRefine((keys, check) => {
        const message = problemWith(keys)
        if (message !== null) check.addIssue({ code: 'custom', message })
      })
      .meta({
        title: 'Keys',
        description: 'With + between them. CmdOrCtrl is Cmd on a Mac, and Ctrl elsewhere.',
        ui: { widget: 'text', placeholder: 'CmdOrCtrl+Shift+K' },
      }),
  }),
  output: z.object({ keys: z.string() }),
  sample: { keys: 'CmdOrCtrl+Shift+K' },
  source: {
    from: 'watch',
    watch: ({ input: { keys }, desktop, emit }) => desktop.onHotkey(keys, () => emit({ key: null, data: { keys } })),
  },
})
