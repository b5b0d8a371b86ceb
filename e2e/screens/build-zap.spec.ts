import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'

test('a person drags a zap together, publishes it, fires it, and finds everything again', async ({
  screens,
  target,
}) => {
  const { page, hooks } = screens
  const editor = new Editor(page)

  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await page.getByRole('textbox', { name: 'Name of the zap' }).fill('Large orders')

  await editor.drag('Catch webhook', 0, -200)
  await expect(editor.step('hook')).toBeVisible()
  await editor.field('Path').fill('large-orders')

  await editor.drag('Filter', 0, 0)
  await expect(editor.step('filter')).toBeVisible()
  await editor.connect('hook', 'filter')
  await expect(editor.edge('hook', 'filter')).toBeAttached()
  await editor.field('Value of condition 1').fill('{{ hook.body.amount }}')
  await page.keyboard.press('Escape')
  await editor.choose('Comparison of condition 1', 'is greater than')
  await editor.field('Compare with of condition 1').fill('50')
  await page.keyboard.press('Escape')

  await editor.drag('HTTP request', 0, 200)
  await expect(editor.step('request')).toBeVisible()
  await editor.connect('filter', 'request')
  await expect(editor.edge('filter', 'request')).toBeAttached()
  await editor.choose('Method', 'POST')
  await editor.field('Address').fill(`${target.url}/ledger`)
  await page.keyboard.press('Escape')
  await editor.field('Body').fill('{{ hook.body }}')
  await page.keyboard.press('Escape')

  await editor.publish()
  await expect(page.getByText('Live: version 1')).toBeVisible()

  for (const amount of [49, 75]) {
    const response = await fetch(`${hooks}/hooks/large-orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ amount }),
    })
    expect(response.status).toBe(200)
  }
  await target.until((requests) => requests.length === 1)
  expect(target.requests).toMatchObject([{ method: 'POST', path: '/ledger', body: '{"amount":75}' }])

  await page.getByRole('link', { name: 'Runs' }).click()
  const runs = page.getByRole('row').filter({ hasText: 'Large orders' })
  await expect(runs).toHaveCount(2)
  await expect(runs.filter({ hasText: 'Succeeded' })).toHaveCount(2)
  await runs.first().getByRole('link').first().click()
  await expect(editor.step('request')).toContainText('OK')
  await editor.step('request').click()
  await expect(page.getByText(`"${target.url}/ledger"`).first()).toBeVisible()
  expect(target.requests).toHaveLength(1)

  await page.reload()
  await expect(editor.step('request')).toContainText('OK')
  await page.getByRole('link', { name: 'Zaps' }).click()
  await page.getByRole('link', { name: 'Large orders' }).click()
  await expect(editor.step('hook')).toContainText('/hooks/large-orders')
  await expect(editor.step('filter')).toContainText('amount > 50')
  await expect(editor.step('request')).toContainText('POST')
})

test('undo takes everything back to the blank zap, and redo brings all of it again', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Run by hand', 0, -150)
  await editor.drag('Show notification', 0, 100)
  await editor.connect('manual', 'notify')
  await editor.field('Title').fill('Hello')
  await page.keyboard.press('Escape')
  await expect(editor.step('notify')).toContainText('Hello')

  const undo = page.getByRole('button', { name: 'Undo' }).first()
  while (await undo.isEnabled()) await undo.click()
  await expect(page.locator('[data-step-id]')).toHaveCount(0)
  const redo = page.getByRole('button', { name: 'Redo' }).first()
  while (await redo.isEnabled()) await redo.click()
  await expect(editor.step('notify')).toContainText('Hello')
  await expect(editor.edge('manual', 'notify')).toBeAttached()
  await editor.saved()
})

test('a zap that is not finished cannot be published, and each problem leads to its field', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await editor.drag('Run by hand', 0, -150)
  await editor.drag('HTTP request', 0, 100)
  await editor.connect('manual', 'request')
  await editor.canvas.click({ position: { x: 30, y: 30 } })
  await editor.publish()
  const problems = page.getByLabel('Problems')
  await expect(problems).toBeVisible()
  await problems.getByRole('button').filter({ hasText: 'HTTP request' }).first().click()
  await expect(editor.field('Address')).toBeFocused()
})
