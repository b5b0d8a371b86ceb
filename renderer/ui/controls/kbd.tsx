import { type Chord, keysOfChord } from '../../commands/chord.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' }
const OTHER_NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl' }
const NAMES: Readonly<Record<string, string>> = {
  Delete: 'Del',
  ContextMenu: 'Menu',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** The keys of a chord. */
export function Kbd({ keys }: { keys: Chord }) {
  const names = isMac ? MAC_NAMES : OTHER_NAMES
  return (
    <span className="inline-flex gap-0.5">
      {keysOfChord(keys).map((key) => (
        <kbd
          key={key}
          className="min-w-4 rounded-sm border border-line-strong bg-sunken px-1 text-center font-sans text-xs leading-4 text-ink-soft"
        >
          {names[key] ?? NAMES[key] ?? key}
        </kbd>
      ))}
    </span>
  )
}
