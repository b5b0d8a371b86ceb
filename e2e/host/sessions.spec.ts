import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from '@playwright/test'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { runCli, startHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'

const sessionsSchema = z.object({
  sessions: z.array(z.object({ id: z.string(), browser: z.string(), screens: z.int() })),
})

const bar = (page: Page) => page.getByRole('contentinfo')
const locked = (page: Page) => page.getByRole('alertdialog', { name: 'This browser has no session with Hookline' })

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage()
}

/** Opens the screens in a browser that was never there. */
async function openScreens(browser: Browser, address: string): Promise<Page> {
  const page = await newPage(browser)
  await page.goto(address)
  await expect(bar(page)).toContainText(/127\.0\.0\.1:\d+/)
  return page
}

/** A program on 127.0.0.1 that writes down everything that it is sent; it takes WebSockets as a host would. */
async function listenIn(port: number): Promise<{ port: number; heard(): string; close(): Promise<void> }> {
  const heard: string[] = []
  const note = (request: IncomingMessage): void => {
    heard.push(`${request.method} ${request.url}\n${request.rawHeaders.join('\n')}`)
    request.setEncoding('utf8').on('data', (chunk: string) => heard.push(chunk))
  }
  const server = createServer((request, response) => {
    note(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ nonce: 'x', proof: 'x' }))
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    note(request)
    sockets.handleUpgrade(request, socket, head, (client) => client.on('message', (data) => heard.push(String(data))))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A server that listens on a port has an AddressInfo.
    port: (server.address() as { port: number }).port,
    heard: () => heard.join('\n'),
    async close() {
      server.close()
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

test('an address opens the screens once; then every tab of that browser has them, and after a restart too', async ({
  folder,
  browser,
}) => {
  const dataDir = join(folder, 'data')
  const first = await startHost({ dataDir })
  const page = await openScreens(browser, first.ui)
  expect(page.url()).not.toContain(new URL(first.ui).hash.slice('#token='.length))
  await page.reload()
  await expect(bar(page)).toContainText(/127\.0\.0\.1:\d+/)
  const tab = await page.context().newPage()
  await tab.goto(new URL(first.ui).origin)
  await expect(bar(tab)).toContainText(/127\.0\.0\.1:\d+/)
  expect(await page.context().cookies()).toEqual([])
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toMatch(
    /key|session/,
  )

  const stranger = await newPage(browser)
  await stranger.goto(first.ui)
  await expect(stranger.getByRole('alertdialog', { name: 'This address was used already' })).toContainText(
    'hookline open',
  )
  await stranger.goto('about:blank')
  await stranger.goto(new URL(first.ui).origin)
  await expect(locked(stranger)).toContainText('hookline open')
  await stranger.goto(await first.freshAddress())
  await expect(bar(stranger)).toContainText(/127\.0\.0\.1:\d+/)

  await first.kill()
  await expect(page.getByRole('alertdialog', { name: 'Hookline is not running' })).toBeVisible()
  const second = await startHost({ dataDir, port: Number(new URL(first.ui).port) })
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await page.reload()
  await expect(bar(page)).toContainText(/127\.0\.0\.1:\d+/)
  expect(await second.stop()).toBe(0)
})

test('a session that is ended cuts its screens off at once, and its key opens nothing any more', async ({
  host,
  browser,
}) => {
  const page = await openScreens(browser, host.ui)
  const other = await openScreens(browser, await host.freshAddress())
  const { sessions } = await host.ask(sessionsSchema, 'session', 'list')
  expect(sessions).toMatchObject([{ screens: 1 }, { screens: 1 }])
  await page.goto(`${new URL(host.ui).origin}/#/settings`)
  const section = page.getByRole('region', { name: 'Sessions' })
  const rows = section.getByRole('listitem')
  await expect(rows).toHaveCount(2)
  const foreign = rows.filter({ hasNotText: '(this one)' })
  await foreign.getByRole('button', { name: /^End the session of/ }).click()
  await expect(rows).toHaveCount(1)
  await expect(locked(other)).toBeVisible()
  await other.reload()
  await expect(locked(other)).toBeVisible()

  // What is left is this one: the command line ends it, too.
  const [mine] = (await host.ask(sessionsSchema, 'session', 'list')).sessions
  await host.ask(z.unknown(), 'session', 'end', mine?.id ?? '')
  await expect(locked(page)).toBeVisible()
  const again = await runCli(['session', 'end', mine?.id ?? '', '--data', host.dataDir])
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no session') })
})

test('the settings make an address for another browser', async ({ host, browser }) => {
  const page = await openScreens(browser, host.ui)
  await page.goto(`${new URL(host.ui).origin}/#/settings`)
  const section = page.getByRole('region', { name: 'Sessions' })
  await section.getByRole('button', { name: 'Open in another browser' }).click()
  const address = await section.getByRole('status').locator('code').textContent()
  await openScreens(browser, address ?? '')
  await expect(section.getByRole('listitem')).toHaveCount(2)
})

test('rotating the token ends all sessions and voids addresses that were not opened', async ({ host, browser }) => {
  const page = await openScreens(browser, host.ui)
  const unopened = await host.freshAddress()
  const rotated = await runCli(['token', 'rotate', '--data', host.dataDir])
  expect(rotated.code).toBe(0)
  expect(rotated.stdout).toContain('Ended 1 session and voided 1 unopened address.')
  await expect(locked(page)).toBeVisible()
  const late = await newPage(browser)
  await late.goto(unopened)
  await expect(late.getByRole('alertdialog', { name: 'This address was used already' })).toBeVisible()
  await page.goto(await host.freshAddress())
  await expect(bar(page)).toContainText(/127\.0\.0\.1:\d+/)
})

test('another server on 127.0.0.1 that the browser visits is sent nothing of ours', async ({ host, browser }) => {
  const page = await openScreens(browser, host.ui)
  const other = await listenIn(0)
  await page.goto(`http://127.0.0.1:${other.port}/`)
  expect(other.heard()).toContain('GET /')
  expect(other.heard()).not.toMatch(/cookie|hookline|session|authorization/i)
  // Nor is a webhook of our own.
  await page.goto(`${host.hooks}/hooks/x`)
  const request = await page.request.get(`${host.hooks}/hooks/x`)
  expect(request.status()).toBe(404)
  expect(await page.context().cookies(host.hooks)).toEqual([])
  await other.close()
})

test('a program that takes the port of a killed host hears nothing that opens it, from the command line or from open screens', async ({
  folder,
  browser,
}) => {
  const dataDir = join(folder, 'data')
  const first = await startHost({ dataDir })
  const port = Number(new URL(first.ui).port)
  const page = await openScreens(browser, first.ui)
  const unopened = await first.freshAddress()
  await first.kill()
  expect(existsSync(join(dataDir, 'host.json'))).toBe(true)
  const impostor = await listenIn(port)
  // The screens look for their host again, and find the impostor.
  await expect.poll(impostor.heard).toContain('/session/challenge')
  await expect(locked(page)).toBeVisible()
  for (const command of [['status'], ['credential', 'set', 'x', '--stdin'], ['open', '--print'], ['doctor']]) {
    const before = impostor.heard()
    const answered = await runCli([...command, '--data', dataDir], { stdin: 'a-secret' })
    expect(answered.code, command.join(' ')).toBe(command[0] === 'doctor' ? 0 : 3)
    const since = impostor.heard().slice(before.length)
    expect(
      since.replaceAll(/POST \/session\/challenge\n[^{]*\{"session":"[0-9a-f]+","nonce":"[\w-]+"\}/g, ''),
    ).not.toMatch(/a-secret|rpc|authorization/i)
  }
  // It never came to a WebSocket: the page asks for a proof first. And what it did hear opens nothing.
  expect(impostor.heard()).not.toMatch(/\/rpc|sec-websocket|cookie|authorization/i)
  await impostor.close()
  const second = await startHost({ dataDir, port })
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  const stale = await newPage(browser)
  await stale.goto(unopened)
  await expect(stale.getByRole('alertdialog', { name: 'This address was used already' })).toBeVisible()
  await second.stop()
})

test('no lasting secret stands in a file that finds the host, or in the arguments of the browser that it opens', async ({
  folder,
}) => {
  test.skip(process.platform !== 'linux', 'a browser in the PATH is what Linux opens')
  const dataDir = join(folder, 'data')
  const bin = join(folder, 'bin')
  const seen = join(folder, 'arguments')
  await mkdir(bin)
  await writeFile(join(bin, 'chromium'), `#!/bin/sh\necho "$@" > ${seen}.part\nmv ${seen}.part ${seen}\n`)
  await chmod(join(bin, 'chromium'), 0o700)
  const host = await startHost({ dataDir })
  await mkdir(dataDir, { recursive: true })
  expect(Object.keys(JSON.parse(await readFile(join(dataDir, 'host.json'), 'utf8'))).sort()).toEqual([
    'hooks',
    'origin',
    'pid',
    'socket',
    'startedAt',
  ])
  expect(existsSync(join(dataDir, 'control.key'))).toBe(false)
  expect((await stat(join(dataDir, 'control'))).mode & 0o777).toBe(0o700)
  const cli = join(import.meta.dirname, '..', '..', 'out', 'headless', 'cli.js')
  await promisify(execFile)(process.execPath, [cli, 'open', '--data', dataDir], {
    env: { ...process.env, DISPLAY: ':99', PATH: `${bin}:${process.env.PATH}` },
  })
  await expect.poll(() => existsSync(seen)).toBe(true)
  const [, code] = /#token=([\w-]+)/.exec(await readFile(seen, 'utf8')) ?? []
  expect(code).toHaveLength(32)
  const key = (await readFile(join(dataDir, 'host.key'), 'utf8').catch(() => '')).trim()
  if (key !== '') expect(await readFile(seen, 'utf8')).not.toContain(key)
  await host.stop()
})

test('the token of an earlier version is taken away: it was sent to every program on 127.0.0.1', async ({ folder }) => {
  const dataDir = join(folder, 'data')
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'control.key'), 'A'.repeat(43))
  const host = await startHost({ dataDir })
  expect(existsSync(join(dataDir, 'control.key'))).toBe(false)
  await host.stop()
})
