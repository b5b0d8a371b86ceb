import { existsSync } from 'node:fs'
import { type DesktopApp, startDesktop } from '../fixtures/desktop-app.ts'
import { test as base, expect } from '../fixtures/test.ts'

const test = base.extend<{ app: DesktopApp }>({
  app: async ({ folder }, use) => {
    const app = await startDesktop({ dataDir: `${folder}/data` })
    await use(app)
    await app.quit()
  },
})

test('the built app opens its window, speaks with it over its port, and quits in order', async ({ app }) => {
  const page = await app.page()
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  expect(await page.evaluate('typeof require')).toBe('undefined')
  expect(await app.evaluate(({ recorded }) => recorded.trays[0]?.menu.map(({ label }) => label))).toContain('Quit')
  await app.evaluate(({ recorded }) => recorded.windows[0]?.close())
  expect(await app.evaluate(({ recorded }) => recorded.windows[0]?.isShown)).toBe(false)
  expect(await app.quit()).toBe(0)
  expect(existsSync(`${app.dataDir}/hookline.db-wal`)).toBe(false)
})
