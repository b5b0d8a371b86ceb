import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'

test.use({ shares: true })

test('a template is found, chosen by the keyboard, and opens in the editor, ready to publish', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'From a template…' }).click()
  const gallery = page.getByRole('dialog', { name: 'New zap from a template' })
  const cards = gallery.getByRole('listitem').getByRole('button')
  await expect(cards).toHaveCount(30)
  await accessible(page, 'templates in light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(page, 'templates in dark')

  const search = gallery.getByRole('searchbox', { name: 'Search templates' })
  await expect(search).toBeFocused()
  await search.fill('no template is called this')
  await expect(gallery).toContainText('No template is about that')
  await search.fill('webhook file')
  await expect(cards.first()).toContainText('Keep every webhook in a file')
  await page.keyboard.press('ArrowDown')
  await expect(cards.first()).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(cards.nth(1)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')

  await expect(editor.step('note')).toContainText('Write it down')
  await expect(gallery).toHaveCount(0)
  await editor.publish()
  await expect(page.getByText('Live: version 1')).toBeVisible()
})
