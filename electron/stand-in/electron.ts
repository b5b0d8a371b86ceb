import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type MessagePort, Worker } from 'node:worker_threads'
import * as double from '../main/electron.double.ts'
import type { FromBrowser, ToBrowser } from './browser-messages.ts'

/**
 * The `electron` module for a *built* main process where there is no Electron binary: the double of the unit tests, whose windows are
 * pages of a real Chromium here, and whose app ends its process. The preload runs in the page with `require('electron')`, ports that it
 * hands over reach `ipcMain`, and `protocol.handle` serves the page. Nothing native happens: it is recorded, as in the double.
 *
 * The process that started it may have functions run beside it (`evaluate` in e2e/fixtures/desktop-app.ts).
 */

export * from '../main/electron.double.ts'

const { app, ipcMain, recorded } = double
const environment = process.env

/** A port as Electron's main process has it. */
class MainPort extends EventEmitter {
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
  }
  start(): void {
    // Electron keeps what comes before that.
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }
  postMessage(data: unknown): void {
    this.#port.postMessage(data)
  }
  close(): void {
    this.#port.close()
  }
}

const windows = new Map<number, BrowserWindow>()
let lastWindow = 0
let browser: Worker | undefined
let browserEnded = Promise.resolve()

function tell(message: ToBrowser): void {
  browser ??= startBrowser()
  browser.postMessage(message)
}

function startBrowser(): Worker {
  const executablePath = environment.HOOKLINE_BROWSER ?? '/usr/bin/chromium'
  // Tests look at the pages by this port.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--remote-debugging-port=${environment.STAND_IN_CDP_PORT ?? 0}`,
  ]
  const worker = new Worker(new URL('./browser-worker.ts', import.meta.url), { workerData: { executablePath, args } })
  const ended = Promise.withResolvers<void>()
  browserEnded = ended.promise
  worker.on('message', (message: FromBrowser) => {
    if (message.kind === 'ended') ended.resolve()
    else heard(message)
  })
  worker.on('error', (error) => {
    ended.resolve()
    process.stderr.write(`The stand-in's browser failed: ${error}\n`)
  })
  return worker
}

function heard(message: Exclude<FromBrowser, { kind: 'ended' }>): void {
  if (message.kind === 'request') {
    void serve(message.request, message.url, message.method)
    return
  }
  const window = windows.get(message.window)
  if (window === undefined) return
  switch (message.kind) {
    case 'loaded':
      window.webContents.emit('did-finish-load')
      window.emit('ready-to-show')
      break
    case 'closed':
      window.ended()
      break
    case 'failed':
    case 'pageerror':
      process.stderr.write(`The stand-in's page: ${message.error}\n`)
      break
    case 'ipc': {
      const { webContents } = window
      const ports = message.ports.map((port) => new MainPort(port))
      ipcMain.emit(message.channel, { sender: webContents, senderFrame: webContents.mainFrame, ports }, message.message)
    }
  }
}

/** Has the app answer what a page asked for. */
async function serve(request: number, url: string, method: string): Promise<void> {
  const handler = recorded.handlers.get(new URL(url).protocol.slice(0, -1))
  // A Request of Node's knows no schemes but the web's; of Electron's the app reads the address and the method.
  const asked = { url, method, headers: new Headers() } as Request
  const response = await Promise.resolve(handler?.(asked)).catch(() => undefined)
  const answer = response ?? new Response('Nothing serves this.', { status: 500 })
  tell({
    kind: 'answer',
    request,
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: new Uint8Array(await answer.arrayBuffer()),
  })
}

export class BrowserWindow extends double.BrowserWindow {
  readonly #id = ++lastWindow
  #isGone = false
  constructor(options: ConstructorParameters<typeof double.BrowserWindow>[0]) {
    super(options)
    windows.set(this.#id, this)
    this.webContents.reload = () => tell({ kind: 'reload', window: this.#id })
    this.webContents.send = (channel, ...args) => tell({ kind: 'send', window: this.#id, channel, args })
  }
  override async loadURL(url: string): Promise<void> {
    this.loadedUrl = url
    this.webContents.mainFrame.url = url
    const { width = 1280, height = 800, webPreferences = {} } = this.options
    const asked = [this.webContents, 'clipboard-sanitized-write'] as const
    const details = { requestingUrl: url, isMainFrame: true }
    let isGranted = false
    Reflect.apply(recorded.permissionRequest ?? (() => undefined), undefined, [
      ...asked,
      (granted: boolean) => {
        isGranted = granted
      },
      details,
    ])
    const isChecked = Reflect.apply(recorded.permissionCheck ?? (() => false), undefined, [...asked, url, details])
    tell({
      kind: 'open',
      window: this.#id,
      url,
      preload: webPreferences.preload ?? '',
      width,
      height,
      mayCopy: isGranted && isChecked,
      isDark: environment.STAND_IN_DARK === '1',
    })
  }
  override close(): void {
    let isPrevented = false
    this.emit('close', {
      preventDefault: () => {
        isPrevented = true
      },
    })
    if (!isPrevented) this.destroy()
  }
  override destroy(): void {
    if (!this.#isGone) tell({ kind: 'close', window: this.#id })
    this.ended()
  }
  override isDestroyed(): boolean {
    return this.#isGone
  }
  /** Its page is closed. */
  ended(): void {
    if (this.#isGone) return
    this.#isGone = true
    windows.delete(this.#id)
    this.emit('closed')
  }
}

async function end(code: number): Promise<void> {
  if (browser !== undefined) {
    tell({ kind: 'end' })
    await browserEnded
  }
  process.exit(code)
}

let isQuitting = false
app.isPackaged = environment.STAND_IN_PACKAGED === '1'
recorded.isEncryptionAvailable = environment.STAND_IN_LOCKED !== '1'
app.getPath = (name) => {
  const folder = join(environment.STAND_IN_HOME ?? '', name)
  mkdirSync(folder, { recursive: true })
  return folder
}
app.exit = (code) => void end(code)
app.quit = () => {
  if (isQuitting) return
  let isPrevented = false
  const event = {
    preventDefault: () => {
      isPrevented = true
    },
  }
  app.emit('before-quit', event)
  for (const window of isPrevented ? [] : windows.values()) window.close()
  if (!isPrevented) app.emit('will-quit', event)
  if (isPrevented) return
  isQuitting = true
  void end(0)
}
process.on('SIGTERM', () => app.quit())

/** A function of a test's, as text, and what it is called with. */
type Evaluation = { readonly evaluate: number; readonly code: string; readonly argument: unknown }

process.on('message', (message: Evaluation) => {
  const { evaluate, code, argument } = message
  const run = async (): Promise<unknown> => {
    const electron = await import('electron')
    return new Function('electron', 'argument', `return (${code})(electron, argument)`)(electron, argument)
  }
  run().then(
    (value) => process.send?.({ evaluated: evaluate, value }),
    (error: unknown) => process.send?.({ evaluated: evaluate, error: String(error) }),
  )
})
// A test that is gone needs no app.
if (process.send !== undefined) process.on('disconnect', () => void end(1))
