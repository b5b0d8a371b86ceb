import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const ORDERS = {
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'versions' } },
    { id: 'set', uses: 'data.set', name: 'Keep', input: { fields: { total: '{{ hook.body.total }}' } } },
  ],
  edges: [{ from: 'hook', to: 'set' }],
}

test('what the draft changes is seen before it is published, and an older version is brought back', async ({
  screens,
}) => {
  const { page } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.add(ORDERS)
  await zaps.open('Orders')
  await editor.step('set').click()
  await page.keyboard.press('Delete')
  await expect(editor.step('set')).toHaveCount(0)
  await editor.saved()

  const versions = page.getByRole('dialog', { name: 'Versions' })
  await page.getByRole('button', { name: 'Versions: v1 edited' }).click()
  await expect(versions.getByRole('list', { name: 'Changes' })).toContainText('Keep')
  await expect(versions.locator('[data-step-id="set"]')).toContainText('Removed')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Other ways to go live' }).click()
  await page.getByRole('menuitem', { name: 'Publish with a name…' }).click()
  await page.getByRole('textbox', { name: 'Name of the version' }).fill('Without keeping')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Versions: v2' }).click()
  await expect(versions.getByRole('button', { name: /Without keeping.*Version 2/ })).toBeVisible()
  await expect(versions.getByRole('list', { name: 'Changes' })).toContainText('Nothing changed.')
  await versions.getByRole('button', { name: /Version 1/ }).click()
  await versions.getByRole('button', { name: 'Name it…' }).click()
  await page.getByRole('textbox', { name: 'Name of the version' }).fill('The first')
  await page.keyboard.press('Enter')
  await expect(versions.getByRole('button', { name: /The first.*Version 1/ })).toBeVisible()
  await versions.getByRole('button', { name: 'Make it the draft' }).click()
  await expect(editor.step('set')).toBeVisible()
  await editor.saved()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(editor.step('set')).toHaveCount(0)
})

test('the history names each step of work, and leads back and forth over many at once', async ({ screens }) => {
  const { page } = screens
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.add({ ...ORDERS, name: 'History' })
  await zaps.open('History')
  await editor.step('set').click()
  await page.keyboard.press('d')
  await page.keyboard.press('ControlOrMeta+d')
  await page.keyboard.press('Delete')
  await expect(page.locator('[data-step-id]')).toHaveCount(2)

  await page.getByRole('button', { name: 'History', exact: true }).click()
  const list = page.getByRole('dialog', { name: 'History' })
  await expect(list.getByRole('button')).toHaveText([
    'Removed Keep',
    'Added Keep',
    'Keep: switched off',
    'As the zap was opened',
  ])
  await list.getByRole('button', { name: 'As the zap was opened' }).click()
  await expect(editor.step('set')).not.toContainText('Off')
  await list.getByRole('button', { name: 'Added Keep' }).click()
  await expect(page.locator('.react-flow__node')).toHaveCount(3)
})
