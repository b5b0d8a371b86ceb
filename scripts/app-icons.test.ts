import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toIcns, toIco } from './icon-files.ts'

const root = join(import.meta.dirname, '..')
const icons = join(root, 'electron', 'icons')

/** How large the picture in a PNG is. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

test('the icons are of today’s drawing', () => {
  const drawing = createHash('sha256').update(readFileSync(join(root, 'renderer', 'icon.svg')))
  const drawnFrom = readFileSync(join(icons, 'drawn-from.sha256'), 'utf8').trim()
  expect(drawnFrom, 'renderer/icon.svg is another now: "npm run icons" draws them anew').toBe(drawing.digest('hex'))
})

test('Linux has a picture of every size, called after it', () => {
  const names = readdirSync(join(icons, 'linux'))
  expect(names.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => a - b)).toEqual([
    16, 24, 32, 48, 64, 128, 256, 512,
  ])
  for (const name of names)
    expect(sizeOf(readFileSync(join(icons, 'linux', name))).join('x')).toBe(name.replace('.png', ''))
})

test('the icon of Windows has a picture of each size, up to 256', () => {
  const ico = readFileSync(join(icons, 'icon.ico'))
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
  const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, at) => {
    const entry = 6 + 16 * at
    const offset = ico.readUInt32LE(entry + 12)
    const [width, height] = sizeOf(ico.subarray(offset, offset + ico.readUInt32LE(entry + 8)))
    expect([ico.readUInt8(entry) || 256, ico.readUInt8(entry + 1) || 256]).toEqual([width, height])
    return width
  })
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
})

test('the icon of macOS has a picture of each size, up to 1024, and fine ones', () => {
  const icns = readFileSync(join(icons, 'icon.icns'))
  expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length])
  const found: Record<string, number> = {}
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    const [width] = sizeOf(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)))
    found[icns.toString('latin1', at, at + 4)] = width
  }
  expect(found).toEqual({
    icp4: 16,
    icp5: 32,
    ic11: 32,
    ic12: 64,
    ic07: 128,
    ic08: 256,
    ic13: 256,
    ic09: 512,
    ic14: 512,
    ic10: 1024,
  })
})

test('a size that a system does not know is refused', () => {
  const picture = { size: 300, png: Buffer.alloc(0) }
  expect(() => toIco([picture])).toThrow('300 pixels')
  expect(() => toIcns([picture])).toThrow('300 pixels')
})
