import { mkdir, realpath } from 'node:fs/promises'
import { controlOf, expect, test } from '../fixtures/screens.ts'

/** What is changed by another program, as by the command line, while a screen shows it. */

test('a setting that is changed elsewhere shows at once, but never over what is being typed', async ({ screens }) => {
  const { page } = screens
  const control = controlOf(page)
  const set = (key: string, value: number | string) => control?.settings.set({ key, value })
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const days = page.locator('#webhooks-keepDays')
  await expect(days).not.toHaveValue('')
  await set('webhooks.keepDays', 55)
  await expect(days).toHaveValue('55')

  // Entered and left as it was found: the value of then stays while the person is in it, and makes way afterwards.
  await days.focus()
  const stuck = page.locator('#incidents-stuckAfterMinutes')
  await set('webhooks.keepDays', 56)
  await set('incidents.stuckAfterMinutes', 77)
  await expect(stuck).toHaveValue('77')
  await expect(days).toHaveValue('55')
  await stuck.focus()
  await expect(days).toHaveValue('56')

  await days.fill('12')
  await page.getByRole('searchbox').focus()
  await set('webhooks.keepDays', 57)
  await set('incidents.stuckAfterMinutes', 78)
  await expect(stuck).toHaveValue('78')
  await expect(days).toHaveValue('12')
  await page.locator('form').filter({ has: days }).getByRole('button', { name: 'Save' }).click()
  await expect
    .poll(async () => (await control?.settings.list())?.find(({ key }) => key === 'webhooks.keepDays')?.value)
    .toBe(12)
  await set('webhooks.keepDays', 58)
  await expect(days).toHaveValue('58')
})

test('credentials show as they are stored and deleted elsewhere, with the zaps that use them', async ({ screens }) => {
  const { page } = screens
  const control = controlOf(page)
  await page.getByRole('link', { name: 'Credentials', exact: true }).click()
  await expect(page.getByText('No credentials yet')).toBeVisible()
  await control?.credentials.set({ name: 'shop', type: 'secret', secret: 'a secret' })
  const row = page.getByRole('row').filter({ hasText: 'shop' })
  await expect(row).toContainText('Any host')
  await control?.credentials.setHosts({ name: 'shop', hosts: ['shop.example'] })
  await expect(row).toContainText('shop.example')
  const { id } = (await control?.zaps.create({
    draft: {
      format: 'hookline/zap@1',
      name: 'Orders',
      steps: [
        { id: 'get', uses: 'http.request', input: { url: 'https://shop.example', auth: { $credential: 'shop' } } },
      ],
      edges: [],
    },
  })) ?? { id: '' }
  await expect(row.getByRole('link', { name: 'Orders' })).toHaveAttribute('href', `#/zaps/${id}`)
  await row.getByRole('button', { name: 'Rename shop' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('Shop of Ada')
  await page.keyboard.press('Enter')
  await expect(row).toContainText('Shop of Ada')
  await control?.zaps.remove({ id })
  await expect(row).toContainText('No zap')
  await control?.credentials.remove({ name: 'shop' })
  await expect(page.getByText('No credentials yet')).toBeVisible()
})

test('folders, browsers and the tunnel show as they are changed elsewhere', async ({
  face,
  screens,
  browser,
  folder,
}) => {
  const { page } = screens
  const control = controlOf(page)
  test.skip(face === 'desktop', 'only the headless host shows its screens to browsers')
  await page.getByRole('link', { name: 'Settings', exact: true }).click()

  await mkdir(`${folder}/reports`)
  const path = await realpath(`${folder}/reports`)
  const folders = page.getByRole('list', { name: 'Folders for steps' })
  await expect(folders.getByRole('listitem')).toHaveCount(1)
  await control?.files.allow({ path, sure: true })
  await expect(folders).toContainText(path)
  await control?.files.disallow({ path })
  await expect(folders).not.toContainText(path)

  const sessions = page.getByRole('list', { name: 'Sessions', exact: true }).getByRole('listitem')
  await expect(sessions).toHaveCount(1)
  const other = await browser.newPage()
  await other.goto((await control?.sessions.openAddress())?.ui ?? '')
  await expect(sessions).toHaveCount(2)
  await expect(sessions.nth(1)).toContainText('connected now')
  await other.context().close()
  await expect(sessions.filter({ hasText: 'last seen' })).toHaveCount(1)
  const gone = (await control?.sessions.list())?.find(({ screens: count }) => count === 0)
  await control?.sessions.end({ id: gone?.id ?? '' })
  await expect(sessions).toHaveCount(1)

  const tunnel = page.getByRole('region', { name: 'Tunnel' })
  await control?.tunnel.configure({ isOn: false, way: { provider: 'manual', url: 'https://one.example' } })
  const address = tunnel.getByRole('textbox', { name: 'Public address' })
  await expect(address).toHaveValue('https://one.example')
  await address.fill('https://mine.example')
  await control?.tunnel.configure({ isOn: false, way: { provider: 'cloudflared' } })
  await control?.settings.set({ key: 'webhooks.keepDays', value: 41 })
  await expect(page.locator('#webhooks-keepDays')).toHaveValue('41')
  await expect(address).toHaveValue('https://mine.example')
})
