import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { isOurScreen, screensOrigin } from './app-protocol.ts'
import { app, recorded, reset, WebContents } from './electron.double.ts'
import { guardAllContents } from './window.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

const root = join(import.meta.dirname, '../..')

/**
 * What an Electron app must not do, by Electron's own list of recommendations and the checks of Electronegativity, in words that are found in a source.
 * `but` names the files that may, each of which has tests of its own for how; `bad` is what the rule has to find.
 */
type Rule = {
  readonly what: string
  readonly never: RegExp
  readonly in?: string
  readonly but?: readonly string[]
  readonly bad: string
}
const MAIN = 'electron/{main,preload}/**/*.ts'
const SCREENS = 'renderer/**/*.{ts,tsx}'
const ALL = '{core,electron/main,electron/preload,headless,renderer}/**/*.{ts,tsx}'

const RULES: readonly Rule[] = [
  {
    what: 'Node in a page',
    never: /nodeIntegration(?:InWorker|InSubFrames)?:(?!\s*false)/,
    bad: 'nodeIntegration: true',
  },
  { what: 'a page in the world of its preload', never: /contextIsolation:(?!\s*true)/, bad: 'contextIsolation: false' },
  { what: 'a page without a sandbox', never: /\bsandbox:(?!\s*true)|--no-sandbox/, bad: 'sandbox: isFast' },
  { what: 'a page without the rules of the web', never: /webSecurity:(?!\s*true)/, bad: 'webSecurity: false' },
  { what: 'a page inside a page', never: /webviewTag:(?!\s*false)|<webview/, bad: 'webviewTag: true' },
  { what: 'a window with preferences of its own', never: /webPreferences:(?!\s*secured\()/, bad: 'webPreferences: {' },
  {
    what: 'what Chromium is still trying',
    never: /experimentalFeatures|enableBlinkFeatures/,
    bad: 'enableBlinkFeatures: ""',
  },
  {
    what: 'insecure content',
    never: /allow(?:Running|Displaying)InsecureContent/,
    bad: 'allowRunningInsecureContent: true',
  },
  {
    what: 'a box of the system in the way of the core',
    never: /\bdialog\b\.|show(?:Error|Message)Box/,
    bad: "dialog.showErrorBox('', '')",
  },
  { what: 'the remote module', never: /@electron\/remote|enableRemoteModule/, bad: "from '@electron/remote'" },
  {
    what: 'an address of elsewhere in a window',
    never: /loadURL\((?!`\$\{screensOrigin\(\)\}\/)|loadFile\(/,
    bad: "loadURL('https://example.com')",
  },
  {
    what: 'something opened by the system',
    never: /openExternal\(/,
    but: ['window.ts', 'desktop.ts'],
    bad: 'shell.openExternal(url)',
  },
  {
    what: 'a certificate that is not checked',
    never: /certificate-error|setCertificateVerifyProc|ignore-certificate/,
    bad: "app.on('certificate-error'",
  },
  {
    what: 'switches of Chromium, but for the one by which keys are heard on Wayland',
    never: /commandLine\.append(?!Switch\('enable-features', \[\.\.\.asked, 'GlobalShortcutsPortal'\])/,
    bad: "commandLine.appendSwitch('disable-web-security')",
  },
  {
    what: 'code that is sent to a page',
    never: /executeJavaScript|insertCSS|insertText\(/,
    bad: 'contents.executeJavaScript(text)',
  },
  {
    what: 'a scheme by which files are read without us',
    never: /(?:register|intercept)(?:File|Http|Buffer|String|Stream)Protocol/,
    bad: 'protocol.registerFileProtocol(',
  },
  {
    what: 'permissions given elsewhere',
    never: /set(?:Device)?Permission(?:Request|Check)?Handler|setDisplayMediaRequestHandler/,
    but: ['window.ts'],
    bad: 'setPermissionRequestHandler(() =>',
  },
  {
    what: 'a channel beside the one for ports',
    never: /ipcMain\.(?!removeListener|off)/,
    but: ['port-handover.ts'],
    bad: "ipcMain.handle('read-file'",
  },
  {
    what: 'more in a page than the name of its host',
    never: /exposeInMainWorld\((?!'hooklineHost', 'desktop'\))/,
    bad: "exposeInMainWorld('api', ipcRenderer)",
  },
  {
    what: 'another channel of the preload',
    never: /ipcRenderer\.(?!postMessage\('hookline:port'|on\('hookline:shown')/,
    bad: 'ipcRenderer.send(channel)',
  },
  {
    what: 'Electron as a Node, which its fuses forbid',
    never: /\bfork\((?!file, \[\], \{ env)|ELECTRON_RUN_AS_NODE/,
    bad: 'fork(script)',
  },
  {
    what: 'the keychain in a way that holds up the app',
    never: /safeStorage\.(?:encrypt|decrypt)String\(/,
    bad: 'safeStorage.encryptString(text)',
  },
  { what: 'text as code', in: ALL, never: /\beval\(|new Function\(|\bvm\.(?:run|Script|compile)/, bad: 'eval(text)' },
  {
    what: 'text as markup',
    in: SCREENS,
    never: /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write/,
    bad: 'element.innerHTML = text',
  },
  {
    what: 'markup in a frame that is not shut in',
    in: SCREENS,
    never: /<iframe(?![^>]*\ssandbox="(?:allow-same-origin)?")/,
    bad: '<iframe srcDoc={html} />',
  },
  {
    what: 'a page that knows who opened it',
    in: SCREENS,
    never: /window\.open\((?![^)]*noopener)/,
    bad: "window.open(url, '_blank')",
  },
  {
    what: 'a script in the page itself',
    in: 'renderer/**/*.html',
    never: /<script(?![^>]*\ssrc=)|\son\w+=|javascript:/,
    bad: '<script>alert()</script>',
  },
]

const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

test.each(RULES)('there is never $what', ({ never, in: where = MAIN, but = [], bad }) => {
  expect(bad).toMatch(never)
  const files = globSync(where, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter(
      (file) => !/\.(?:test|double)\.|[\\/]test-/.test(file) && !but.some((name) => file.endsWith(`main/${name}`)),
    )
  expect(files).not.toEqual([])
  const found = files.filter((file) => never.test(withoutComments(readFileSync(join(root, file), 'utf8'))))
  expect(found).toEqual([])
})

test('every page that the app ever opens is kept where it is', () => {
  guardAllContents()
  const contents = new WebContents()
  app.emit('web-contents-created', {}, contents)
  for (const name of ['will-navigate', 'will-attach-webview'] as const) {
    const event = { url: 'https://example.com/', preventDefault: vi.fn() }
    contents.emit(name, event)
    expect(event.preventDefault).toHaveBeenCalled()
  }
  expect(contents.openHandler?.({ url: 'file:///etc/passwd' } as never)).toEqual({ action: 'deny' })
  expect(recorded.openedOutside).toEqual([])
})

test('a packaged app has its screens from its own origin, also where the environment names others; one in development from this computer alone', () => {
  const env = { ELECTRON_RENDERER_URL: 'http://localhost:5173' }
  expect(screensOrigin(env)).toBe('http://localhost:5173')
  for (const elsewhere of ['https://example.com', 'http://localhost.example.com:5173', 'file:///tmp', 'nonsense', ''])
    expect(screensOrigin({ ELECTRON_RENDERER_URL: elsewhere })).toBe('app://hookline')
  app.isPackaged = true
  expect(screensOrigin(env)).toBe('app://hookline')
  expect(isOurScreen('app://hookline.example.com/')).toBe(false)
})

test('the fuses, the archive and the signature are as they have to be', () => {
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  })
  // Flipped fuses void Electron's own signature. Hardened without a certificate, macOS lets the app load not even its own framework.
  expect(config.mac).toMatchObject({ identity: '-', hardenedRuntime: false })
  expect(config.asarUnpack).toEqual(['**/*.node'])
  // The one that needs no FUSE 2, and starts the app with its sandbox.
  expect(config.toolsets).toEqual({ appimage: '1.0.3' })
  const dist = readFileSync(join(root, 'scripts/dist.mjs'), 'utf8')
  for (const signed of ['-c.mac.identity=', '-c.mac.hardenedRuntime=true', '-c.mac.notarize=true'])
    expect(dist).toContain(signed)
  const entitlements = readFileSync(join(root, config.mac.entitlements), 'utf8')
  expect([...entitlements.matchAll(/<key>(.+)<\/key>/g)].map(([, key]) => key)).toEqual([
    'com.apple.security.cs.allow-jit',
  ])
})
