import type { Page } from '@playwright/test'
import { openRun, openZap, type Shot, to } from './shots.ts'

/** A zap from elsewhere that wants a little of everything. */
const LOW_STOCK = {
  format: 'hookline/zap@1',
  name: 'Low stock every morning',
  description: 'Reads the stock, keeps what runs low, and tells the till.',
  steps: [
    { id: 'morning', uses: 'schedule.cron', name: 'Every morning', input: { cron: '30 7 * * 1-5' } },
    {
      id: 'get',
      uses: 'http.request',
      name: 'Get the stock',
      input: { url: 'https://shop.example.org/stock.csv', auth: { $credential: 'shop-key' } },
    },
    {
      id: 'keep',
      uses: 'file.append',
      name: 'Keep the list',
      input: { path: 'Stock/low.csv', text: '{{ get.body }}' },
    },
    {
      id: 'tell',
      uses: 'http.request',
      name: 'Tell the till',
      input: { method: 'POST', url: 'http://127.0.0.1:8080/till', body: '{{ get.body }}' },
    },
    { id: 'hand', uses: 'http.request', name: 'Hand it on', input: { method: 'POST', url: '{{ get.body.next }}' } },
  ],
  edges: [
    { from: 'morning', to: 'get' },
    { from: 'get', to: 'keep' },
    { from: 'keep', to: 'tell' },
    { from: 'tell', to: 'hand' },
  ],
}

const SHOWCASE = 'Stock at night'

const menu = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click()
const choose = async (page: Page, button: string | RegExp, item: string | RegExp): Promise<void> => {
  await menu(page, button)
  await page.getByRole('menuitem', { name: item }).click()
}
const inDialog = (page: Page): Promise<void> => page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor()
/** Every menu, popover and dialog. */
export const MENUS: readonly Shot[] = [
  {
    name: 'menu-new',
    async go(page) {
      await to(page, 'Zaps')
      await menu(page, 'New zap')
    },
  },
  {
    name: 'menu-zap',
    async go(page) {
      await to(page, 'Zaps')
      await menu(page, `Actions for ${SHOWCASE}`)
    },
  },
  {
    name: 'menu-step',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="few"]').click({ button: 'right' })
    },
  },
  {
    name: 'menu-edge',
    async go(page) {
      await openZap(page, SHOWCASE)
      const wire = await page.locator('.react-flow__edge[data-id*="few"][data-id*="order"]').boundingBox()
      if (!wire) throw new Error('the connection is not to be seen')
      await page.mouse.click(wire.x + wire.width / 2, wire.y + 14, { button: 'right' })
    },
  },
  {
    name: 'menu-canvas',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('.react-flow').click({ button: 'right', position: { x: 40, y: 40 } })
    },
  },
  {
    name: 'menu-run',
    async go(page) {
      await openZap(page, SHOWCASE)
      await menu(page, 'Other ways to run')
    },
  },
  {
    name: 'menu-publish',
    async go(page) {
      await openZap(page, SHOWCASE)
      await menu(page, 'Other ways to go live')
    },
  },
  {
    name: 'menu-inspector',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').click()
      await page
        .getByRole('region', { name: 'Selected step' })
        .getByRole('button', { name: /^(More|Actions|What)/ })
        .first()
        .click()
    },
  },
  {
    name: 'search-step',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').click()
      await page.keyboard.press('/')
      await page.getByPlaceholder('Search for a step…').waitFor()
    },
  },
  {
    name: 'add-app',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.getByRole('button', { name: 'ntfy', exact: true }).click()
    },
  },
  {
    name: 'add-group',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.getByRole('button', { name: /^Lists/ }).click()
    },
  },
  {
    name: 'add-nothing',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.getByRole('searchbox', { name: 'Search steps' }).fill('lexoffice quux')
    },
  },
  {
    name: 'form-wide',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').dblclick()
      await page.getByRole('region', { name: 'Output of the step' }).waitFor()
    },
  },
  {
    name: 'pill-menu',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').click()
      await page.locator('[data-field="input.body"] [data-pill]').first().click()
      await page.getByRole('dialog', { name: /^What to do with/ }).waitFor()
    },
  },
  {
    name: 'search-in-zap',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').click()
      await page.keyboard.press('ControlOrMeta+f')
      await page.getByRole('combobox').waitFor()
    },
  },
  {
    name: 'search-everything',
    async go(page) {
      await to(page, 'Zaps')
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('combobox', { name: 'Commands' }).fill('ord')
    },
  },
  {
    name: 'history',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="order"]').click()
      await page.keyboard.press('d')
      await page.keyboard.press('ControlOrMeta+d')
      await menu(page, 'History')
    },
    async back(page) {
      await menu(page, 'Undo')
      await menu(page, 'Undo')
    },
  },
  {
    name: 'problems',
    async go(page) {
      await openZap(page, 'Half a zap')
      await menu(page, /things? to do$/)
    },
  },
  {
    name: 'dialog-import',
    async go(page) {
      await to(page, 'Zaps')
      await choose(page, 'New zap', 'Paste JSON…')
      await inDialog(page)
    },
  },
  {
    name: 'import-review',
    async go(page) {
      await to(page, 'Zaps')
      await choose(page, 'New zap', 'Paste JSON…')
      await page.getByRole('textbox', { name: 'Zap file' }).fill(JSON.stringify(LOW_STOCK))
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: 'Review before it is added' }).waitFor()
      await page.locator('.react-flow__node').first().waitFor()
    },
  },
  {
    name: 'dialog-refusal',
    async go(page) {
      await to(page, 'Zaps')
      await page.getByRole('switch', { name: 'Half a zap: on' }).click()
      await inDialog(page)
    },
  },
  {
    name: 'dialog-version-name',
    async go(page) {
      await openZap(page, SHOWCASE)
      await choose(page, 'Other ways to go live', 'Publish with a name…')
      await inDialog(page)
    },
  },
  {
    name: 'dialog-credential',
    async go(page) {
      await to(page, 'Credentials')
      await menu(page, 'New credential')
      await inDialog(page)
    },
  },
  {
    name: 'dialog-delete-credential',
    async go(page) {
      await to(page, 'Credentials')
      await page
        .getByRole('button', { name: /^(Delete|Actions)/ })
        .first()
        .click()
      const item = page.getByRole('menuitem', { name: /Delete/ })
      if (await item.isVisible()) await item.click()
      await inDialog(page)
    },
  },
  {
    name: 'dialog-replay',
    async go(page) {
      await openRun(page, 'Paid orders to the ledger', 'Succeeded')
      await choose(page, 'More ways to replay', 'Replay with …')
      await inDialog(page)
    },
  },
  {
    name: 'dialog-replay-request',
    async go(page) {
      await to(page, 'Inbox')
      await page.getByRole('row').nth(1).getByRole('link').click()
      await menu(page, 'Run again…')
      await inDialog(page)
    },
  },
  {
    name: 'bulk',
    async go(page) {
      await to(page, 'Runs')
      await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
    },
  },
  {
    name: 'dialog-bulk',
    async go(page) {
      await to(page, 'Runs')
      await page.getByRole('checkbox', { name: 'Select every run that is shown' }).click()
      await page
        .getByRole('region', { name: 'Selected runs' })
        .getByRole('button', { name: 'Replay', exact: true })
        .click()
      await inDialog(page)
    },
  },
  {
    name: 'incidents',
    async go(page) {
      await to(page, 'Zaps')
      await page.getByRole('button', { name: /open incident/ }).click({ timeout: 30_000 })
      await inDialog(page)
    },
  },
  {
    name: 'toast-undo',
    async go(page) {
      await to(page, 'Zaps')
      await choose(page, 'Actions for Half a zap', 'Delete')
      await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).waitFor()
    },
    back: (page) => page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).click(),
  },
  {
    name: 'shortcuts',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } })
      await page.keyboard.press('?')
      await inDialog(page)
    },
  },
]
