// `npm run screenshots`: every screen and state, in both themes and at both sizes, for people to look at. Three go into docs/images.
// `npm run screenshots -- form menu` takes only those whose names begin so, and leaves docs/images as they are.
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startTarget } from '../fixtures/counting-target.ts'
import { startHost, temporaryFolder } from '../fixtures/headless-host.ts'
import { EDITOR } from './editor-shots.ts'
import { EMPTY, README, type Shot, USED } from './shots.ts'
import { fill } from './world.ts'

const root = join(import.meta.dirname, '..', '..')
const out = join(root, 'screenshots')
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const
const THEMES = ['light', 'dark'] as const
/** Milliseconds that whatever moves has to come to rest. */
const SETTLE_MS = 600

const wanted = process.argv.slice(2)
const isWanted = ({ name }: Shot): boolean => wanted.length === 0 || wanted.some((word) => name.startsWith(word))

let failures = 0

async function take(page: Page, shot: Shot, file: string): Promise<void> {
  try {
    await shot.go(page)
    await page.waitForTimeout(SETTLE_MS)
    await page.screenshot({ path: file })
    console.log(file)
    await page.mouse.up()
    await page.keyboard.press('Escape')
    await shot.back?.(page)
  } catch (error) {
    failures++
    console.error(`${shot.name} could not be taken: ${error instanceof Error ? error.message : String(error)}`)
    await page.keyboard.press('Escape')
  }
}

const folder = await temporaryFolder()
const target = await startTarget()
const browser = await chromium.launch({
  executablePath: process.env.HOOKLINE_BROWSER ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
await mkdir(out, { recursive: true })
try {
  for (const [state, shots] of [
    ['new', EMPTY.filter(isWanted)],
    ['used', [...USED, ...EDITOR].filter(isWanted)],
  ] as const) {
    if (shots.length === 0) continue
    const host = await startHost({ dataDir: join(folder.path, state) })
    if (state === 'used') await fill(host, folder.path, target)
    for (const viewport of SIZES) {
      for (const colorScheme of THEMES) {
        const context = await browser.newContext({ viewport, colorScheme })
        const page = await context.newPage()
        page.setDefaultTimeout(15_000)
        await page.goto(host.ui)
        for (const shot of shots) await take(page, shot, join(out, `${shot.name}-${colorScheme}-${viewport.width}.png`))
        await context.close()
      }
    }
    await host.stop()
  }
  for (const [name, theme] of wanted.length === 0 ? Object.entries(README) : []) {
    await copyFile(join(out, `${name}-${theme}-1280.png`), join(root, 'docs', 'images', `${name}-${theme}.png`))
  }
} finally {
  await browser.close()
  await target.close()
  await folder.remove()
}
console.log(
  failures > 0
    ? `${failures} could not be taken.`
    : `All are in ${out}${wanted.length === 0 ? '; those of the README in docs/images' : ''}.`,
)
process.exitCode = failures === 0 ? 0 : 1
