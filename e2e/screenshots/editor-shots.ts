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
  {
    name: 'output-table',
    async go(page) {
      await test(page, 'hook')
      await page.getByRole('radio', { name: 'Table' }).click()
    },
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
    name: 'menu-step',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('[data-step-id="few"]').click({ button: 'right' })
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
    name: 'shortcuts',
    async go(page) {
      await openZap(page, SHOWCASE)
      await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } })
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'alignment',
    async go(page) {
      await openZap(page, SHOWCASE)
      const card = await page.locator('[data-step-id="tell"]').boundingBox()
      const above = await page.locator('[data-step-id="few"]').boundingBox()
      if (!card || !above) throw new Error('the steps are not to be seen')
      const at = { x: card.x + 60, y: card.y + 20 }
      await page.mouse.move(at.x, at.y)
      await page.mouse.down()
      await page.mouse.move(at.x + 3, at.y)
      await page.mouse.move(at.x + above.x - card.x + 3, at.y + 4, { steps: 6 })
    },
    back: undo,
  },
]
