import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { runsSchema } from './senders.ts'

/** A site of somebody else, on this computer but on another port, which is another origin. */
async function foreignSite(): Promise<{ origin: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<title>Foreign</title><form method="post" enctype="text/plain"><input name="a" value="1"></form>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an AddressInfo.
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

const hook = (id: string, input: Record<string, unknown>) => ({
  id,
  uses: 'webhook.catch',
  input: { path: id, methods: ['GET', 'POST'], ...input },
})

type Sent = { method?: string; mode?: 'no-cors'; headers?: Record<string, string>; body?: string }

/** What a page of a real browser gets to see of a request that it sends. */
function fetchFrom(page: Page, url: string, init: Sent = {}): Promise<string> {
  return page.evaluate(
    async ([address, options]) => {
      const response = await fetch(address, options)
      return `${response.type} ${response.status} ${await response.text()}`
    },
    [url, init] as const,
  )
}

test('a page of another site starts nothing and reads nothing, by any way that a browser has', async ({
  host,
  browser,
}) => {
  const site = await foreignSite()
  const zap = { format: 'hookline/zap@1', name: 'Pages', edges: [] }
  const steps = [
    hook('closed', {}),
    hook('open', { browsers: { origins: [site.origin] }, respond: { body: 'read me' } }),
  ]
  await enableZap(host.dataDir, 'pages', { ...zap, steps })
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(site.origin)
  const closed = `${host.hooks}/hooks/closed`

  await expect(fetchFrom(page, closed)).rejects.toThrow(/Failed to fetch/)
  await expect(fetchFrom(page, closed, { method: 'POST', body: '{}' })).rejects.toThrow(/Failed to fetch/)
  expect(await fetchFrom(page, closed, { mode: 'no-cors', method: 'POST', body: 'a=1' })).toBe('opaque 0 ')
  // As text, as this project's own files know nothing of a browser's.
  await page.evaluate(`{
    navigator.sendBeacon('${closed}', 'a=1')
    for (const tag of ['img', 'iframe', 'script']) {
      document.body.appendChild(Object.assign(document.createElement(tag), { src: '${closed}' }))
    }
  }`)
  const answered = page.waitForResponse(
    (response) =>
      response.url() === closed && response.request().isNavigationRequest() && response.frame() === page.mainFrame(),
  )
  await page.evaluate(`Object.assign(document.querySelector('form'), { action: '${closed}' }).submit()`)
  expect((await answered).status()).toBe(403)
  expect((await host.ask(runsSchema, 'run', 'list')).runs).toEqual([])

  await page.goto(site.origin)
  const body = { method: 'POST', headers: { 'content-type': 'application/json', 'x-shop': '1' }, body: '{"n":1}' }
  expect(await fetchFrom(page, `${host.hooks}/hooks/open`, body)).toBe('cors 200 read me')
  await expect.poll(async () => (await host.ask(runsSchema, 'run', 'list')).runs.length).toBe(1)
  // The address typed by hand is nobody's page.
  await page.goto('about:blank')
  expect((await page.goto(closed))?.status()).toBe(200)
  await context.close()
  site.close()
})

test('a page that an answer shows runs nothing, unless its step lets scripts run', async ({ host, browser }) => {
  const page = `<title>Answer</title><script>document.title = 'ran'</script><img src="x" onerror="document.title = 'ran'">`
  const respond = { headers: { 'content-type': 'text/html' }, body: page }
  const steps = [hook('plain', { respond }), hook('trusted', { respond: { ...respond, allowScripts: true } })]
  await enableZap(host.dataDir, 'answers', { format: 'hookline/zap@1', name: 'Answers', steps, edges: [] })
  const context = await browser.newContext()
  const shown = await context.newPage()
  await shown.goto(`${host.hooks}/hooks/plain`)
  expect(await shown.title()).toBe('Answer')
  await shown.goto(`${host.hooks}/hooks/trusted`)
  expect(await shown.title()).toBe('ran')
  await context.close()
})
