import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

const LINES = Array.from({ length: 10_000 }, (_, n) => ({
  sku: `SKU-${n}`,
  price: n % 90,
  stock: n % 7 === 0 ? null : n,
}))

test('an output is looked at as schema, table, JSON and raw, searched, and copied', async ({ screens }) => {
  const { page, hooks } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await zaps.add({
    name: 'Stock',
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'stock' } },
      { id: 'keep', uses: 'data.set', name: 'Keep', input: { fields: { first: '{{ hook.body[0].sku }}' } } },
    ],
    edges: [{ from: 'hook', to: 'keep' }],
  })
  await send(hooks, 'stock', LINES)
  await zaps.open('Stock')
  await editor.step('hook').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  const output = editor.form.getByRole('region', { name: 'Output', exact: true })
  await expect(output).toContainText('10000 items')
  // Too large for the database: the run on the canvas knows it by reference, and the screen fetches it whole.
  await send(hooks, 'stock', LINES)
  await expect(editor.form).toContainText('From the run on the canvas.')
  await expect(output).toContainText('10000 items')

  await output.getByRole('radio', { name: 'Table' }).click()
  await expect(output).toContainText('10,000 rows of hook.body')
  const rows = output.getByRole('table', { name: 'Output' }).getByRole('row')
  await expect(rows.filter({ hasText: 'SKU-0' })).toBeVisible()
  expect(await rows.count()).toBeLessThan(80)
  await output.getByRole('region', { name: 'Output, scrollable' }).focus()
  await page.keyboard.press('End')
  await expect(rows.filter({ hasText: 'SKU-9999' })).toBeVisible()
  await output.getByRole('searchbox').fill('SKU-1234')
  await expect(output.getByRole('status')).toHaveText('1 found')
  await rows.filter({ hasText: 'SKU-1234' }).getByRole('button', { name: 'Copy path of row 1234' }).click()
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('hook.body[1234]')
  await accessible(page, 'output as a table')

  await output.getByRole('radio', { name: 'JSON' }).click()
  await expect(output.getByRole('list', { name: 'Output' })).toContainText('"SKU-1234"')
  await output.getByText('"SKU-1234"').hover()
  await output.getByRole('button', { name: 'Copy value of hook.body[1234].sku' }).click()
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('SKU-1234')
  await output.getByRole('searchbox').fill('')
  await output.getByRole('radio', { name: 'Schema' }).click()
  await expect(output.getByRole('list', { name: 'Output' })).toContainText('number or nothing')
  await accessible(page, 'output as a schema')
  await output.getByRole('radio', { name: 'Raw' }).click()
  await output.getByRole('searchbox').fill('"SKU-42"')
  await expect(output.getByRole('status')).toHaveText('1 found')

  const runs = new Runs(page)
  await runs.show()
  await runs.openNewest('Stock')
  await page.locator('[data-step-id="hook"]').click()
  await page.getByRole('radio', { name: 'JSON' }).click()
  await expect(page.getByRole('region', { name: 'Output', exact: true })).toContainText('10000 items')
  await page.locator('[data-step-id="keep"]').click()
  await expect(page.getByRole('region', { name: 'Output', exact: true })).toContainText('SKU-0')
})

test('an output is pinned and edited, and tests take it in place of running its step', async ({ screens, target }) => {
  const { page } = screens
  const editor = new Editor(page)
  const zaps = new Zaps(page)
  await zaps.add({
    name: 'Pins',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'ask', uses: 'http.request', name: 'Ask', input: { method: 'GET', url: `${target.url}/ask` } },
      { id: 'keep', uses: 'data.set', name: 'Keep', input: { fields: { status: '{{ ask.status }}' } } },
    ],
    edges: [
      { from: 'go', to: 'ask' },
      { from: 'ask', to: 'keep' },
    ],
  })
  await zaps.open('Pins')
  await editor.step('ask').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Test this step' }).click()
  await expect(editor.form).toContainText('From the run on the canvas.')
  await target.until((requests) => requests.length === 1)

  await editor.form.getByRole('button', { name: 'Edit and pin…' }).click()
  const written = editor.form.getByRole('textbox', { name: 'Output to pin' })
  await written.fill('{ "status": 418 }')
  await editor.form.getByRole('button', { name: 'Pin', exact: true }).click()
  await expect(editor.step('ask').locator('[data-badge="pinned"]')).toHaveText('Pinned')
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('418')
  await accessible(page, 'pinned output')

  await editor.step('keep').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Run up to here' }).click()
  await expect(editor.form.getByRole('list', { name: 'Output' })).toContainText('418')
  expect(target.requests).toHaveLength(1)

  await editor.step('ask').click()
  await editor.form.getByRole('tab', { name: 'Test' }).click()
  await editor.form.getByRole('button', { name: 'Unpin' }).click()
  await expect(editor.step('ask').locator('[data-badge="pinned"]')).toHaveCount(0)
})
