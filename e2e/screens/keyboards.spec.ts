import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

/** A key of another layout: what it writes, at its place. */
async function press(page: Page, key: string, code: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}) {
  const init = JSON.stringify({ key, code, ...held, bubbles: true, cancelable: true })
  await page.evaluate(`(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', ${init}))`)
}

/** Writes with an input method, presses Enter while it is at it, and lets it end. */
async function compose(page: Page, text: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  for (const type of ['rawKeyDown', 'char', 'keyUp'] as const) {
    await cdp.send('Input.dispatchKeyEvent', {
      type,
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
      ...(type === 'char' && { text: '\r' }),
    })
  }
  await cdp.send('Input.insertText', { text })
  await cdp.detach()
}

const zap = {
  name: 'Keys',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'set', uses: 'data.set', name: 'Note', input: { fields: { a: 'b' } } },
  ],
  edges: [{ from: 'go', to: 'set' }],
}

test('shortcuts work on Russian and Greek keyboards, and go by the letter on Dvorak', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).addDraft(zap)
  await new Zaps(page).open('Keys')
  await press(page, 'л', 'KeyK', { ctrlKey: true })
  const palette = page.getByRole('dialog').getByRole('combobox')
  await expect(palette).toBeVisible()
  await page.keyboard.press('Escape')
  await editor.step('set').click()
  await editor.step('set').focus()
  await press(page, 'Δ', 'KeyD')
  await expect(editor.step('set')).toContainText('Off')
  await press(page, 'я', 'KeyZ', { ctrlKey: true })
  await expect(editor.step('set')).not.toContainText('Off')
  // On Dvorak the letter D lies where QWERTY has H, and what lies on D writes E.
  await press(page, 'e', 'KeyD')
  await expect(editor.step('set')).not.toContainText('Off')
  await press(page, 'd', 'KeyH')
  await expect(editor.step('set')).toContainText('Off')
})

test('the Enter that ends a composition adds and submits nothing; the next one does', async ({ screens }) => {
  const { page } = screens
  await new Zaps(page).addDraft(zap)
  await new Zaps(page).open('Keys')

  // The search of steps adds the first one that it found.
  const search = page.getByRole('complementary', { name: 'Steps to add' }).getByRole('searchbox')
  await search.focus()
  await compose(page, 'http')
  await expect(page.locator('[data-step-id]')).toHaveCount(2)
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-step-id]')).toHaveCount(3)

  // The palette runs what it found.
  await page.keyboard.press('ControlOrMeta+K')
  const palette = page.getByRole('dialog').getByRole('combobox')
  await expect(palette).toBeFocused()
  await compose(page, 'Credentials')
  await expect(palette).toBeVisible()
  await expect(page).toHaveURL(/zaps/)
  await page.keyboard.press('Escape')

  // A form of fields is submitted by it.
  await page.getByRole('link', { name: 'Credentials', exact: true }).click()
  await page
    .getByRole('button', { name: /credential/i })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().focus()
  await compose(page, '鍵')
  await expect(dialog).toBeVisible()
  await expect(dialog.getByText('needs', { exact: false })).toHaveCount(0)
})
