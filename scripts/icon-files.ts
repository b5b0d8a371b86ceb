/** A picture as PNG; `size` is the number of pixels of a side. */
export type Picture = { readonly size: number; readonly png: Buffer }

/** Puts pictures into an icon of Windows: a directory, then the pictures as PNG, which it reads since Vista. Throws above 256 pixels. */
export function toIco(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [at, { size, png }] of pictures.entries()) {
    if (size > 256) throw new Error(`An icon of Windows has no picture of ${size} pixels.`)
    const entry = 6 + 16 * at
    // 256 does not fit, and is said by 0.
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(png.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** What macOS calls the pictures by their pixels; some stand for half as many points on fine screens, too. */
const ICNS_TYPES: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

/** Puts pictures into an icon of macOS: four letters and a length before each. Throws for a size that it has no letters for. */
export function toIcns(pictures: readonly Picture[]): Buffer {
  const parts = pictures.flatMap(({ size, png }) => {
    const types = ICNS_TYPES[size]
    if (types === undefined) throw new Error(`An icon of macOS has no picture of ${size} pixels.`)
    return types.map((type) => block(type, png))
  })
  return block('icns', Buffer.concat(parts))
}

function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([head, content])
}
