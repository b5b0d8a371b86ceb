import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accessible } from '../fixtures/accessible.ts'
import { drop } from '../fixtures/drop.ts'
import { expect, test } from '../fixtures/screens.ts'
import { startStrictProvider } from '../fixtures/strict-provider.ts'
import { Editor } from '../pages/editor.ts'
import { Runs } from '../pages/runs.ts'
import { send, Zaps } from '../pages/zaps.ts'

test.use({ shares: true })

/** A service that keeps rows in sheets, for those who have signed in. */
async function startSheets() {
  const rows: Record<string, unknown>[] = []
  const tokens: (string | undefined)[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const isKnown = headers.authorization?.startsWith('Bearer ') === true
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
    if (!isKnown || method === 'GET') {
      response.end(isKnown ? '[{"id":"s-1","name":"Plans"},{"id":"s-2","name":"Guests"}]' : '{}')
      return
    }
    tokens.push(headers.authorization)
    rows.push({ sheet: url.split('/')[2], ...JSON.parse(body) })
    response.end(JSON.stringify({ number: rows.length }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return { url: `http://127.0.0.1:${port}`, rows, tokens, stop: () => new Promise((resolve) => server.close(resolve)) }
}

const description = (url: string, provider: string): string => `
openapi: 3.1.0
info: { title: Sheets of ours, version: "1" }
servers: [ { url: "${url}" } ]
components:
  securitySchemes:
    signIn:
      type: oauth2
      flows: { authorizationCode: { authorizationUrl: "${provider}/auth", tokenUrl: "${provider}/token", scopes: { openid: "", email: "" } } }
security: [ { signIn: [openid, email] } ]
paths:
  /sheets:
    get:
      summary: All sheets
      responses: { "200": { content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: string }, name: { type: string } } } } } } } }
  /sheets/{sheetId}/rows:
    post:
      summary: Append a row
      parameters: [ { name: sheetId, in: path, required: true, schema: { type: string } } ]
      requestBody: { content: { application/json: { schema: { type: object, required: [guest], properties: { guest: { type: string } } } } } }
      responses: { "200": { content: { application/json: { schema: { type: object, properties: { number: { type: integer } } } } } } }
`

test('a person signs in at a strict provider, appends rows to a sheet from a webhook, and runs wait while the consent is taken back', async ({
  screens,
}) => {
  const { page, hooks } = screens
  const provider = await startStrictProvider()
  const sheets = await startSheets()

  /** Logs in and agrees in the window that opens. */
  async function agree(open: () => Promise<void>): Promise<void> {
    const [popup] = await Promise.all([page.waitForEvent('popup'), open()])
    const asked = page.getByRole('list', { name: 'What Hookline asks to be allowed' })
    await expect(asked).toHaveText('know who you aresee your email address')
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
  const zaps = new Zaps(page)
  const editor = new Editor(page)
  await zaps.addDraft({
    name: 'Guest list',
    steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'guests' } }],
    edges: [],
  })
  await zaps.open('Guest list')
  await editor.palette.getByRole('link', { name: 'Add any API' }).click()
  await expect(page.getByRole('heading', { name: 'Add an API' })).toBeVisible()
  await drop(page, 'sheets.yaml', description(sheets.url, provider.url))
  await page.getByRole('button', { name: 'New', exact: true }).click()
  const dialog = page.getByRole('dialog')
  // The description says where one signs in, and for what.
  await expect(dialog.getByLabel('Sign-in address')).toHaveValue(`${provider.url}/auth`)
  await expect(dialog.getByLabel('Token address')).toHaveValue(`${provider.url}/token`)
  await expect(dialog.getByLabel('Scopes')).toHaveValue('openid email')
  // Which address that is, each face says itself.
  await expect(dialog).toContainText(/http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/)
  await dialog.getByLabel('Client id').fill('hookline')
  await agree(() => dialog.getByRole('button', { name: 'Save and sign in' }).click())
  await expect(page.getByRole('dialog', { name: 'Signed in' })).toContainText('Signed in as ada@example.com')
  await accessible(page, 'a sign-in that is done')
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Add the app' }).click()

  // The sheet is one of those that the account has, and the row is what the webhook brings.
  await editor.palette.getByRole('button', { name: /^Sheets of ours/ }).click()
  await editor.palette.getByRole('button', { name: 'Append a row' }).click()
  await editor.form.getByRole('button', { name: 'Choose: Sheet id' }).click()
  await page.getByRole('option', { name: 'Guests' }).click()
  await editor.form.getByRole('textbox', { name: 'Guest', exact: true }).fill('{{ hook.body.name }}')
  await editor.publish()
  await send(hooks, 'guests', { name: 'Grace' })
  await expect.poll(() => sheets.rows).toEqual([{ sheet: 's-2', guest: 'Grace' }])
  const runs = new Runs(page)
  await runs.show()
  await runs.openNewest('Guest list')
  await page.locator('[data-step-id]').last().click()
  await expect(page.getByRole('region', { name: 'Output', exact: true })).toContainText('number')

  await provider.withdraw()
  await page.getByRole('link', { name: 'Credentials', exact: true }).click()
  const row = page.getByRole('row', { name: /sheets-of-ours/ })
  await expect(row).toContainText('ada@example.com')
  await send(hooks, 'guests', { name: 'Alan' })
  await expect(row.getByRole('button', { name: 'Reconnect sheets-of-ours' })).toBeVisible()
  await expect(row).toContainText('1 run waits')
  await accessible(page, 'a credential that was withdrawn')
  await agree(() => row.getByRole('button', { name: 'Reconnect sheets-of-ours' }).click())
  await expect.poll(() => sheets.rows.map(({ guest }) => guest)).toEqual(['Grace', 'Alan'])
  expect(new Set(sheets.tokens).size).toBe(2)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(row.getByRole('button', { name: 'Reconnect sheets-of-ours' })).toHaveCount(0)
  await provider.stop()
  await sheets.stop()
})
