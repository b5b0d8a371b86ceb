import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const START = { name: 'Palette', steps: [{ id: 'hand', uses: 'manual.run', input: {} }], edges: [] }

test('groups, apps and a search that never ends in nothing lead to steps, by mouse and by keyboard', async ({
  screens,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  const { palette } = editor
  await new Zaps(page).addDraft(START)
  await new Zaps(page).open('Palette')
  await expect(editor.step('hand')).toBeVisible()

  // By mouse: a group slides in, and out again.
  await palette.getByRole('button', { name: /^Lists/ }).click()
  await expect(palette.getByRole('heading', { name: 'Lists' })).toBeVisible()
  await accessible(page, 'a group of the palette')
  await palette.getByRole('button', { name: 'Sort a list' }).click()
  await expect(editor.step('sort')).toBeVisible()
  await palette.getByRole('button', { name: 'All steps' }).click()
  await expect(palette.getByRole('button', { name: /^Lists/ })).toBeFocused()

  // An app has its account, its steps and a call of anything else.
  await palette.getByRole('region', { name: 'Apps' }).getByRole('button', { name: 'ntfy', exact: true }).click()
  await expect(palette.getByRole('region', { name: 'Starts a zap' })).toContainText('Asks every')
  await expect(palette.getByRole('button', { name: 'Call any other address' })).toBeVisible()
  await palette.getByRole('button', { name: 'Favourite' }).click()
  await accessible(page, 'the page of an app')

  // By keyboard: back, down the grid of tiles, and typing anywhere begins a search.
  await palette.getByRole('button', { name: 'All apps' }).focus()
  await page.keyboard.press('Backspace')
  const tile = palette.getByRole('region', { name: 'Apps' }).getByRole('button', { name: 'ntfy', exact: true })
  await expect(tile).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(palette.getByRole('region', { name: 'Built in' }).locator(':focus')).toHaveCount(1)
  await page.keyboard.type('sned wbhook')
  const search = palette.getByRole('searchbox')
  await expect(search).toHaveValue('sned wbhook')
  await expect(palette).toContainText('Showing results for send webhook')
  await expect(palette.locator('mark')).not.toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await expect(palette.getByRole('button', { name: 'Send a signed webhook' })).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect(editor.step('send')).toBeVisible()
  await expect(palette.getByRole('button', { name: 'Send a signed webhook' })).toBeFocused()

  // Nothing is called that: the nearest, and what works with any service, named after the search.
  await page.keyboard.press('/')
  await page.keyboard.type('lexoffice quux')
  await expect(palette).toContainText('No step is called lexoffice quux.')
  await expect(palette.getByRole('region', { name: 'Nearest' }).getByRole('listitem')).toHaveCount(3)
  await accessible(page, 'a search that found nothing')
  await palette
    .getByRole('region', { name: 'Works with any service' })
    .getByRole('button', { name: 'HTTP request' })
    .click()
  await expect(editor.step('request')).toContainText('lexoffice quux')

  // In a narrow window it is a strip that unfolds over the canvas, and folds when it was used.
  await page.setViewportSize({ width: 1024, height: 768 })
  await expect(palette).toHaveCount(0)
  await page.getByRole('button', { name: 'Add steps' }).click()
  await expect(palette.getByRole('searchbox')).toBeFocused()
  await accessible(page, 'the palette over the canvas')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Add steps' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.type('filter')
  await page.keyboard.press('Enter')
  await expect(editor.step('filter')).toBeVisible()
  await expect(palette).toHaveCount(0)
})
