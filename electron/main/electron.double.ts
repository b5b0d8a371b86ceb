import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type * as electron from 'electron'
import { speak } from '../../core/threads/frames.ts'
import { PIPE_FD } from '../../core/threads/process-port.ts'

/**
 * A double of the `electron` module, for what `electron/main` uses of it: the module itself needs a binary that cannot be had
 * everywhere. Its parts are typed by Electron's own declarations, and it records what it is told.
 */

type PermissionRequest = Parameters<electron.Session['setPermissionRequestHandler']>[0]
type PermissionCheck = Parameters<electron.Session['setPermissionCheckHandler']>[0]
type ProtocolHandler = Parameters<electron.Protocol['handle']>[1]
type OpenHandler = Parameters<electron.WebContents['setWindowOpenHandler']>[0]

export const recorded = {
  schemes: [] as electron.CustomScheme[],
  handlers: new Map<string, ProtocolHandler>(),
  permissionRequest: undefined as PermissionRequest | undefined,
  permissionCheck: undefined as PermissionCheck | undefined,
  openedOutside: [] as string[],
  windows: [] as BrowserWindow[],
  trays: [] as Tray[],
  notifications: [] as Notification[],
  /** The context menus that were opened. */
  popups: [] as electron.MenuItemConstructorOptions[][],
  relaunchArgs: [] as (readonly string[])[],
  /** The programs that are to be started then. */
  relaunchPrograms: [] as (string | undefined)[],
  /** What the app was told before and after it was ready, in order. */
  appCalls: [] as string[],
  errorBoxes: [] as string[],
  hasInstanceLock: true,
  isNotificationSupported: true,
  isEncryptionAvailable: true,
  isOnline: true,
  clipboard: '',
  loginItems: [] as electron.Settings[],
  wasOpenedAtLogin: false,
  appMenu: undefined as electron.MenuItemConstructorOptions[] | null | undefined,
  badgeCount: 0,
  /** The ids of what keeps the computer awake now. */
  awake: new Set<number>(),
  /** By which Chromium marks what it has sealed. */
  sealMark: 'v11',
  shouldReEncrypt: false,
  /** Why a notification cannot be shown; null where it can. */
  notificationFailure: null as string | null,
  /** The keys that are ours, and those that another program has. */
  shortcuts: new Map<string, () => void>(),
  takenKeys: [] as string[],
  /** How much was listened to of the computer's power before the app was ready, which Electron does not have then. */
  heardBeforeReady: 0,
  /** What Chromium is told before it starts. */
  switches: new Map<string, string>(),
}

/** Forgets everything that was recorded. */
export function reset(): void {
  recorded.schemes = []
  recorded.handlers.clear()
  recorded.permissionRequest = undefined
  recorded.permissionCheck = undefined
  recorded.openedOutside = []
  recorded.windows = []
  recorded.trays = []
  recorded.notifications = []
  recorded.popups = []
  recorded.relaunchArgs = []
  recorded.relaunchPrograms = []
  recorded.appCalls = []
  recorded.errorBoxes = []
  recorded.hasInstanceLock = true
  recorded.isNotificationSupported = true
  app.removeAllListeners()
  recorded.isEncryptionAvailable = true
  recorded.isOnline = true
  recorded.loginItems = []
  recorded.wasOpenedAtLogin = false
  recorded.appMenu = undefined
  recorded.badgeCount = 0
  recorded.awake.clear()
  recorded.sealMark = 'v11'
  recorded.shouldReEncrypt = false
  recorded.notificationFailure = null
  app.isPackaged = false
  nativeTheme.removeAllListeners()
  nativeTheme.themeSource = 'system'
  nativeTheme.shouldUseDarkColors = false
  recorded.clipboard = ''
  recorded.shortcuts.clear()
  recorded.takenKeys = []
  recorded.switches.clear()
  ipcMain.removeAllListeners()
  powerMonitor.removeAllListeners()
}

/** A process of Node's that is spoken to as a utility process is: by messages, each of which arrives as an event with its data. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  readonly #say: (message: unknown) => void
  constructor(file: string, options: electron.ForkOptions) {
    super()
    const frames = new URL('../../core/threads/frames.ts', import.meta.url).href
    // Its side of the port, which Electron provides. It is no part of Node, so that a process which shuts itself in keeps it.
    const port = `import { Socket } from 'node:net'
      import { speak } from '${frames}'
      const waiting = []
      let heard = (event) => waiting.push(event)
      const pipe = new Socket({ fd: ${PIPE_FD} })
      pipe.on('close', () => process.exit())
      const postMessage = speak(pipe, { message: (data) => heard({ data }), nonsense: () => process.exit(1) })
      process.parentPort = { postMessage, on: (name, listener) => { heard = listener; waiting.splice(0).forEach(heard) } }`
    const flags = [...process.execArgv, '--import', `data:text/javascript,${encodeURIComponent(port)}`]
    const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'pipe']
    this.#child = spawn(process.execPath, [...flags, file], { env: { ...options.env }, stdio })
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('close', (code) => this.emit('exit', code ?? 0))
    const pipe = this.#child.stdio[PIPE_FD]
    if (!(pipe instanceof Socket)) throw new Error('a process that was started has its pipe')
    this.#say = speak(pipe, { message: (data) => this.emit('message', data), nonsense: () => this.#child.kill() })
  }
  get pid(): number | undefined {
    return this.#child.pid
  }
  postMessage(data: object): void {
    this.#say(data)
  }
}

export const utilityProcess = {
  fork: (file: string, _args: readonly string[], options: electron.ForkOptions) => new UtilityProcess(file, options),
}

class App extends EventEmitter {
  isPackaged = false
  commandLine: Pick<electron.CommandLine, 'appendSwitch' | 'getSwitchValue'> = {
    appendSwitch: (name, value) => void recorded.switches.set(name, value ?? ''),
    getSwitchValue: (name) => recorded.switches.get(name) ?? '',
  }
  setName(name: string): void {
    recorded.appCalls.push(`setName ${name}`)
  }
  setAppUserModelId(id: string): void {
    recorded.appCalls.push(`setAppUserModelId ${id}`)
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    recorded.appCalls.push(`setAsDefaultProtocolClient ${scheme}`)
    return true
  }
  relaunch({ args = [], execPath }: electron.RelaunchOptions): void {
    recorded.relaunchPrograms.push(execPath)
    recorded.relaunchArgs.push(args)
  }
  isReady(): boolean {
    return recorded.appCalls.includes('whenReady')
  }
  /** As Electron's declarations say, of which folders it takes. */
  setPath(_name: string, path: string): void {
    if (!isAbsolute(path) || !existsSync(path)) throw new Error(`Failed to set path: ${path}`)
  }
  getAppPath(): string {
    return process.cwd()
  }
  getLoginItemSettings(): Pick<electron.LoginItemSettings, 'wasOpenedAtLogin' | 'status'> {
    return { wasOpenedAtLogin: recorded.wasOpenedAtLogin, status: 'enabled' }
  }
  setLoginItemSettings(settings: electron.Settings): void {
    recorded.loginItems.push(settings)
  }
  setBadgeCount(count: number): boolean {
    recorded.badgeCount = count
    return true
  }
  enableSandbox(): void {
    recorded.appCalls.push('enableSandbox')
  }
  requestSingleInstanceLock(): boolean {
    recorded.appCalls.push('requestSingleInstanceLock')
    return recorded.hasInstanceLock
  }
  async whenReady(): Promise<void> {
    if (!this.isReady()) recorded.heardBeforeReady = powerMonitor.eventNames().length
    recorded.appCalls.push('whenReady')
  }
  getPath(_name: string): string {
    throw new Error('the tests name a data folder')
  }
  /** As Electron does: asks everybody, and ends unless somebody prevents it. */
  quit(): void {
    this.emit('before-quit', {})
    let isPrevented = false
    this.emit('will-quit', {
      preventDefault: () => {
        isPrevented = true
      },
    })
    recorded.appCalls.push(isPrevented ? 'quit prevented' : 'quit')
  }
  exit(code: number): void {
    recorded.appCalls.push(`exit ${code}`)
  }
}

export const app = new App()

export const dialog: Pick<electron.Dialog, 'showErrorBox'> = {
  showErrorBox: (title, content) => {
    recorded.errorBoxes.push(`${title}: ${content}`)
  },
}

export const protocol: Pick<electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
  registerSchemesAsPrivileged: (schemes) => {
    recorded.schemes.push(...schemes)
  },
  handle: (scheme, handler) => {
    recorded.handlers.set(scheme, handler)
  },
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionRequest) => {
      recorded.permissionRequest = handler
    },
    setPermissionCheckHandler: (handler: PermissionCheck) => {
      recorded.permissionCheck = handler
    },
  },
}

export const shell: Pick<electron.Shell, 'openExternal' | 'openPath'> = {
  openExternal: async (url) => {
    recorded.openedOutside.push(url)
  },
  openPath: async (path) => {
    recorded.openedOutside.push(path)
    return path.endsWith('.none') ? 'No application is registered' : ''
  },
}

export const clipboard: Pick<electron.Clipboard, 'readText' | 'writeText'> = {
  readText: async () => recorded.clipboard,
  writeText: async (text) => {
    recorded.clipboard = text
  },
}

export const globalShortcut: Pick<electron.GlobalShortcut, 'register' | 'unregister' | 'unregisterAll'> = {
  register(keys, pressed) {
    if (recorded.takenKeys.includes(keys)) return false
    if (keys.includes('Bogus')) throw new TypeError('Error processing argument')
    recorded.shortcuts.set(keys, pressed)
    return true
  },
  unregister: (keys) => void recorded.shortcuts.delete(keys),
  unregisterAll: () => recorded.shortcuts.clear(),
}

export const crashReporter: Pick<electron.CrashReporter, 'start'> = {
  start: ({ uploadToServer }) => void recorded.appCalls.push(`crashReporter ${uploadToServer ? 'uploads' : 'keeps'}`),
}

export const nativeTheme = Object.assign(new EventEmitter(), {
  themeSource: 'system' as electron.NativeTheme['themeSource'],
  shouldUseDarkColors: false,
})

const DISPLAY = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } }
export const screen = {
  getAllDisplays: () => [DISPLAY],
  getDisplayNearestPoint: () => DISPLAY,
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
}

export const systemPreferences: Pick<electron.SystemPreferences, 'registerDefaults'> = {
  registerDefaults: () => undefined,
}

let blockers = 0
export const powerSaveBlocker: Pick<electron.PowerSaveBlocker, 'start' | 'stop'> = {
  start() {
    recorded.awake.add(++blockers)
    return blockers
  },
  stop: (id) => recorded.awake.delete(id),
}

export const ipcMain = new EventEmitter()

export const powerMonitor = new EventEmitter()

export const net: Pick<electron.Net, 'isOnline'> = { isOnline: () => recorded.isOnline }

export class WebContents extends EventEmitter {
  mainFrame = { url: 'app://hookline/' }
  openHandler: OpenHandler | undefined
  constructor() {
    super()
    app.emit('web-contents-created', {}, this)
  }
  reloads = 0
  hasCrashed = false
  replaced: string[] = []
  sent: unknown[][] = []
  isCrashed(): boolean {
    return this.hasCrashed
  }
  reload(): void {
    this.hasCrashed = false
    this.reloads++
  }
  send(channel: string, ...args: unknown[]): void {
    this.sent.push([channel, ...args])
  }
  replaceMisspelling(word: string): void {
    this.replaced.push(word)
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents()
  isShown = false
  options: electron.BrowserWindowConstructorOptions
  constructor(options: electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    recorded.windows.push(this)
  }
  loadedUrl = ''
  isFocused = false
  async loadURL(url: string): Promise<void> {
    this.loadedUrl = url
    this.emit('ready-to-show')
  }
  show(): void {
    this.isShown = true
  }
  hide(): void {
    this.isShown = false
  }
  focus(): void {
    this.isFocused = true
  }
  isMinimized(): boolean {
    return false
  }
  isVisible(): boolean {
    return this.isShown
  }
  bounds = { x: 0, y: 0, width: 1280, height: 800 }
  isMax = false
  maximize(): void {
    this.isMax = true
  }
  isMaximized(): boolean {
    return this.isMax
  }
  getNormalBounds(): electron.Rectangle {
    return this.bounds
  }
  setBounds(bounds: electron.Rectangle): void {
    this.bounds = bounds
  }
  background = ''
  setBackgroundColor(colour: string): void {
    this.background = colour
  }
  overlay: unknown[] = []
  setOverlayIcon(image: unknown, description: string): void {
    this.overlay = [image, description]
  }
  close(): void {
    this.emit('close', { preventDefault: () => undefined })
  }
  destroy(): void {
    this.emit('closed')
  }
  isDestroyed(): boolean {
    return false
  }
}

type Image = {
  url: string
  url2x: string
  isTemplate: boolean
  addRepresentation(options: electron.AddRepresentationOptions): void
  setTemplateImage(isTemplate: boolean): void
}

export const nativeImage = {
  createFromDataURL: (url: string): Image => ({
    url,
    url2x: '',
    isTemplate: false,
    addRepresentation({ dataURL = '' }) {
      this.url2x = dataURL
    },
    setTemplateImage(isTemplate) {
      this.isTemplate = isTemplate
    },
  }),
}

export const Menu = {
  buildFromTemplate: (template: electron.MenuItemConstructorOptions[]) =>
    Object.assign(template, {
      popup: () => {
        recorded.popups.push(template)
      },
    }),
  setApplicationMenu(menu: electron.MenuItemConstructorOptions[] | null): void {
    recorded.appMenu = menu
  },
}

export class Tray extends EventEmitter {
  menu: electron.MenuItemConstructorOptions[] = []
  icon: Image
  constructor(icon: Image) {
    super()
    this.icon = icon
    recorded.trays.push(this)
  }
  toolTip = ''
  title = ''
  setToolTip(words: string): void {
    this.toolTip = words
  }
  setTitle(title: string): void {
    this.title = title
  }
  setImage(icon: Image): void {
    this.icon = icon
  }
  setContextMenu(menu: electron.MenuItemConstructorOptions[]): void {
    this.menu = menu
  }
}

export class Notification extends EventEmitter {
  static isSupported = (): boolean => recorded.isNotificationSupported
  isShown = false
  options: electron.NotificationConstructorOptions
  constructor(options: electron.NotificationConstructorOptions) {
    super()
    this.options = options
    recorded.notifications.push(this)
  }
  show(): void {
    const { notificationFailure: why } = recorded
    this.isShown = why === null
    if (why === null) this.emit('show', {})
    else this.emit('failed', {}, why)
  }
}

export const safeStorage: Pick<
  electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
> = {
  isAsyncEncryptionAvailable: async () => recorded.isEncryptionAvailable,
  // As Chromium's on Linux: a mark before what is sealed, and what has none is returned as it is.
  encryptStringAsync: async (text) => Buffer.from(`${recorded.sealMark}${Buffer.from(text).toString('base64')}`),
  decryptStringAsync: async (sealed) => {
    const text = sealed.toString('latin1')
    const result = /^v1\d/.test(text) ? Buffer.from(text.slice(3), 'base64').toString() : text
    return { result, shouldReEncrypt: recorded.shouldReEncrypt }
  },
}
