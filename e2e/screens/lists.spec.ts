import { accessible } from '../fixtures/accessible.ts'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { Editor } from '../pages/editor.ts'

test.use({ shares: true })

const zap = {
  format: 'hookline/zap@1',
  name: 'Best orders',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    {
      id: 'orders',
      uses: 'data.set',
      input: {
        fields: {
          list: [
            { id: 1, amount: 20 },
            { id: 2, amount: 70 },
            { id: 3, amount: 90 },
          ],
        },
      },
    },
    { id: 'sorted', uses: 'list.sort', input: { items: '{{ orders.list }}' } },
    {
      id: 'large',
      uses: 'list.filter',
      input: { items: '{{ sorted.items }}', all: [{ left: '{{ item.amount }}', op: 'gt', right: 30 }] },
    },
    { id: 'totals', uses: 'list.summarize', input: { items: '{{ large.items }}', fields: [{ as: 'count' }] } },
  ],
  edges: [
    { from: 'go', to: 'orders' },
    { from: 'orders', to: 'sorted' },
    { from: 'sorted', to: 'large' },
    { from: 'large', to: 'totals' },
  ],
}

test('lists are sorted, filtered and summed up by rows that a keyboard fills in', async ({ screens }) => {
  const { page } = screens
  await enableZap(screens.dataDir, 'best', zap)
  await page.getByRole('link', { name: 'Best orders' }).first().click()
  const editor = new Editor(page)

  await editor.step('sorted').click()
  const rows = editor.form.getByRole('group', { name: 'Sort by', exact: true })
  await rows.getByRole('combobox', { name: 'Field' }).fill('amount')
  await rows.getByRole('combobox', { name: 'Order' }).click()
  await page.getByRole('option', { name: 'Largest first' }).click()
  await rows.getByRole('button', { name: 'Add another field' }).click()
  const second = rows.getByRole('group', { name: 'Sort by: field 2' })
  await second.getByRole('combobox', { name: 'Field' }).fill('id')
  await rows.getByRole('button', { name: 'Move field 2 up' }).click()
  await expect(
    rows.getByRole('group', { name: 'Sort by: field 1' }).getByRole('combobox', { name: 'Field' }),
  ).toHaveValue('id')
  await rows.getByRole('button', { name: 'Remove field 1' }).click()
  await expect(rows.getByRole('combobox', { name: 'Field' })).toHaveValue('amount')
  await accessible(page, 'rows of fields to sort by')

  // What an item has is read in the rows.
  await editor.step('large').click()
  await expect(editor.form.getByRole('group', { name: 'Conditions', exact: true })).toBeVisible()
  await editor.form.getByRole('combobox', { name: 'Comparison of condition 1' }).click()
  await page.getByRole('option', { name: 'is at least' }).click()

  await editor.step('totals').click()
  const values = editor.form.getByRole('group', { name: 'Work out', exact: true })
  await values.getByRole('button', { name: 'Add another value' }).focus()
  await page.keyboard.press('Enter')
  const sum = values.getByRole('group', { name: 'Work out: value 2' })
  await expect(sum.getByRole('combobox', { name: 'What' })).toHaveText('Sum')
  await sum.getByRole('combobox', { name: 'Of the field' }).fill('amount')
  await sum.getByRole('textbox', { name: 'Called' }).fill('total')
  await accessible(page, 'rows of values to work out')
  await editor.publish()
  await page.getByRole('button', { name: 'Run now' }).click()
  const control = controlOf(page)
  await expect
    .poll(async () => {
      const run = (await control?.runs.list({}))?.runs[0]
      if (run?.status !== 'succeeded') return run?.status
      const { steps } = (await control?.runs.get({ id: run.id })) ?? { steps: [] }
      return steps.map(({ output }) => output).slice(2)
    })
    .toEqual([
      {
        items: [
          { id: 3, amount: 90 },
          { id: 2, amount: 70 },
          { id: 1, amount: 20 },
        ],
      },
      {
        items: [
          { id: 3, amount: 90 },
          { id: 2, amount: 70 },
        ],
        rest: [{ id: 1, amount: 20 }],
        count: 2,
      },
      { rows: [{ count: 2, total: 160 }] },
    ])
})
