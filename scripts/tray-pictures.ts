// Draws the pictures of the tray from the mark in renderer/icon.svg, in every state and size, into electron/main/tray-pictures.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from '../e2e/fixtures/chromium.ts'

const root = join(import.meta.dirname, '..')
const mark = readFileSync(join(root, 'renderer', 'icon.svg'), 'utf8')

/** Alone and in black, larger, as macOS draws it in the colour of its menu bar. */
const template = mark
  .replace(/<rect[^>]*>/, '')
  .replaceAll('#fff', '#000')
  .replace('viewBox="0 0 24 24"', 'viewBox="3.5 2.5 14.5 17"')
const dimmed = (svg: string): string => svg.replace('<svg ', '<svg opacity="0.45" ')
const dotted = mark.replace(
  '</svg>',
  '<circle cx="18.5" cy="18.5" r="6.5" fill="#fff"/><circle cx="18.5" cy="18.5" r="5" fill="#d9480f"/></svg>',
)
const grey = mark.replace('#0a6579', '#6b7479')

const PICTURES = {
  template: { normal: template, attention: template, paused: dimmed(template) },
  colour: { normal: mark, attention: dotted, paused: grey },
}

const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: [...CHROMIUM_ARGS] })
const page = await browser.newPage()
async function draw(svg: string, size: number): Promise<string> {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  return (await page.screenshot({ omitBackground: true })).toString('base64')
}
const drawn: Record<string, Record<string, { x1: string; x2: string }>> = {}
for (const [look, states] of Object.entries(PICTURES)) {
  const sizes: Record<string, { x1: string; x2: string }> = {}
  for (const [state, svg] of Object.entries(states)) sizes[state] = { x1: await draw(svg, 16), x2: await draw(svg, 32) }
  drawn[look] = sizes
}
await browser.close()
writeFileSync(join(root, 'electron', 'main', 'tray-pictures.json'), `${JSON.stringify(drawn, null, 2)}\n`)
