// Draws the app's icons from the one in renderer/icon.svg, into electron/icons: for Windows (.ico), macOS (.icns) and, in each size, Linux.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from '../e2e/fixtures/chromium.ts'
import { type Picture, toIcns, toIco } from './icon-files.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'electron', 'icons')
const svg = readFileSync(join(root, 'renderer', 'icon.svg'), 'utf8')

/** Pixels of one side, as desktops of Linux have folders for them; the largest is for the stores. */
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS = [16, 24, 32, 48, 64, 128, 256]
const MACOS = [16, 32, 64, 128, 256, 512, 1024]
/** Of an icon's 1024 pixels, macOS leaves 100 free on each side. */
const MACOS_MARGIN = 100 / 1024

const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: [...CHROMIUM_ARGS] })
const page = await browser.newPage()

async function draw(size: number, margin = 0): Promise<Picture> {
  await page.setViewportSize({ width: size, height: size })
  const side = size * (1 - 2 * margin)
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${side}px;height:${side}px;margin:${size * margin}px}</style>${svg}`,
  )
  return { size, png: await page.screenshot({ omitBackground: true }) }
}

async function drawAll(sizes: readonly number[], margin?: number): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const size of sizes) pictures.push(await draw(size, margin))
  return pictures
}

mkdirSync(join(folder, 'linux'), { recursive: true })
for (const { size, png } of await drawAll(LINUX)) writeFileSync(join(folder, 'linux', `${size}x${size}.png`), png)
writeFileSync(join(folder, 'icon.ico'), toIco(await drawAll(WINDOWS)))
writeFileSync(join(folder, 'icon.icns'), toIcns(await drawAll(MACOS, MACOS_MARGIN)))
await browser.close()
// By this a test sees that they are of today's drawing.
writeFileSync(join(folder, 'drawn-from.sha256'), `${createHash('sha256').update(svg).digest('hex')}\n`)
