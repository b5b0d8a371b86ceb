import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accessible } from '../fixtures/accessible.ts'
import { controlOf, expect, test } from '../fixtures/screens.ts'
import { enableZap } from '../fixtures/seeded-runs.ts'
import { Editor } from '../pages/editor.ts'

test.use({ shares: true })

/** A service whose answer a test may change. */
async function service() {
  const state = { status: 200, body: '[]' as string }
  const server = createServer((_, response) => {
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(state.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return { url: `http://127.0.0.1:${port}`, state, close: () => new Promise((resolve) => server.close(resolve)) }
}

test('the editor shows how polls go, and polls at once when it is asked to', async ({ screens }) => {
  const { page } = screens
  const api = await service()
  const zapId = await enableZap(screens.dataDir, 'orders', {
    format: 'hookline/zap@1',
    name: 'Orders',
    steps: [
      { id: 'new', uses: 'http.poll', input: { url: `${api.url}/orders`, key: 'id', every: '1h' } },
      { id: 'set', uses: 'data.set', input: { fields: { id: '{{ new.item.id }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await page.getByRole('link', { name: 'Orders' }).first().click()
  const editor = new Editor(page)
  await editor.step('new').click()
  const polls = editor.form.getByRole('region', { name: 'Polls' })
  await expect(polls).toContainText('Asks every 1h')
  await expect(polls).toContainText('Next poll')
  api.state.body = '[{"id":7}]'
  await polls.getByRole('button', { name: 'Poll now' }).click()
  await expect.poll(async () => (await controlOf(page)?.runs.list({ zapId }))?.runs.length).toBe(1)

  api.state.status = 503
  await polls.getByRole('button', { name: 'Poll now' }).click()
  await expect(polls.getByRole('alert')).toContainText('answered 503')
  await accessible(page, 'a trigger whose polls fail')
  api.state.status = 200
  await polls.getByRole('button', { name: 'Poll now' }).click()
  await expect(polls.getByRole('alert')).toHaveCount(0)
  await api.close()
})

test('a credential is tested on its screen: whose it is, or what is wrong with it', async ({ screens }) => {
  const { page } = screens
  const api = await service()
  api.state.body = '{"username":"ada"}'
  await page.getByRole('link', { name: 'Credentials', exact: true }).click()
  await page.getByRole('button', { name: 'New credential' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('phone')
  await dialog.getByRole('combobox', { name: 'Type' }).click()
  // Looked for by keyboard among all types, a typing mistake forgiven.
  await page.getByRole('combobox', { name: 'Types of credential' }).fill('lexoffice qq')
  await expect(page.getByRole('option', { name: 'Bearer token' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Types of credential' }).fill('ntyf')
  await expect(page.getByRole('option', { selected: true })).toHaveText('ntfy access token')
  await accessible(page, 'the types of credential')
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Access token').fill('tk_0123456789')
  await dialog.getByLabel('Server').fill(api.url)
  await dialog.getByRole('button', { name: 'Save credential' }).click()
  await page.getByRole('button', { name: 'Test phone' }).click()
  await expect(dialog).toContainText('The service takes it: it is that of ada.')
  await accessible(page, 'a credential that works')
  api.state.status = 401
  await dialog.getByRole('button', { name: 'Test again' }).click()
  await expect(dialog).toContainText('The service refuses it.')
  await dialog.getByRole('button', { name: 'Replace the secret' }).click()
  await expect(page.getByRole('dialog', { name: 'New secret for "phone"' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  // What shows the other zaps that use it is gone then, and leaves the focus with the first of them.
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    const steps = [{ id: 'tell', uses: 'ntfy.publish', input: { account: { $credential: 'phone' } } }]
    await controlOf(page)?.zaps.create({ draft: { format: 'hookline/zap@1', name: `Uses ${name}`, steps, edges: [] } })
  }
  await page.getByRole('button', { name: '3 more' }).press('Enter')
  await expect(page.getByRole('link', { name: /^Uses/ })).toHaveCount(5)
  await expect(page.getByRole('link', { name: /^Uses/ }).nth(2)).toBeFocused()

  // What is for no service in particular is tried where a person says.
  await page.getByRole('button', { name: 'New credential' }).click()
  await dialog.getByLabel('Name').fill('shop')
  await dialog.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Bearer token' }).click()
  await dialog.getByLabel('Token').fill('a-long-token')
  await dialog.getByRole('button', { name: 'Save credential' }).click()
  await page.getByRole('button', { name: 'Test shop' }).click()
  api.state.status = 200
  await dialog.getByLabel('Address to try it at').fill(`${api.url}/me`)
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('takes it (status 200)')
  await api.close()
})

test('a field of an app is chosen of what its service lists, searched, and may be any text all the same', async ({
  screens,
}) => {
  const { page } = screens
  const api = await service()
  api.state.body = JSON.stringify({
    username: 'ada',
    subscriptions: [{ topic: 'a8x', display_name: 'Alerts' }, { topic: 'backups' }],
  })
  const secret = JSON.stringify({ token: 'tk_0123456789' })
  const control = controlOf(page)
  await control?.credentials.set({ name: 'phone', type: 'ntfy', secret })
  await control?.credentials.set({ name: 'other', type: 'secret', secret: 'a-secret' })
  await enableZap(screens.dataDir, 'tell', {
    format: 'hookline/zap@1',
    name: 'Tell',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'tell', uses: 'ntfy.publish', input: { topic: 'x', message: 'Done', server: api.url } },
    ],
    edges: [{ from: 'go', to: 'tell' }],
  })
  await page.getByRole('link', { name: 'Tell' }).first().click()
  const editor = new Editor(page)
  await editor.step('tell').click()
  const { form } = editor
  await form.getByRole('combobox', { name: 'Account' }).click()
  await expect(page.getByRole('option')).toHaveText(['None', 'phone'])
  await page.getByRole('option', { name: 'None' }).click()
  await form.getByRole('button', { name: 'New' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect ntfy' })
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await expect(dialog.getByRole('radio', { name: 'Another account' })).toBeChecked()
  await accessible(page, 'the accounts of an app')
  await dialog.getByRole('radio', { name: 'phone' }).click()
  await dialog.getByRole('button', { name: 'Use this account' }).click()
  await expect(form.getByRole('combobox', { name: 'Account' })).toHaveText('phone')
  await form.getByRole('button', { name: 'Choose: Topic' }).click()
  const list = page.getByRole('dialog', { name: 'Choices for Topic' })
  await expect(list.getByRole('option')).toHaveText(['Alerts', 'backups'])
  await accessible(page, 'the choices of a service')
  await page.keyboard.type('ale')
  await page.keyboard.press('Enter')
  await expect(editor.field('Topic')).toHaveText('a8x')
  await expect(form.getByText('Alerts', { exact: true })).toBeVisible()

  api.state.status = 401
  await form.getByRole('button', { name: 'Choose: Topic' }).click()
  await list.getByRole('button', { name: 'Read the list again' }).click()
  await expect(list.getByRole('alert')).toContainText('The service refuses the account')
  await page.keyboard.press('Escape')
  await editor.field('Topic').fill('my-own')
  await expect(form.getByText('Alerts', { exact: true })).toHaveCount(0)
  await api.close()
})
