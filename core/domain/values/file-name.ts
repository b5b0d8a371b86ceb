/** Characters of the longest name that a file gets from outside. */
const MAX_NAME = 200

/** What a terminal or a screen obeys or hides in a name, and what a file system does not take: control characters, marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** The last part of a name that came from outside, without what a file system or a screen would take for something else. */
export function plainFilename(name: string): string {
  const last = name.slice(-4_096).split(/[\\/]/).at(-1) ?? ''
  return plainPart(last) ?? 'file'
}

/** As {@link plainFilename}, but with the folders in it, as an archive names its files: it leads nowhere but into the folder that it is put in. */
export function plainRelativeName(name: string): string {
  const parts = name
    .split(/[\\/]+/)
    .flatMap((part, at) => plainPart(at === 0 ? part.replace(/^[a-z]:/i, '') : part) ?? [])
  return parts.length === 0 ? 'file' : parts.join('/')
}

function plainPart(part: string): string | undefined {
  const plain = part.replace(UNSEEN, '').trim()
  if (/^\.{0,2}$/.test(plain)) return undefined
  // Half of a pair is no character.
  return plain.length <= MAX_NAME ? plain : plain.slice(-MAX_NAME).replace(/^[\udc00-\udfff]/, '')
}

/** Endings of two parts, of which the first says what is in the second. */
const DOUBLE = /\.(?:tar|cpio)\.[a-z0-9]{1,5}$/i

/** A name and its ending, with its point: `photo` and `.jpg`, `arch` and `.tar.gz`. What begins with a point has none. */
export function splitEnding(name: string): readonly [stem: string, ending: string] {
  const double = DOUBLE.exec(name.slice(-12))
  const dot = double === null ? name.lastIndexOf('.') : name.length - double[0].length
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
}

/** A name with a number, as for the second one of it: `photo (2).jpg`. */
export function numberedName(name: string, number: number, hasEnding = true): string {
  const [stem, ending] = hasEnding ? splitEnding(name) : [name, '']
  return `${stem} (${number})${ending}`
}
