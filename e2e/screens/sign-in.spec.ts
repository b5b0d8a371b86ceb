import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accessible } from '../fixtures/accessible.ts'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { startStrictProvider } from '../fixtures/strict-provider.ts'

test.use({ shares: true })

test('a person signs in at a strict provider, takes the consent back, and runs wait for the next sign-in', async ({
  screens,
}) => {
  const { page } = screens
  const provider = await startStrictProvider()
  const calls: (string | undefined)[] = []
  const api = createServer((request, response) => {
    calls.push(request.headers.authorization)
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => api.once('listening', resolve))
  const { port } = api.address() as AddressInfo // it listens on a port

  await page.getByRole('link', { name: 'Credentials', exact: true }).click()
  await page.getByRole('button', { name: 'New credential' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('calendar')
  await dialog.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'OAuth2' }).click()
  await dialog.getByLabel('Token address').fill(`${provider.url}/token`)
  await dialog.getByLabel('Client id').fill('hookline')
  await dialog.getByLabel('Sign-in address').fill(`${provider.url}/auth`)
  await dialog.getByLabel('Scopes').fill('openid email')

  /** Logs in and agrees in the window that opens. */
  async function agree(open: () => Promise<void>): Promise<void> {
    const [popup] = await Promise.all([page.waitForEvent('popup'), open()])
    const login = popup.getByPlaceholder('Enter any login')
    // A browser that is known is only asked to agree.
    await expect(login.or(popup.getByRole('button', { name: 'Continue' }))).toBeVisible()
    if (await login.isVisible()) {
      await login.fill('ada')
      await popup.getByPlaceholder('and password').fill('anything')
      await popup.getByRole('button', { name: 'Sign-in' }).click()
    }
    await popup.getByRole('button', { name: 'Continue' }).click()
    await expect(popup.getByRole('heading')).toHaveText('Signed in as ada@example.com')
    await popup.close()
  }
  await agree(() => dialog.getByRole('button', { name: 'Save and sign in' }).click())
  await expect(page.getByRole('dialog', { name: 'Signed in' })).toContainText('Signed in as ada@example.com')
  await accessible(page, 'a sign-in that is done')
  await page.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row', { name: /calendar/ })
  await expect(row).toContainText('ada@example.com')

  await enableZap(screens.dataDir, 'sync', {
    format: 'hookline/zap@1',
    name: 'Sync',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'get',
        uses: 'http.request',
        input: { url: `http://127.0.0.1:${port}/`, auth: { $credential: 'calendar' } },
      },
    ],
    edges: [{ from: 'go', to: 'get' }],
  })
  const control = controlOf(page)
  const id = (await control?.zaps.list())?.find(({ name }) => name === 'Sync')?.id ?? ''
  const run = () => control?.zaps.run({ id, source: 'live', input: {} })
  await run()
  await expect.poll(() => calls).toHaveLength(1)

  await provider.withdraw()
  await run()
  await expect(row.getByRole('button', { name: 'Reconnect calendar' })).toBeVisible()
  await expect(row).toContainText('1 run waits')
  await accessible(page, 'a credential that was withdrawn')
  await agree(() => row.getByRole('button', { name: 'Reconnect calendar' }).click())
  await expect.poll(() => calls).toHaveLength(2)
  expect(new Set(calls).size).toBe(2)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(row.getByRole('button', { name: 'Reconnect calendar' })).toHaveCount(0)
  await provider.stop()
  await new Promise((resolve) => api.close(resolve))
})
