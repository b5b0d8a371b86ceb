import type { Page } from '@playwright/test'
import { openRun, openZap, type Shot, to } from './shots.ts'

const ORDERS = 'Paid orders to the ledger'

const breakBefore = async (page: Page, step: string): Promise<void> => {
  await openZap(page, ORDERS)
  const card = page.locator(`[data-step-id="${step}"]`)
  if (!(await card.getByRole('img', { name: 'Breakpoint' }).isVisible())) {
    await card.click()
    await page.locator('.react-flow__pane').focus()
    await card.focus()
    await page.keyboard.press('b')
  }
  await page.getByRole('button', { name: 'Other ways to run' }).click()
  await page.getByRole('menuitem', { name: 'Run to breakpoint' }).click()
  await page.getByRole('region', { name: 'Paused test' }).waitFor()
}
const stop = (page: Page): Promise<void> =>
  page.getByRole('region', { name: 'Paused test' }).getByRole('button', { name: 'Stop' }).click()

/** Runs in every state, on a canvas of their own and in the editor. */
export const RUNS: readonly Shot[] = [
  { name: 'run', go: (page) => openRun(page, ORDERS, 'Succeeded') },
  { name: 'run-failed', go: (page) => openRun(page, 'Invoices to the archive') },
  { name: 'run-waiting', go: (page) => openRun(page, 'Remind me in an hour') },
  { name: 'run-retrying', go: (page) => openRun(page, 'Sign-ups to the newsletter') },
  { name: 'run-running', go: (page) => openRun(page, 'Ask the slow server') },
  { name: 'run-approval', go: (page) => openRun(page, 'Refunds') },
  {
    name: 'editor-running',
    async go(page) {
      await openZap(page, 'Ask the slow server')
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.locator('[data-step-id="ask"]').getByText('Running').waitFor()
    },
  },
  {
    name: 'editor-ran',
    async go(page) {
      await openZap(page, ORDERS)
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.locator('[data-step-id="stock"]').getByText('ok').waitFor()
    },
  },
  {
    name: 'editor-failed',
    async go(page) {
      await openZap(page, 'Stock at night')
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.locator('[data-step-id="total"]').getByText('Failed').waitFor()
    },
  },
  { name: 'paused', go: (page) => breakBefore(page, 'post'), back: stop },
  {
    name: 'paused-inspection',
    async go(page) {
      await breakBefore(page, 'post')
      await page.locator('[data-step-id="hook"]').click()
      await page.getByRole('tab', { name: 'Test' }).click()
    },
    back: stop,
  },
]

/** What looks different for those who want more contrast. */
export const CONTRAST: readonly Shot[] = [
  {
    name: 'contrast-editor',
    async go(page) {
      await openZap(page, ORDERS)
      await page.locator('[data-step-id="post"]').click()
    },
  },
  { name: 'contrast-run', go: (page) => openRun(page, ORDERS, 'Succeeded') },
  { name: 'contrast-run-failed', go: (page) => openRun(page, 'Invoices to the archive') },
  { name: 'contrast-zaps', go: (page) => to(page, 'Zaps') },
  { name: 'contrast-settings', go: (page) => to(page, 'Settings') },
]

/** Screens of a host that came back after runs had ended it three times. */
export const CRASHED: readonly Shot[] = [
  { name: 'safe-mode', go: (page) => to(page, 'Outbox') },
  { name: 'run-review', go: (page) => openRun(page, 'Relay in', 'Needs review') },
]
