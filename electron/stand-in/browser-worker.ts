import { readFileSync } from 'node:fs'
import { MessageChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { FromBrowser, ToBrowser } from './browser-messages.ts'

/**
 * The thread that has Chromium, so that the loop of main has to do with its windows what it has to do in Electron, and no more: messages
 * come and go by ports. A scheme that the app serves stands behind an origin of https, as Chromium knows no schemes of ours.
 */

/** Where the app's own scheme is found in the browser. */
const ORIGIN = 'https://stand-in.localhost'

const { executablePath, args } = workerData as { executablePath: string; args: string[] } // main's own words
const main = parentPort
if (main === null) throw new Error('This is the thread of a browser, which main starts.')

const tell = (message: FromBrowser, transfer: MessagePort[] = []): void => main.postMessage(message, transfer)
const shim = readFileSync(new URL('./page-shim.js', import.meta.url), 'utf8')
const pages = new Map<number, Page>()
const answers = new Map<number, (answer: Extract<ToBrowser, { kind: 'answer' }>) => void>()
let lastRequest = 0
let launched: Promise<Browser> | undefined

async function open({ window, url, preload, width, height, mayCopy, isDark }: Extract<ToBrowser, { kind: 'open' }>) {
  launched ??= chromium.launch({ executablePath, args })
  const browser = await launched
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  pages.set(window, page)
  const ports = new Map<number, MessagePort>()
  await page.exposeFunction('__standInFromPort', (id: number, text: string) =>
    ports.get(id)?.postMessage(fromText(text)),
  )
  await page.exposeFunction('__standInPost', (channel: string, message: string, ids: number[]) => {
    const ends = ids.map((id) => {
      const { port1, port2 } = new MessageChannel()
      ports.set(id, port1)
      port1.on('message', (data: unknown) => {
        page
          .evaluate(`window.__standInPortMessage(${id}, ${JSON.stringify(toText(data))})`)
          // The page may be gone.
          .catch(() => undefined)
      })
      return port2
    })
    tell({ kind: 'ipc', window, channel, message: JSON.parse(message), ports: ends }, ends)
  })
  const origin = url.split('/').slice(0, 3).join('/')
  await page.route(`${ORIGIN}/**`, async (route) => {
    const request = ++lastRequest
    const asked = route.request()
    const answer = new Promise<Extract<ToBrowser, { kind: 'answer' }>>((resolve) => answers.set(request, resolve))
    tell({ kind: 'request', request, url: origin + asked.url().slice(ORIGIN.length), method: asked.method() })
    const { status, headers, body } = await answer
    answers.delete(request)
    await route.fulfill({ status, headers, body: Buffer.from(body) }).catch(() => undefined)
  })
  await page.addInitScript(
    `${shim};(function (require) {${readFileSync(preload, 'utf8')}\n})(window.__standInRequire);delete window.__standInRequire`,
  )
  const cdp = await context.newCDPSession(page)
  const { targetInfo } = await cdp.send('Target.getTargetInfo')
  await cdp.send('Browser.setPermission', {
    ...(targetInfo.browserContextId === undefined ? {} : { browserContextId: targetInfo.browserContextId }),
    permission: { name: 'clipboard-write', allowWithoutSanitization: false },
    setting: mayCopy ? 'granted' : 'denied',
  })
  page.on('close', () => {
    pages.delete(window)
    for (const port of ports.values()) port.close()
    tell({ kind: 'closed', window })
  })
  page.on('pageerror', (error) => tell({ kind: 'pageerror', window, error: String(error) }))
  await page.goto(ORIGIN + url.slice(origin.length), { waitUntil: 'load' })
  tell({ kind: 'loaded', window })
}

main.on('message', (message: ToBrowser) => {
  switch (message.kind) {
    case 'open':
      open(message).catch((error: unknown) => tell({ kind: 'failed', window: message.window, error: String(error) }))
      break
    case 'answer':
      answers.get(message.request)?.(message)
      break
    case 'send':
      pages
        .get(message.window)
        ?.evaluate(`window.__standInMessage(${JSON.stringify(message.channel)}, ${JSON.stringify(message.args)})`)
        .catch(() => undefined)
      break
    case 'reload':
      pages
        .get(message.window)
        ?.reload()
        .catch(() => undefined)
      break
    case 'close':
      pages
        .get(message.window)
        ?.close()
        .catch(() => undefined)
      break
    case 'end':
      void (launched ?? Promise.resolve(undefined))
        .then((browser) => browser?.close())
        .finally(() => tell({ kind: 'ended' }))
  }
})

/** What goes to a page and comes from it is text: JSON, or bytes. */
function toText(data: unknown): string {
  if (!ArrayBuffer.isView(data)) return JSON.stringify({ value: data })
  return JSON.stringify({ bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') })
}

function fromText(text: string): unknown {
  const { value, bytes } = JSON.parse(text) as { value?: unknown; bytes?: string } // as the shim writes it
  return bytes === undefined ? value : new Uint8Array(Buffer.from(bytes, 'base64'))
}
