const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' }
const OTHER_NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl' }

/** Keys of a shortcut, written `Mod+Shift+Z`; `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  const names = isMac ? MAC_NAMES : OTHER_NAMES
  return (
    <span className="inline-flex gap-0.5">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className="min-w-4 rounded-sm border border-line-strong bg-sunken px-1 text-center font-sans text-xs leading-4 text-ink-soft"
        >
          {names[key] ?? key}
        </kbd>
      ))}
    </span>
  )
}
