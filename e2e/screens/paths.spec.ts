import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test('a person builds a zap with two ways out, and sees which way each event went', async ({ screens, target }) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const runs = new Runs(page)
  await page.getByRole('button', { name: 'New zap' }).click()
  await page.getByRole('menuitem', { name: 'Blank zap' }).click()
  await page.getByRole('textbox', { name: 'Name of the zap' }).fill('Sorted orders')

  await editor.drag('Catch webhook', 0, -220)
  await editor.field('Path').fill('sorted')
  await editor.drag('Paths', 0, -60)
  await editor.connect('hook', 'paths')
  await expect(editor.edge('hook', 'paths')).toBeAttached()
  const large = editor.path(1)
  await large.getByLabel('Name of path 1').fill('Large')
  await large.getByLabel('Name of path 1').press('Enter')
  await large.getByRole('textbox', { name: 'Value of condition 1' }).fill('{{ hook.body.amount }}')
  await page.keyboard.press('Escape')
  await editor.choose('Comparison of condition 1', 'is greater than')
  await large.getByRole('textbox', { name: 'Compare with of condition 1' }).fill('50')
  await page.keyboard.press('Escape')

  await editor.drag('HTTP request', -150, 120)
  await editor.choose('Method', 'POST')
  await editor.field('Address').fill(`${target.url}/large`)
  await page.keyboard.press('Escape')
  await editor.connect('paths', 'request', 'path-1')
  await editor.drag('Set data', 150, 120)
  await editor.form.getByRole('button', { name: 'Add a row' }).click()
  await editor.field('Values: name 1').fill('small')
  await editor.field('Values: value of small').fill('{{ hook.body.amount }}')
  await page.keyboard.press('Escape')
  await editor.connect('paths', 'fields', 'else')
  await expect(editor.edge('paths', 'request')).toContainText('Large')
  await expect(editor.edge('paths', 'fields')).toContainText(/else/i)

  await editor.publish()
  await expect(page.getByText('Live: version 1')).toBeVisible()
  await send(hooks, 'sorted', { amount: 75 })
  await runs.show()
  await expect(runs.rows('Sorted orders').filter({ hasText: 'Succeeded' })).toHaveCount(1)
  await send(hooks, 'sorted', { amount: 5 })
  await expect(runs.rows('Sorted orders').filter({ hasText: 'Succeeded' })).toHaveCount(2)
  expect(target.requests.map((request) => request.path)).toEqual(['/large'])

  await runs.openNewest('Sorted orders')
  await expect(editor.step('fields')).toContainText('OK')
  await expect(editor.step('request')).toContainText('Skipped')
  await runs.show()
  await runs.rows('Sorted orders').nth(1).getByRole('link').click()
  await expect(editor.step('request')).toContainText('OK')
  await expect(editor.step('fields')).toContainText('Skipped')
})

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
