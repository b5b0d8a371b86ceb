/** Bytes of a file that is read whole, at most. The largest zap is far below, and a test's input is bounded as a webhook's body is. */
export const MOST_TEXT_BYTES = 16 * 1_048_576

/** A file that holds no text that we read, with a sentence that names it and says what to do. */
export class TextError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TextError'
  }
}

/** That a file is too large to be read whole. */
export function tooLarge(name: string): TextError {
  return new TextError(`${name} has more than ${MOST_TEXT_BYTES / 1_048_576} MB: make it smaller.`)
}

/**
 * The text of a file: UTF-8, or UTF-16 as PowerShell and other programs of Windows write it. A byte order mark is left out; without one,
 * UTF-16 is known by the NUL beside the first character, which in JSON is always ASCII. `name` is what a person calls the file.
 *
 * @throws TextError when it is too large, or in another encoding.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > MOST_TEXT_BYTES) throw tooLarge(name)
  const encoding = encodingOf(bytes)
  try {
    // The decoder takes the mark of its own encoding off.
    if (encoding !== null) return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    // Said below.
  }
  const found =
    encoding === 'utf-8' ? 'is not UTF-8 text; it may be Latin-1 or Windows-1252' : 'is not text that can be read'
  throw new TextError(`${name} ${found}: save it as UTF-8 and try again.`)
}

/** Null where it is UTF-32, which nothing decodes. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? null : 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0 && second === 0) return null
  if (first === 0 && second !== undefined) return 'utf-16be'
  if (first !== undefined && second === 0) return third === 0 ? null : 'utf-16le'
  return 'utf-8'
}

/** A text that was pasted or dropped, without the byte order mark that its file began with. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)
