import type { Page } from '@playwright/test'

/** A picture: what it is called, and the way to what it shows from any screen. */
export type Shot = {
  readonly name: string
  go(page: Page): Promise<void>
  /** Takes back what the way there changed. */
  back?(page: Page): Promise<void>
}

/** Goes to a screen of the left rail. */
export const to = async (page: Page, name: string): Promise<void> => {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}
/** Opens a zap from any screen. */
export const openZap = async (page: Page, name: string): Promise<void> => {
  await to(page, 'Zaps')
  // The status bar names the zap that is due next, too.
  await page.getByRole('table', { name: 'Zaps' }).getByRole('link', { name, exact: true }).click()
  await page.locator('.react-flow__node').first().waitFor()
}
/** Opens the newest run of a zap, or the newest of those in a state. */
export const openRun = async (page: Page, zap: string, status = ''): Promise<void> => {
  await to(page, 'Runs')
  await page
    .getByRole('row')
    .filter({ hasText: status })
    .getByRole('link', { name: `Open run of ${zap}` })
    .first()
    .click()
  await page.locator('.react-flow__node').first().waitFor()
}

/** Screens of a host that was just installed. */
export const EMPTY: readonly Shot[] = [
  { name: 'zaps-empty', go: (page) => to(page, 'Zaps') },
  { name: 'runs-empty', go: (page) => to(page, 'Runs') },
  { name: 'inbox-empty', go: (page) => to(page, 'Inbox') },
  { name: 'outbox-empty', go: (page) => to(page, 'Outbox') },
  { name: 'credentials-empty', go: (page) => to(page, 'Credentials') },
  { name: 'tables-empty', go: (page) => to(page, 'Tables') },
  {
    name: 'editor-empty',
    async go(page) {
      await to(page, 'Zaps')
      await page.getByRole('button', { name: 'New zap' }).click()
      await page.getByRole('menuitem', { name: 'Blank zap' }).click()
      await page.locator('.react-flow').waitFor()
    },
  },
]

/** Screens of a host that has been used for a while. */
export const USED: readonly Shot[] = [
  { name: 'zaps', go: (page) => to(page, 'Zaps') },
  {
    name: 'editor',
    async go(page) {
      await openZap(page, 'Paid orders to the ledger')
      await page.locator('[data-step-id="post"]').click()
      await page.getByRole('textbox', { name: 'Body' }).click()
    },
  },
  {
    name: 'editor-test',
    async go(page) {
      await openZap(page, 'Paid orders to the ledger')
      await page.locator('[data-step-id="stock"]').click()
      await page.getByRole('tab', { name: 'Test' }).click()
    },
  },
  {
    name: 'templates',
    async go(page) {
      await to(page, 'Zaps')
      await page.getByRole('button', { name: 'New zap' }).click()
      await page.getByRole('menuitem', { name: /template/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'palette',
    async go(page) {
      await to(page, 'Zaps')
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('combobox', { name: 'Commands' }).waitFor()
    },
  },
  { name: 'editor-large', go: (page) => openZap(page, 'A thousand steps') },
  {
    name: 'editor-large-all',
    async go(page) {
      await openZap(page, 'A thousand steps')
      await page.getByRole('button', { name: /^Fit everything/ }).click()
      await page.getByRole('button', { name: /^Show the map/ }).click()
    },
    back: (page) => page.getByRole('button', { name: /^Hide the map/ }).click(),
  },
  { name: 'runs', go: (page) => to(page, 'Runs') },
  {
    name: 'runs-search',
    async go(page) {
      await to(page, 'Runs')
      await page.getByRole('searchbox', { name: 'Search in runs' }).fill('sku')
      await page.getByText('everything searched').waitFor()
    },
  },
  { name: 'approvals', go: (page) => to(page, 'Approvals') },
  {
    name: 'inbox',
    async go(page) {
      await to(page, 'Inbox')
      await page.getByRole('row').nth(1).getByRole('link').click()
    },
  },
  {
    name: 'inbox-signature',
    async go(page) {
      await to(page, 'Inbox')
      await page.getByRole('row').filter({ hasText: 'Bad signature' }).first().getByRole('link').click()
    },
  },
  {
    name: 'inbox-accepted',
    async go(page) {
      await to(page, 'Inbox')
      await page
        .getByRole('row')
        .filter({ hasText: 'Accepted' })
        .filter({ hasText: '/hooks/orders' })
        .first()
        .getByRole('link')
        .click()
    },
  },
  { name: 'outbox', go: (page) => to(page, 'Outbox') },
  {
    name: 'tables',
    async go(page) {
      await to(page, 'Tables')
      await page.getByRole('gridcell', { name: 'A-1016' }).click()
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowRight')
    },
  },
  { name: 'credentials', go: (page) => to(page, 'Credentials') },
  { name: 'settings', go: (page) => to(page, 'Settings') },
  {
    name: 'settings-middle',
    async go(page) {
      await to(page, 'Settings')
      await page.getByRole('region', { name: 'Tunnel' }).evaluate((tunnel) => tunnel.scrollIntoView({ block: 'start' }))
    },
  },
  {
    name: 'settings-backups',
    async go(page) {
      await to(page, 'Settings')
      const backups = page.getByRole('region', { name: 'Backups', exact: true })
      await backups.getByRole('button', { name: 'Back up now' }).click()
      await backups.getByRole('table', { name: 'Backups' }).waitFor()
      await backups.evaluate((section) => section.scrollIntoView({ block: 'start' }))
    },
  },
  {
    name: 'settings-end',
    async go(page) {
      await to(page, 'Settings')
      await page.locator('main section').last().scrollIntoViewIfNeeded()
    },
  },
  ...(['About Hookline', 'Log'] as const).map((link) => ({
    name: link === 'Log' ? 'log' : 'about',
    async go(page: Page) {
      await to(page, 'Settings')
      await page.getByRole('link', { name: link, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: link }).waitFor()
    },
  })),
  {
    name: 'not-found',
    async go(page) {
      await page.evaluate(`location.hash = '#/zaps/zap_that_is_gone'`)
      await page.getByText('This zap is not there').waitFor()
    },
  },
]

/** The pictures that the README shows: which one, in which theme. */
export const README: Readonly<Record<string, 'light' | 'dark'>> = { editor: 'light', run: 'dark', zaps: 'light' }
