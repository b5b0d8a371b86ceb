import { accessible } from '../fixtures/accessible.ts'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const ORDERS = {
  name: 'Orders',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'set', uses: 'data.set', input: { fields: { a: 1 } } },
  ],
  edges: [{ from: 'go', to: 'set' }],
}

test('the editor of a zap that is deleted elsewhere says so, and brings it back', async ({ screens }) => {
  const { page } = screens
  const control = controlOf(page)
  await new Zaps(page).addDraft(ORDERS)
  await new Zaps(page).open('Orders')
  const editor = new Editor(page)
  await editor.saved()
  const id = (await control?.zaps.list())?.find(({ name }) => name === 'Orders')?.id ?? ''

  await control?.zaps.remove({ id })
  await expect(page.getByRole('alert')).toContainText('This zap was deleted')
  await expect(page.getByRole('button', { name: 'Run now' })).toHaveCount(0)
  await accessible(page, 'an editor whose zap was deleted')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(editor.step('set')).toBeVisible()
  expect((await control?.zaps.get({ id }))?.name).toBe('Orders')

  // Brought back elsewhere, it is there again by itself; deleted again, the way to the others is open.
  await control?.zaps.remove({ id })
  await expect(page.getByRole('alert')).toContainText('This zap was deleted')
  await control?.zaps.restore({ id })
  await expect(editor.step('set')).toBeVisible()
  await control?.zaps.remove({ id })
  await page.getByRole('button', { name: 'Go to all zaps' }).click()
  await expect(page).toHaveURL(/\/zaps$/)
})

test('a conflict makes way for the deletion, and what was not saved is kept until the zap is back', async ({
  screens,
}) => {
  const { page } = screens
  const control = controlOf(page)
  await new Zaps(page).addDraft(ORDERS)
  await new Zaps(page).open('Orders')
  const editor = new Editor(page)
  await editor.saved()
  const id = (await control?.zaps.list())?.find(({ name }) => name === 'Orders')?.id ?? ''

  // The save is on its way while the draft is saved elsewhere.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 1_000)
  const name = page.getByRole('textbox', { name: 'Name of the zap' })
  await name.fill('Mine')
  await name.press('Enter')
  const there = await control?.zaps.get({ id })
  if (there === undefined) throw new Error('no zap')
  await control?.zaps.saveDraft({ id, baseRevision: there.draftRevision, draft: { ...there.draft, name: 'Theirs' } })
  await page.clock.resume()
  const conflict = page.getByRole('dialog', { name: 'This zap was changed elsewhere' })
  await expect(conflict).toBeVisible()

  await control?.zaps.remove({ id })
  await expect(conflict).toHaveCount(0)
  await expect(page.getByRole('alert')).toContainText('Your last changes were not saved')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await conflict.getByRole('button', { name: 'Keep mine' }).click()
  await editor.saved()
  expect((await control?.zaps.get({ id }))?.name).toBe('Mine')
})
