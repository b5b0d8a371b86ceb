import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('a path that is removed takes its connections along, and one undo brings both back', async ({ screens }) => {
  const { page } = screens
  const editor = new Editor(page)
  await new Zaps(page).add({
    name: 'Two ways',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'two-ways' } },
      {
        id: 'paths',
        uses: 'logic.paths',
        input: {
          paths: ['path-1', 'path-2'].map((id) => ({
            id,
            when: { all: [{ left: '{{ hook.body.kind }}', op: 'eq', right: id }] },
          })),
        },
      },
      { id: 'one', uses: 'data.set', input: { fields: { a: '1' } } },
      { id: 'two', uses: 'data.set', input: { fields: { a: '2' } } },
    ],
    edges: [
      { from: 'hook', to: 'paths' },
      { from: 'paths', port: 'path-1', to: 'one' },
      { from: 'paths', port: 'path-2', to: 'two' },
    ],
  })
  await new Zaps(page).open('Two ways')
  await editor.step('paths').click()
  await editor.path(1).getByRole('button', { name: 'Try path-1 later' }).click()
  await expect(editor.path(2).getByLabel('Name of path 2')).toHaveAttribute('placeholder', 'path-1')
  await expect(editor.edge('paths', 'one')).toBeAttached()

  await editor.path(2).getByRole('button', { name: 'Remove path-1 and its connections' }).click()
  await expect(editor.edge('paths', 'one')).toHaveCount(0)
  await expect(editor.edge('paths', 'two')).toBeAttached()
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(editor.edge('paths', 'one')).toBeAttached()
  await expect(editor.path(2)).toBeVisible()
})
