/** Keys that are pressed together, written `Mod+Shift+Z`; `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export type Chord = string

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

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
  const written = isOfThisAlphabet(key.key) ? key.key : (byPlace(key) ?? key.key)
  const isLetter = /^\p{L}$/u.test(written)
  const name = written === ' ' ? 'Space' : isLetter ? written.toUpperCase() : written
  // Of a sign such as `?` or `+`, Shift is how the keyboard writes it, and no part of what is meant.
  const isSign = name.length === 1 && !isLetter
  return [...(key.ctrlKey || key.metaKey ? ['Mod'] : []), ...(key.shiftKey && !isSign ? ['Shift'] : []), name].join('+')
}

/** Whether a key writes what shortcuts are made of: Latin letters and ASCII signs, wherever a layout has them; or has a name of its own. */
function isOfThisAlphabet(key: string): boolean {
  return /^[\x20-\x7e]+$/.test(key) || /^\p{Script=Latin}$/u.test(key)
}

/** What the key at this place writes on the layout for which the shortcuts were chosen; undefined for places that differ there, too. */
function byPlace({ code, shiftKey }: Key): string | undefined {
  const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code) ?? []
  if (letter !== undefined) return letter
  return digit ?? SIGNS[code]?.[shiftKey ? 1 : 0]
}

/** Signs by their places, alone and with Shift. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Slash: ['/', '?'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
}

/** The keys of a chord, one by one. The plus sign is a key too. */
export function keysOfChord(chord: Chord): readonly string[] {
  return chord.split(/(?<=[^+])\+(?=.)/)
}
