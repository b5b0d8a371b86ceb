import type { Page } from '@playwright/test'
import { openZap, type Shot } from './shots.ts'

const SHOWCASE = 'Stock at night'

const select = async (page: Page, step: string): Promise<void> => {
  await openZap(page, SHOWCASE)
  await page.locator(`[data-step-id="${step}"]`).click()
  await page.getByRole('region', { name: 'Selected step' }).waitFor()
}
const test = async (page: Page, step: string): Promise<void> => {
  await select(page, step)
  await page.getByRole('tab', { name: 'Test' }).click()
}

const undo = (page: Page): Promise<void> => page.getByRole('button', { name: 'Undo', exact: true }).click()

/** States of the editor that are only there while somebody works in it. */
export const EDITOR: readonly Shot[] = [
  { name: 'editor-frames', go: (page) => openZap(page, SHOWCASE) },
  {
    name: 'editor-tidy',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.getByRole('button', { name: /^Tidy/ }).click()
    },
    back: undo,
  },
  { name: 'form-schedule', go: (page) => select(page, 'clock') },
  { name: 'form-interval', go: (page) => select(page, 'often') },
  {
    name: 'form-text',
    async go(page) {
      await select(page, 'total')
      await page.locator('[data-field="input.fields"]').hover()
      await page.getByRole('button', { name: /^Edit as text\W*Values$/ }).click()
    },
  },
  { name: 'form-missing-path', go: (page) => select(page, 'total') },
  { name: 'form-conditions', go: (page) => select(page, 'few') },
  { name: 'form-json', go: (page) => select(page, 'order') },
  {
    name: 'form-completion',
    async go(page) {
      await select(page, 'order')
      await page.getByRole('textbox', { name: 'Address' }).click()
      await page.keyboard.press('End')
      await page.keyboard.type('{{ hook.body.')
    },
    back: undo,
  },
  ...['Schema', 'Table', 'JSON', 'Raw'].map((view) => ({
    name: `output-${view.toLowerCase()}`,
    async go(page: Page) {
      await test(page, 'hook')
      await page.getByRole('radio', { name: view }).click()
    },
  })),
  {
    name: 'output-search',
    async go(page) {
      await test(page, 'hook')
      await page.getByRole('radio', { name: 'JSON' }).click()
      await page
        .getByRole('searchbox', { name: /^Search/ })
        .last()
        .fill('A3')
    },
  },
  {
    name: 'step-runs',
    async go(page) {
      await select(page, 'hook')
      await page.getByRole('tab', { name: 'Runs' }).click()
    },
  },
  {
    name: 'form-webhook',
    async go(page) {
      await openZap(page, 'Pushes to the changelog')
      await page.locator('[data-step-id="hook"]').click()
    },
  },
  {
    name: 'form-paths',
    async go(page) {
      await openZap(page, 'Paid orders to the ledger')
      await page.locator('[data-step-id="size"]').click()
    },
  },
  {
    name: 'form-advanced',
    async go(page) {
      await select(page, 'order')
      await page.getByText('Advanced', { exact: true }).click()
      await page.getByText('Advanced', { exact: true }).evaluate((button) => button.scrollIntoView())
    },
    back: (page) => page.getByText('Advanced', { exact: true }).click(),
  },
  {
    name: 'selection',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } })
      await page.keyboard.press('ControlOrMeta+a')
    },
  },
  {
    name: 'outline',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.getByRole('button', { name: 'Outline' }).click()
    },
    back: (page) => page.getByRole('button', { name: 'Add steps' }).click(),
  },
  {
    name: 'output-pinned',
    async go(page) {
      await test(page, 'hook')
      await page.getByRole('button', { name: 'Pin this output' }).click()
    },
    async back(page) {
      await test(page, 'hook')
      await page.getByRole('button', { name: 'Unpin' }).click()
    },
  },
  {
    name: 'versions',
    async go(page) {
      await openZap(page, 'Refunds')
      await page.locator('[data-step-id="pay"]').click()
      await page.getByRole('textbox', { name: 'Address' }).click()
      await page.keyboard.press('End')
      await page.keyboard.type('/v2')
      await page.getByRole('button', { name: /^Versions: v1 edited/ }).click()
    },
    back: undo,
  },
  {
    name: 'files',
    async go(page) {
      await openZap(page, 'Paid orders to the ledger')
      await page.locator('[data-step-id="log"]').click()
      await page.getByRole('button', { name: 'Browse…' }).click()
      await page.getByRole('listbox', { name: 'Content' }).waitFor()
    },
  },
  {
    name: 'alignment',
    async go(page) {
      await openZap(page, SHOWCASE)
      const card = await page.locator('[data-step-id="tell"]').boundingBox()
      const above = await page.locator('[data-step-id="few"]').boundingBox()
      const below = await page.locator('[data-step-id="order"]').boundingBox()
      if (!card || !above || !below) throw new Error('the steps are not to be seen')
      const at = { x: card.x + 60, y: card.y + 20 }
      await page.mouse.move(at.x, at.y)
      await page.mouse.down()
      await page.mouse.move(at.x + 3, at.y)
      // Beneath the loop, its left edge in line with the loop's steps.
      await page.mouse.move(at.x + above.x - card.x + 3, at.y + 1.7 * (below.y - above.y), { steps: 6 })
    },
    back: undo,
  },
]
