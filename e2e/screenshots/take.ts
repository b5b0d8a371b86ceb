// `npm run screenshots`: every screen and state, in both themes and at both sizes, for people to look at. Three go into docs/images.
// `npm run screenshots -- form menu` takes only those whose names begin so, and `light`, `dark`, `1280`, `1920` only
// those that look so; both leave docs/images as they are.
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { CHROMIUM_PATH } from '../fixtures/chromium.ts'
import { startTarget } from '../fixtures/counting-target.ts'
import { type RunningHost, startHost, temporaryFolder } from '../fixtures/headless-host.ts'
import { startCrashedHost } from './crashed-host.ts'
import { EDITOR } from './editor-shots.ts'
import { MENUS } from './menu-shots.ts'
import { CONTRAST, CRASHED, RUNS } from './run-shots.ts'
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

/** Milliseconds after which what a picture waits for is taken for missing. */
const PATIENCE_MS = 10_000

const words = process.argv.slice(2)
const looks = [...THEMES, ...SIZES.map(({ width }) => String(width))]
const wanted = words.filter((word) => !looks.includes(word))
/** Whether a theme or a size was named, or none of its kind. */
const isLook = (look: string, kind: readonly string[]): boolean =>
  words.includes(look) || !kind.some((other) => words.includes(other))
const isWanted = ({ name }: Shot): boolean => wanted.length === 0 || wanted.some((word) => name.startsWith(word))

let failures = 0

async function take(page: Page, ui: string, shot: Shot, file: string): Promise<void> {
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
    // The next one begins anew, whatever this one left behind.
    await page.goto('about:blank')
    await page.goto(ui)
  }
}

async function takeAll(
  host: RunningHost,
  shots: readonly Shot[],
  look: { viewport: (typeof SIZES)[number]; colorScheme: (typeof THEMES)[number]; contrast: 'more' | 'no-preference' },
): Promise<void> {
  if (shots.length === 0) return
  const context = await browser.newContext(look)
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const address = await host.freshAddress()
  await page.goto(address)
  for (const shot of shots) {
    await take(
      page,
      new URL(address).origin,
      shot,
      join(out, `${shot.name}-${look.colorScheme}-${look.viewport.width}.png`),
    )
  }
  await context.close()
}

async function startUsedHost(dataDir: string): Promise<RunningHost> {
  const host = await startHost({ dataDir })
  await fill(host, folder.path, target, slow)
  return host
}

const folder = await temporaryFolder()
const target = await startTarget()
const slow = await startTarget()
slow.neverAnswer()
const browser = await chromium.launch({
  executablePath: CHROMIUM_PATH,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
await mkdir(out, { recursive: true })
try {
  const states = {
    new: { start: (dataDir: string) => startHost({ dataDir }), shots: { plain: EMPTY, contrast: [] } },
    used: { start: startUsedHost, shots: { plain: [...USED, ...RUNS, ...EDITOR, ...MENUS], contrast: CONTRAST } },
    crashed: {
      start: (dataDir: string) => startCrashedHost(dataDir, folder.path),
      shots: { plain: CRASHED, contrast: [] },
    },
  }
  for (const [state, { start, shots }] of Object.entries(states)) {
    const plain = shots.plain.filter(isWanted)
    const contrast = shots.contrast.filter(isWanted)
    if (plain.length + contrast.length === 0) continue
    const host = await start(join(folder.path, state))
    for (const viewport of SIZES.filter(({ width }) => isLook(String(width), ['1280', '1920']))) {
      for (const colorScheme of THEMES.filter((theme) => isLook(theme, THEMES))) {
        await takeAll(host, plain, { viewport, colorScheme, contrast: 'no-preference' })
        await takeAll(host, contrast, { viewport, colorScheme, contrast: 'more' })
      }
    }
    await host.stop()
  }
  for (const [name, theme] of words.length === 0 ? Object.entries(README) : []) {
    await copyFile(join(out, `${name}-${theme}-1280.png`), join(root, 'docs', 'images', `${name}-${theme}.png`))
  }
} finally {
  await browser.close()
  await target.close()
  await slow.close()
  await folder.remove()
}
console.log(
  failures > 0
    ? `${failures} could not be taken.`
    : `All are in ${out}${words.length === 0 ? '; those of the README in docs/images' : ''}.`,
)
process.exitCode = failures === 0 ? 0 : 1
