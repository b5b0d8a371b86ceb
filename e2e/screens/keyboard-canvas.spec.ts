import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const LOOSE = {
  name: 'Loose ends',
  steps: [
    { id: 'hook', uses: 'webhook.catch', name: 'Order', input: { path: 'loose' } },
    { id: 'loop', uses: 'logic.for-each', name: 'Each line', input: { items: '{{ hook.body.lines }}' } },
    { id: 'price', uses: 'data.set', name: 'Price', input: { fields: { price: '1' } } },
    { id: 'sum', uses: 'data.set', name: 'Sum', input: { fields: { all: '2' } } },
  ],
  edges: [{ from: 'hook', to: 'loop' }],
}

test('steps are connected and disconnected with the keyboard alone, from the output that is meant', async ({
  screens,
}) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).addDraft(LOOSE)
  await new Zaps(page).open('Loose ends')
  await editor.step('loop').focus()
  await page.keyboard.press('c')
  const search = page.getByRole('dialog', { name: 'Connect Each line' })
  await expect(search.getByRole('option', { name: /Order/ })).toHaveCount(0)
  await page.keyboard.type('price')
  await expect(search.getByRole('option')).toHaveCount(2)
  await page.keyboard.press('Enter')
  await expect(editor.edge('loop', 'price')).toContainText('each')
  const said = page.locator('[data-announcer]')
  await expect(said).toHaveText('Connected Each line (each) → Price')
  await expect(search).toHaveCount(0)
  await expect(editor.step('loop')).toBeFocused()

  await page.keyboard.press('c')
  await page.keyboard.type('sum')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(editor.edge('loop', 'sum')).toContainText('done')
  // Said before the next change: two within a moment that undo each other are nothing to tell of.
  await expect(said).toHaveText('Connected Each line (done) → Sum')
  await expect(editor.step('loop')).toBeFocused()

  await page.keyboard.press('c')
  await search.getByRole('option', { name: /done.*Sum/ }).click()
  await expect(editor.edge('loop', 'sum')).toHaveCount(0)
  await expect(said).toHaveText('Disconnected Each line (done) → Sum')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(said).toHaveText('Undone: Disconnected two steps')
  await page.keyboard.press('Delete')
  await expect(said).toHaveText('Removed Each line')
})

test('the outline tells the zap as a list, and leads to each step', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add({
    ...LOOSE,
    name: 'In order',
    edges: [...LOOSE.edges, { from: 'loop', port: 'done', to: 'sum' }, { from: 'loop', port: 'each', to: 'price' }],
  })
  await new Zaps(page).open('In order')
  await editor.step('hook').focus()
  await page.keyboard.press('o')
  const lines = page.getByRole('tree', { name: 'What the zap consists of' }).getByRole('treeitem')
  await expect(lines).toHaveText([/Order/, /Each line/, /each →Price/, /done →Sum/])
  await expect(lines.nth(2)).toHaveAttribute('aria-level', '2')
  await expect(lines.first()).toBeFocused()
  await accessible(page, 'outline')

  await page.keyboard.press('End')
  await expect(lines.nth(3)).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(lines.nth(1)).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(editor.step('price')).toBeFocused()
  await expect(lines.nth(2)).toHaveAttribute('aria-selected', 'true')
  await expect(editor.form).toContainText('price')

  await page.getByRole('button', { name: 'Add steps' }).click()
  await expect(page.getByRole('complementary', { name: 'Steps to add' })).toContainText('Triggers')
})
