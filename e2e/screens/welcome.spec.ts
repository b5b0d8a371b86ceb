import { expect, test } from '../fixtures/screens.ts'

test('the welcome zap shows its curl line, and firing it makes the run appear while the person watches', async ({
  screens,
}) => {
  const { page, hooks } = screens
  await expect(page.getByText(`${hooks}/hooks/welcome`).first()).toBeVisible()
  const response = await fetch(`${hooks}/hooks/welcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada","amount":75}',
  })
  expect(response.status).toBe(200)
  await expect(page.getByText('Succeeded').first()).toBeVisible()
})

test('the button on the welcome card fires it as well', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('button', { name: 'Send it for me' }).click()
  await expect(page.getByText('Succeeded').first()).toBeVisible()
})

test('pausing everything answers senders 503, and shows it; resuming takes it back', async ({ screens }) => {
  const { page, hooks } = screens
  const send = async (): Promise<number> =>
    (await fetch(`${hooks}/hooks/welcome`, { method: 'POST', body: '{}' })).status
  await page.getByRole('button', { name: 'Pause all' }).click()
  await expect(page.getByRole('button', { name: 'Resume all' })).toBeVisible()
  expect(await send()).toBe(503)
  await page.getByRole('button', { name: 'Resume all' }).click()
  await expect(page.getByRole('button', { name: 'Pause all' })).toBeVisible()
  expect(await send()).toBe(200)
})

test('a deleted zap can be brought back at once', async ({ screens }) => {
  const { page } = screens
  await page.getByRole('button', { name: 'Actions for Welcome to Hookline' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('link', { name: 'Welcome to Hookline' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'Welcome to Hookline' })).toBeVisible()
})
