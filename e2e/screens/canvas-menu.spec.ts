import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const THREE = {
  name: 'Three steps',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'three' } },
    { id: 'one', uses: 'data.set', name: 'One', input: { fields: { a: '1' } } },
    { id: 'two', uses: 'data.set', name: 'Two', input: { fields: { b: '2' } } },
  ],
  edges: [
    { from: 'hook', to: 'one' },
    { from: 'one', to: 'two' },
  ],
}

test('a right click offers what can be done with a step, several steps, a connection and the zap', async ({
  screens,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add(THREE)
  await new Zaps(page).open('Three steps')
  const item = (name: string) => page.getByRole('menu').getByRole('menuitem', { name })

  await editor.step('one').click({ button: 'right' })
  await expect(item('Duplicate')).toContainText(/D/)
  await accessible(page, 'menu of a step')
  await item('Disable').click()
  await expect(editor.step('one')).toContainText('Off')
  await expect(page.getByRole('menu')).toHaveCount(0)

  await editor.step('one').click({ button: 'right' })
  await item('Copy').click()
  await editor.canvas.click({ button: 'right', position: { x: 40, y: 40 } })
  await item('Paste').click()
  await expect(editor.step('one_2')).toBeVisible()

  await page.keyboard.press('ControlOrMeta+z')
  await expect(editor.step('one_2')).toHaveCount(0)
  await editor.edge('one', 'two').locator('.edge-add').click({ button: 'right' })
  await item('Delete the connection').click()
  await expect(editor.edge('one', 'two')).toHaveCount(0)

  await editor.canvas.click({ button: 'right', position: { x: 40, y: 40 } })
  await item('Select all steps').click()
  await editor.step('two').click({ button: 'right' })
  await item('Delete').click()
  await expect(page.locator('[data-step-id]')).toHaveCount(0)
})

test('the menu opens with the keyboard, and does what it says', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add(THREE)
  await new Zaps(page).open('Three steps')
  await editor.step('two').click()
  await editor.step('two').focus()
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menu', { name: 'What can be done with the step' })).toBeVisible()
  await page.getByRole('menuitem', { name: 'Rename' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Name of the step' })).toBeFocused()
  await page.keyboard.type('Second')
  await page.keyboard.press('Enter')
  await expect(editor.step('two')).toContainText('Second')
})
