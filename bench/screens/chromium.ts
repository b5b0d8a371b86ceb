import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Browser, chromium } from '@playwright/test'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from '../../e2e/fixtures/chromium.ts'
import { end, own, withFolder, within } from '../owned-processes.ts'

/**
 * Calls `use` with a headless Chromium that has an empty profile, and ends it. It is started by us rather than by Playwright, so
 * that it and its profile are gone also when the benchmark is interrupted.
 */
export function withChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  return withFolder(async (profile) => {
    const args = [
      ...CHROMIUM_ARGS,
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ]
    const child = own(spawn(CHROMIUM_PATH, args, { stdio: ['ignore', 'ignore', 'pipe'] }))
    const listening = Promise.withResolvers<string>()
    child.once('error', listening.reject)
    child.once('close', () => listening.reject(new Error(`${CHROMIUM_PATH} ended before it was ready`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (address !== undefined) listening.resolve(address)
    })
    try {
      const browser = await chromium.connectOverCDP(await within(30_000, 'Chromium', listening.promise))
      try {
        return await use(browser)
      } finally {
        await browser.close()
      }
    } finally {
      await end(child, 'SIGTERM')
    }
  })
}
