import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const ORDERS = {
  name: 'Paid orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'paid' } },
    {
      id: 'big',
      uses: 'data.set',
      name: 'Keep the amount',
      input: { fields: { total: '{{ hook.body.grandTotal }}' } },
    },
  ],
  edges: [{ from: 'hook', to: 'big' }],
}

test('the command palette leads to zaps, steps and screens, and does what buttons do', async ({ screens }) => {
  const { page } = screens
  await new Zaps(page).add(ORDERS)
  await page.keyboard.press('ControlOrMeta+k')
  const search = page.getByRole('combobox', { name: 'Commands' })
  await search.fill('paid ord')
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')

  const editor = new Editor(page)
  await expect(editor.step('hook')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+f')
  await search.fill('grandtotal')
  await page.getByRole('option', { name: /Keep the amount/ }).click()
  await expect(page.getByRole('textbox', { name: 'Name of the step' })).toHaveValue('Keep the amount')

  await page.keyboard.press('ControlOrMeta+k')
  await search.fill('dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('ControlOrMeta+k')
  await search.fill('high contrast')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  await page.keyboard.press('ControlOrMeta+k')
  await search.fill('nothing is called this')
  await expect(page.getByText('Nothing is called that.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(search).toBeHidden()
  await page.keyboard.press('ControlOrMeta+k')
  await search.fill('outbox')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Outbox' })).toBeVisible()

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  const contrast = page.getByRole('radiogroup', { name: 'Contrast' })
  await expect(contrast.getByRole('radio', { name: 'More' })).toBeChecked()
  await contrast.getByRole('radio', { name: 'System' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'normal')
})

test('a question mark shows all shortcuts, and other keys can be bound', async ({ screens }) => {
  const { page } = screens
  await new Zaps(page).add(ORDERS)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet).toContainText('Tidy up')
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await page.keyboard.press('?')
  await sheet.getByRole('link', { name: 'Settings' }).click()

  const tidy = page.getByRole('button', { name: 'Keys of "Tidy up"' })
  await tidy.click()
  await page.keyboard.press('d')
  await expect(tidy).toHaveText('D')
  await expect(page.getByRole('button', { name: 'Keys of "Disable or enable"' })).toHaveText('none')
  await page.reload()
  await expect(tidy).toHaveText('D')
  await page.getByRole('button', { name: 'Reset all' }).click()
  await expect(tidy).toHaveText('T')
})
