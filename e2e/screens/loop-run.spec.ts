import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

test('the rounds of a loop are counted, and each can be looked at', async ({ screens }) => {
  const { page, hooks } = screens
  const runs = new Runs(page)
  const editor = new Editor(page)
  await new Zaps(page).add({
    name: 'Every line',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'lines' } },
      {
        id: 'loop',
        uses: 'logic.for-each',
        name: 'Each line',
        input: { items: '{{ hook.body.lines }}', onItemError: 'collect' },
      },
      { id: 'price', uses: 'data.set', name: 'Price', input: { fields: { price: '{{ item.price }}' } } },
      { id: 'sum', uses: 'data.set', name: 'Sum', input: { fields: { all: '{{ loop.results }}' } } },
    ],
    edges: [
      { from: 'hook', to: 'loop' },
      { from: 'loop', port: 'each', to: 'price' },
      { from: 'loop', port: 'done', to: 'sum' },
    ],
  })
  await send(hooks, 'lines', { lines: [{ price: 1 }, { price: 2 }, {}, { price: 4 }] })
  await runs.show()
  await expect(runs.rows('Every line').filter({ hasText: 'Succeeded' })).toHaveCount(1)
  await runs.openNewest('Every line')
  await expect(editor.step('price')).toContainText('3 ok · 1 failed')
  await expect(editor.step('sum')).toContainText('OK')

  // The round that failed tells most, and shows first.
  await expect(runs.timeline.getByRole('combobox', { name: 'Round of Each line' })).toContainText('Item 3')
  await expect(runs.panel).toContainText('Failed')
  await runs.timeline.getByRole('button', { name: 'Round after' }).click()
  await expect(runs.timeline.getByRole('combobox', { name: 'Round of Each line' })).toContainText('Item 4')
  await expect(runs.panel.getByRole('combobox', { name: 'Round' })).toContainText('Item 4')
  await runs.panel.getByRole('tab', { name: 'Output' }).click()
  await expect(runs.panel.getByRole('list', { name: 'Output' })).toContainText('4')
})
