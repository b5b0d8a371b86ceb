import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const ORDERS = {
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: 'Order', input: { path: 'orders' } },
    { id: 'note', uses: 'notify.show', name: 'Tell me', input: { title: 'An order' } },
  ],
  edges: [{ from: 'hook', to: 'note' }],
}

test('typing in braces completes paths and filters by the keyboard alone', async ({ screens }) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await zaps.add(ORDERS)
  await send(hooks, 'orders', { customer: { name: 'Ada' }, amount: 75 })
  await zaps.open('Orders')
  await editor.step('note').click()
  const title = editor.field('Title')
  const list = page.getByRole('listbox', { name: 'Completions' })
  await title.fill('')
  await expect(page.getByRole('region', { name: 'Data of earlier steps' })).toContainText('from the last event')

  await title.pressSequentially('For {{ hook.body.cust')
  await expect(list.getByRole('option').first()).toContainText('hook.body.customer')
  await page.keyboard.press('Tab')
  await expect(title).toHaveText('For {{ hook.body.customer. }}')
  await expect(list.getByRole('option', { selected: true })).toContainText('hook.body.customer.name')
  await expect(list.getByRole('option', { selected: true })).toContainText('Ada')
  await page.keyboard.press('Enter')
  // What is complete is a pill; the caret goes back into it, and it is text again.
  await expect(title).toHaveText('For Orderbody.customer.name')
  await expect(list).toHaveCount(0)
  await expect(editor.form).toContainText('For Ada')

  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(title).toHaveText('For {{ hook.body.customer.name }}')
  await title.pressSequentially('| upc')
  await expect(list.getByRole('option', { selected: true })).toContainText('upcase')
  await expect(page.getByText('Makes letters large.')).toHaveCount(2)
  await accessible(page, 'completion of a filter')
  await page.keyboard.press('Enter')
  await expect(title).toHaveText('For {{ hook.body.customer.name | upcase }}')
  await expect(editor.form).toContainText('For ADA')

  await title.pressSequentially(' |')
  await expect(list).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(list.getByRole('option', { selected: true })).toContainText('upcase')
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
  await expect(title).toBeFocused()
})

test('a path that is not there is named with the nearest one, which takes its place; a pill tells what it stands for', async ({
  screens,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await zaps.add(ORDERS)
  await send(hooks, 'orders', { customer: { name: 'Ada' }, amount: 75 })
  await zaps.open('Orders')
  await editor.step('note').click()
  const title = editor.field('Title')
  await title.fill('Paid {{ hook.body.amout }}')
  await expect(editor.form).toContainText('Did you mean hook.body.amount?')
  await page.keyboard.press('Escape')
  await accessible(page, 'missing path')
  await editor.form.getByRole('button', { name: 'hook.body.amount' }).click()
  await expect(title).toHaveText('Paid Orderbody.amount')
  await expect(editor.form).toContainText('Paid 75')
  await expect(editor.form).not.toContainText('Did you mean')

  await title.fill('{{ hok.body.amount }}')
  await expect(editor.form).toContainText('Did you mean hook.body.amount?')
  await title.fill('{{ hook.body.amount }}')
  await page.keyboard.press('Escape')
  await title.hover({ position: { x: 40, y: 16 } })
  const hint = page.locator('[data-pill-hint]')
  await expect(hint).toContainText('Order')
  await expect(hint).toContainText('75')
})
