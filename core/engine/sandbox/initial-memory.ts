const MAGIC = 0x0061736d
const IMPORTS = 2
/** What a module may import. */
const [FUNCTION, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3] as const
const HAS_MAXIMUM = 1

/**
 * A WebAssembly module that is content with a smaller memory at its start: the least that it asks of the memory that it imports becomes `pages`, of
 * 64 KB each. Nothing else of it changes, and no place in it moves. What it allocates beyond that it grows for, as it would anyway.
 *
 * The format: https://webassembly.github.io/spec/core/binary/modules.html#import-section
 *
 * @throws Error when the module imports no memory, or already asks for less.
 */
export function withInitialMemory(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(module)
  let at = 0
  const byte = (): number => {
    const read = bytes[at++]
    if (read === undefined) throw new Error('the WebAssembly module ends too early')
    return read
  }
  /** An unsigned LEB128 number of 32 bits. */
  const number = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const read = byte()
      value += (read & 0x7f) * 2 ** shift
      if (read < 0x80) return value
    }
    throw new Error('the WebAssembly module has a number that is too long')
  }
  const skip = (length: number): void => {
    at += length
  }

  if (new DataView(bytes.buffer).getUint32(0) !== MAGIC) throw new Error('this is no WebAssembly module')
  skip(8)
  while (byte() !== IMPORTS) skip(number())
  number() // the length of the section
  for (let left = number(); left > 0; left--) {
    skip(number()) // the module's name
    skip(number()) // the name in it
    switch (byte()) {
      case FUNCTION:
        number()
        break
      case GLOBAL:
        skip(2)
        break
      case TABLE: {
        skip(1)
        const hasMaximum = (byte() & HAS_MAXIMUM) !== 0
        number()
        if (hasMaximum) number()
        break
      }
      case MEMORY: {
        skip(1)
        const start = at
        const asked = number()
        if (asked < pages) throw new Error(`the WebAssembly module asks for ${asked} pages only`)
        writeNumber(bytes.subarray(start, at), pages)
        return bytes
      }
      default:
        throw new Error('the WebAssembly module imports something unknown')
    }
  }
  throw new Error('the WebAssembly module imports no memory')
}

/** Writes a LEB128 number into all of so many bytes: as many as a larger number had. */
function writeNumber(into: Uint8Array, value: number): void {
  let rest = value
  for (const index of into.keys()) {
    into[index] = (rest & 0x7f) | (index < into.length - 1 ? 0x80 : 0)
    rest >>= 7
  }
}
