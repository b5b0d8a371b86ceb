import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const PAID = {
  name: 'Pills',
  settings: { timezone: 'Europe/Berlin' },
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: 'Order', input: { path: 'pills' } },
    { id: 'note', uses: 'notify.show', name: 'Tell me', input: { title: '{{ hook.body.paidAt }}', body: 'An order' } },
  ],
  edges: [{ from: 'hook', to: 'note' }],
}

test('a pill offers what can be done with its value, in a wide form and beside the canvas, by mouse and by keyboard', async ({
  screens,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await zaps.add(PAID)
  await send(hooks, 'pills', {
    paidAt: '2026-11-27T09:43:41.504Z',
    amount: 1234.5,
    lines: [{ sku: 'A1' }, { sku: 'B2' }],
  })
  await zaps.open('Pills')
  const title = editor.field('Title')
  const menu = page.getByRole('dialog', { name: /^What to do with/ })

  // By mouse, wide: a date is picked by how it looks, and the pill shows what it becomes.
  await editor.step('note').dblclick()
  await expect(page.getByRole('region', { name: 'Output of the step' })).toBeVisible()
  await title.locator('[data-pill]').click()
  await expect(menu).toContainText('A date')
  await accessible(page, 'the menu of a pill')
  await menu.getByRole('button', { name: 'Day, in words 27 Nov 2026' }).click()
  await expect(menu).toHaveCount(0)
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026')
  await expect(editor.form.getByText('27 Nov 2026', { exact: true }).last()).toBeVisible()

  // A value of the input goes into the field that was used last.
  await title.press('End')
  await page.keyboard.type(' for ')
  const input = page.getByRole('region', { name: 'Input' })
  await expect(input.getByRole('option', { name: /paidAt.*used in this step/ })).toBeVisible()
  await input.getByRole('option', { name: /^amount/ }).click()
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026 for Orderbody.amount')
  await accessible(page, 'the wide form')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(editor.field('Path')).toBeVisible()
  await page.keyboard.press('Alt+ArrowDown')
  await expect(title).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(editor.step('note')).toBeFocused()

  // By keyboard, beside the canvas: Enter at a pill opens its menu, arrows walk, Enter takes.
  await editor.form.getByRole('button', { name: 'Open wide' }).waitFor()
  await title.click()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(menu).toContainText('A number')
  for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowDown')
  await expect(menu.getByRole('button', { name: 'With dots 1.234,50' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026 for Orderbody.amount1.234,50')
  await expect(title).toBeFocused()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026 for Orderbody.amount')

  // One thing is asked in place; a change is taken back; Backspace takes the pill away.
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await menu.getByRole('button', { name: 'If missing' }).click()
  await menu.getByRole('button', { name: /^A text instead/ }).click()
  await menu.getByLabel('Instead').fill('nothing')
  await page.keyboard.press('Enter')
  await editor.saved()
  await page.keyboard.press('Enter')
  await menu.getByRole('button', { name: 'If missing' }).click()
  await expect(menu.getByRole('textbox', { name: 'Filters as they are written' })).toHaveValue('default: "nothing"')
  await menu.getByRole('button', { name: /^Stop the run/ }).click()
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026 for Orderbody.amount')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await expect(title).toHaveText('Orderbody.paidAt27 Nov 2026 for ')
})
