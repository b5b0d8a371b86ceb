import { accessible } from '../fixtures/accessible.ts'
import { expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'

const relay = {
  format: 'hookline/zap@1',
  name: 'Orders',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'orders' } },
    { id: 'note', uses: 'data.set', input: { fields: { amount: '{{ hook.body.amount }}' } } },
  ],
  edges: [{ from: 'hook', to: 'note' }],
}

const json = { 'content-type': 'application/json' }

test('whatever comes appears while the person watches, with what became of it, and leads to its run', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await enableZap(screens.dataDir, 'orders', relay)
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await expect(page.getByText('Nothing has come yet')).toBeVisible()

  await fetch(`${hooks}/hooks/orders?from=shop`, { method: 'POST', headers: json, body: '{"amount":75,"for":"Ada"}' })
  const row = page.getByRole('row').filter({ hasText: '/hooks/orders' })
  await expect(row).toContainText('Accepted')
  await expect(row).toContainText('Orders')

  await row.getByRole('link').click()
  const request = page.getByRole('region', { name: 'Request', exact: true })
  await expect(request).toContainText('POST /hooks/orders?from=shop')
  await expect(request.getByRole('list', { name: 'Body' })).toContainText('Ada')
  await request.getByRole('tab', { name: 'Raw' }).click()
  await expect(request.getByRole('region', { name: 'Raw body' })).toHaveText('{"amount":75,"for":"Ada"}')
  await request.getByRole('tab', { name: 'Hex' }).click()
  await expect(request).toContainText('7b 22 61 6d 6f 75 6e 74')
  await request.getByRole('tab', { name: 'Headers' }).click()
  await expect(request).toContainText('application/json')
  await expect(request.getByRole('button', { name: 'Copy as curl' })).toBeVisible()
  await request.getByRole('link', { name: 'Open its run' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible()
})

test('what no zap took is explained, and becomes a zap that takes it', async ({ screens }) => {
  const { page, hooks } = screens
  const refused = await fetch(`${hooks}/hooks/shop/new`, { method: 'POST', headers: json, body: '{"n":1}' })
  expect(refused.status).toBe(404)
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await page.getByRole('combobox', { name: 'Verdict' }).click()
  await page.getByRole('option', { name: 'All that was refused' }).click()
  await page.getByRole('link', { name: 'Open POST /hooks/shop/new' }).click()
  const request = page.getByRole('region', { name: 'Request', exact: true })
  await expect(request).toContainText('No zap that is switched on listens')
  await request.getByRole('button', { name: 'Make a zap for this path' }).click()
  await page.getByRole('button', { name: 'Publish' }).click()
  await expect
    .poll(async () => (await fetch(`${hooks}/hooks/shop/new`, { method: 'POST', headers: json, body: '{}' })).status)
    .toBe(200)
})

test('an open request has no accessibility violation, and a payload stays text', async ({ screens }) => {
  const { page, hooks } = screens
  const html = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
  await fetch(`${hooks}/hooks/nowhere`, { method: 'POST', headers: { 'x-html': html }, body: html })
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await page.getByRole('link', { name: 'Open POST /hooks/nowhere' }).click()
  const request = page.getByRole('region', { name: 'Request', exact: true })
  await expect(request.getByRole('region', { name: 'Raw body' })).toHaveText(html)
  for (const part of ['Body', 'Headers']) {
    await request.getByRole('tab', { name: part }).click()
    await accessible(page, `request, ${part}`)
  }
  await expect(request.getByLabel('Headers').getByText(html)).toBeVisible()
  expect(await page.title()).not.toBe('1')
})
