import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accessible } from '../fixtures/accessible.ts'
import { drop } from '../fixtures/drop.ts'
import { expect, test } from '../fixtures/screens.ts'
import { Editor } from '../pages/editor.ts'
import { Zaps } from '../pages/zaps.ts'

/** A service with things in it, and what it was sent. */
async function service() {
  const seen: { method: string; url: string; key: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const { method = '', url = '', headers } = request
    seen.push({ method, url, key: String(headers['x-key'] ?? ''), body })
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(method === 'GET' ? '[{"id":7,"name":"Cellar"}]' : '{"made":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return { url: `http://127.0.0.1:${port}`, seen, close: () => new Promise((resolve) => server.close(resolve)) }
}

const description = (url: string): string => `
openapi: 3.1.0
info: { title: Stockroom, version: "1" }
servers: [ { url: "${url}/v1" } ]
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
paths:
  /places:
    get:
      summary: All places
      tags: [Places]
      responses: { "200": { content: { application/json: { schema: { type: array, items: { type: object, properties: { id: { type: integer } } } } } } } }
  /places/{placeId}/items:
    post:
      summary: Put something there
      tags: [Items]
      parameters: [ { name: placeId, in: path, required: true, schema: { type: integer } } ]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties: { name: { type: string }, amount: { type: number }, sizes: { type: array, items: { type: object, properties: { width: { type: number } } } } }
`

test('a description that is dropped becomes an app, and one of its operations is run', async ({ screens }) => {
  const { page } = screens
  const stock = await service()
  const editor = new Editor(page)
  const { palette } = editor
  await new Zaps(page).addDraft({ name: 'Stock', steps: [{ id: 'hand', uses: 'manual.run', input: {} }], edges: [] })
  await new Zaps(page).open('Stock')
  await palette.getByRole('link', { name: 'Add any API' }).click()
  await expect(page.getByRole('heading', { name: 'Add an API' })).toBeVisible()
  await drop(page, 'notes.txt', '{"info":{"schema":"postman"},"item":[]}')
  await expect(page.getByRole('alert')).toContainText('This is a Postman collection')
  await drop(page, 'stockroom.yaml', description(stock.url))
  await expect(page.getByLabel('Address')).toHaveValue(`${stock.url}/v1`)
  await expect(page.getByText('a key in the header X-Key')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search operations' }).fill('put')
  await page.getByRole('button', { name: /Put something there/ }).click()
  await expect(page.getByRole('list', { name: 'Fields' })).toContainText('Place id')
  await accessible(page, 'an API that is looked at')
  await page.getByRole('button', { name: 'New' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox', { name: 'Name' }).first()).toHaveValue('stockroom')
  await expect(dialog.getByRole('textbox', { name: 'Header' })).toHaveValue('X-Key: ')
  await dialog.getByRole('textbox', { name: 'Header' }).fill('X-Key: sesame')
  await dialog.getByRole('button', { name: 'Save credential' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText(/^GET \/places was answered in \d+ ms\.$/)).toBeVisible()
  expect(stock.seen).toEqual([{ method: 'GET', url: '/v1/places', key: 'sesame', body: '' }])
  await page.getByRole('button', { name: 'Add the app' }).click()

  // Back in the zap: by the page of the app, and its form.
  await palette.getByRole('button', { name: /^Stockroom/ }).click()
  await palette.getByRole('button', { name: 'Put something there' }).click()
  await editor.form.getByRole('button', { name: 'Choose: Place id' }).click()
  await page.getByRole('option', { name: 'Cellar' }).click()
  await editor.form.getByRole('textbox', { name: 'Name', exact: true }).fill('Jam')
  await editor.form.getByRole('textbox', { name: 'Amount', exact: true }).fill('3')
  await editor.form.getByRole('button', { name: 'Add a row' }).click()
  await editor.form.getByRole('textbox', { name: 'Width', exact: true }).fill('12')
  await accessible(page, 'the form of an operation')
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect
    .poll(() => stock.seen.at(-1))
    .toEqual({
      method: 'POST',
      url: '/v1/places/7/items',
      key: 'sesame',
      body: '{"name":"Jam","amount":3,"sizes":[{"width":12}]}',
    })

  // A newer description says what it changes before it is taken.
  await palette.getByRole('button', { name: 'Update with a newer description' }).click()
  await expect(page.getByRole('heading', { name: 'Update an API' })).toBeVisible()
  await drop(page, 'newer.yaml', description(stock.url).replace('required: [name]', 'required: [name, amount]'))
  await expect(page.getByRole('region', { name: 'Zaps', exact: true })).toContainText('Put something there')
  await accessible(page, 'what a newer description changes')
  await page.getByRole('button', { name: 'Take it' }).click()
  await palette.getByRole('button', { name: /^Stockroom/ }).click()

  // A line of curl becomes a step that is filled in, and undo takes it away.
  await palette.getByRole('button', { name: 'All apps' }).click()
  const search = palette.getByRole('searchbox')
  await search.fill(`curl ${stock.url}/v1/places/7/items --json '{"name": "Tea", "amount": 5}' -H 'X-Key: sesame'`)
  await expect(
    palette.getByRole('button', { name: /^(Put something there|HTTP request) from your curl line/ }),
  ).toHaveCount(2)
  await palette.getByRole('button', { name: 'Put something there from your curl line' }).click()
  await expect(page.getByText('The secret of the line is not kept: the app is signed in to')).toBeVisible()
  await expect(editor.form.getByRole('textbox', { name: 'Name', exact: true })).toContainText('Tea')
  await expect(editor.form.getByRole('textbox', { name: 'Amount', exact: true })).toContainText('5')
  await search.fill(`curl -X PUT ${stock.url}/v1/x -H "X-Api-Key: open-it" -d 'a=1'`)
  await palette.getByRole('button', { name: 'HTTP request from your curl line' }).click()
  await expect(editor.form.getByRole('textbox', { name: 'Address' })).toContainText(`${stock.url}/v1/x`)
  await expect(page.getByText(/The secret is kept as/)).toBeVisible()
  await editor.canvas.click({ position: { x: 40, y: 300 } })
  await page.keyboard.press('ControlOrMeta+z')
  await expect(editor.step('request')).toHaveCount(0)
  await stock.close()
})
