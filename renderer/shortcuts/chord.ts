/** Keys that are pressed together, written `Mod+Shift+Z`; `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export type Chord = string

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const MODIFIERS = new Set([
  'Control',
  'Meta',
  'Shift',
  'Alt',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
])

/** What a key press is called; null when it holds a modifier alone, or Alt, with which keyboards write other characters. */
export function chordOf(key: Key): Chord | null {
  if (key.altKey || MODIFIERS.has(key.key)) return null
  const isLetter = /^\p{L}$/u.test(key.key)
  const name = key.key === ' ' ? 'Space' : isLetter ? key.key.toUpperCase() : key.key
  // Of a sign such as `?` or `+`, Shift is how the keyboard writes it, and no part of what is meant.
  const isSign = name.length === 1 && !isLetter
  return [...(key.ctrlKey || key.metaKey ? ['Mod'] : []), ...(key.shiftKey && !isSign ? ['Shift'] : []), name].join('+')
}

/** The keys of a chord, one by one. The plus sign is a key too. */
export function keysOfChord(chord: Chord): readonly string[] {
  return chord.split(/(?<=[^+])\+(?=.)/)
}
