import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { accessible } from '../fixtures/accessible.ts'
import { connectTo } from '../fixtures/control-client.ts'
import { type DesktopApp, startDesktop } from '../fixtures/desktop-app.ts'
import { test as base, expect } from '../fixtures/test.ts'

const test = base.extend<{ app: DesktopApp }>({
  app: async ({ folder }, use) => {
    const env = { XDG_CONFIG_HOME: join(folder, 'config'), HOME: join(folder, 'home') }
    const app = await startDesktop({ dataDir: `${folder}/data`, env })
    await use(app)
    await app.quit()
  },
})

const root = join(import.meta.dirname, '..', '..')

/** The command line of the app: its executable with the words behind the mark. */
async function command(
  app: DesktopApp,
  ...words: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'electron/stand-in/register.ts'),
      join(root, 'out/main/index.js'),
      '--hookline-command',
      '--',
      ...words,
    ],
    { cwd: root, env: { ...process.env, HOOKLINE_DATA: app.dataDir } },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.end()
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const greeting = {
  format: 'hookline/zap@1' as const,
  name: 'Greet somebody',
  steps: [
    { id: 'go', uses: 'manual.run', input: { fields: { name: 'Ada', times: 2 } } },
    { id: 'say', uses: 'data.set', input: { fields: { greeting: 'Hello {{ go.name }}, {{ go.times }} times' } } },
  ],
  edges: [{ from: 'go', to: 'say' }],
}

test('a zap is run by its name from anywhere: type, Enter, fill in, see the answer', async ({ app }) => {
  await app.page()
  const { client, close } = await connectTo(app.dataDir)
  const { id } = await client.zaps.create({ draft: greeting })
  await client.zaps.publish({ id })
  close()
  await app.evaluate(({ recorded }) => recorded.shortcuts.get('CommandOrControl+Alt+Space')?.())
  const quick = await app.page(/#\/quick-run/)
  await quick.setViewportSize({ width: 640, height: 440 })
  await quick.getByPlaceholder('Run a zap by its name…').fill('greet')
  await expect(quick.getByRole('option')).toHaveCount(1)
  await accessible(quick, 'quick-run window, zaps')
  await quick.keyboard.press('Enter')
  await expect(quick.getByLabel('name')).toHaveValue('Ada')
  await quick.getByLabel('name').fill('Grace')
  await quick.keyboard.press('Enter')
  await expect(quick.getByText('Hello Grace, 2 times')).toBeVisible()
  await accessible(quick, 'quick-run window, answer')
  await quick.getByRole('button', { name: 'Open run' }).click()
  await expect((await app.page(/#\/runs\/run_/)).getByRole('main')).toContainText('Greet somebody')
  expect(await app.evaluate(({ recorded }) => recorded.windows.map(({ isShown }) => isShown))).toEqual([true, false])
})

test('a zap file that is opened is reviewed first, and hostile files and links change nothing', async ({
  app,
  folder,
}) => {
  const page = await app.page()
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  const file = join(folder, 'tell.zap.json')
  const zap = {
    ...greeting,
    name: 'From elsewhere',
    steps: [...greeting.steps, { id: 'tell', uses: 'http.request', input: { url: 'https://evil.example/' } }],
  }
  writeFileSync(file, JSON.stringify(zap))
  symlinkSync('/etc/passwd', join(folder, 'link.zap.json'))
  const open = (...words: string[]): Promise<unknown> =>
    app.evaluate(
      ({ app }, [cwd, ...given]) => app.emit('second-instance', {}, ['/app', ...given], cwd),
      [folder, ...words],
    )
  await open(
    'hookline://../../',
    'javascript:alert(1)',
    'link.zap.json',
    '//evil.example/share/x.zap.json',
    '--inspect',
  )
  const told = page.getByRole('region', { name: 'Notifications' })
  await expect(told).toContainText('This link leads nowhere in Hookline')
  await expect(told).toContainText('only a link to another file')
  await expect(told).toContainText('lies on another computer')
  await open('tell.zap.json')
  await expect(page.getByRole('heading', { level: 1, name: 'Review before it is added' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Hosts' })).toContainText('evil.example')
  const { client, close } = await connectTo(app.dataDir)
  expect((await client.zaps.list()).map(({ name }) => name)).not.toContain('From elsewhere')
  close()
  await open('hookline://settings')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})

test('a question is answered at its notification, the tray counts it meanwhile, and its click leads there', async ({
  app,
}) => {
  const page = await app.page()
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  const { client, close } = await connectTo(app.dataDir)
  const { id } = await client.zaps.create({
    draft: {
      format: 'hookline/zap@1',
      name: 'Ask',
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'ask', uses: 'logic.approve', input: { message: 'Refund order 7?' } },
      ],
      edges: [{ from: 'go', to: 'ask' }],
    },
  })
  await client.zaps.publish({ id })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  const tray = () => app.evaluate(({ recorded }) => recorded.trays[0]?.toolTip)
  await expect.poll(tray).toBe('Hookline: 1 approval waits')
  expect(await app.evaluate(({ recorded }) => recorded.badgeCount)).toBe(1)
  const notice = await app.evaluate(({ recorded }) => recorded.notifications.map(({ options }) => options))
  expect(notice).toEqual([
    expect.objectContaining({
      body: 'Refund order 7?',
      actions: [expect.objectContaining({ text: 'Approve' }), expect.objectContaining({ text: 'Decline' })],
    }),
  ])
  await app.evaluate(({ recorded }) => void recorded.notifications[0]?.emit('click'))
  await expect(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
  await app.evaluate(({ recorded }) => void recorded.notifications[0]?.emit('action', { actionIndex: 1 }))
  await expect.poll(async () => (await client.runs.get({ id: runId })).steps[1]?.approval?.decision).toBe('declined')
  await expect.poll(tray).toBe('Hookline')
  close()
})

test('the command line reaches the app, is installed by it, and can be that without a window', async ({
  app,
  folder,
}) => {
  const page = await app.page()
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  const status = await command(app, 'status', '--json')
  expect(status).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(status.stdout)).toBeTruthy()
  expect(await command(app, 'zap', 'show', 'none')).toMatchObject({ code: 1, stdout: '' })
  expect(await command(app, 'nonsense')).toMatchObject({ code: 2 })
  expect(await command(app, 'start')).toMatchObject({ code: 2, stderr: expect.stringContaining('open Hookline') })

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  const section = page.getByRole('region', { name: 'Desktop app' })
  await section.getByRole('button', { name: 'Install the command line' }).click()
  await expect(section.getByRole('button', { name: 'Take it away' })).toBeVisible()
  expect(readFileSync(join(folder, 'home/.local/bin/hookline'), 'utf8')).toContain('--hookline-command')
  await section.getByRole('switch', { name: 'Start when you log in' }).click()
  await section.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => existsSync(join(folder, 'config/autostart/hookline.desktop'))).toBe(true)
  await accessible(page, 'settings of the desktop app')
  await app.evaluate(
    ({ app }, path) => app.emit('open-url', { preventDefault: () => undefined }, path),
    'hookline://runs',
  )
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
})

test('what is copied is in the clipboard, and a page that may not copy does not say that it did', async ({ app }) => {
  const page = await app.page()
  await page.goto('https://stand-in.localhost/#/about')
  await page.getByRole('button', { name: 'Copy all' }).click()
  await expect(page.getByText('Copied', { exact: true })).toHaveCount(1)
  await accessible(page, 'about')
  const cdp = await page.context().newCDPSession(page)
  const { browserContextId = '' } = (await cdp.send('Target.getTargetInfo')).targetInfo
  const permission = { name: 'clipboard-write', allowWithoutSanitization: false }
  await cdp.send('Browser.setPermission', { browserContextId, permission, setting: 'denied' })
  await expect(page.getByText('Copied', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Copy all' }).click()
  await expect(page.getByText('The browser did not let Hookline copy')).toBeVisible()
  await page.goto('https://stand-in.localhost/#/log')
  await expect(page.getByRole('heading', { level: 1, name: 'Log' })).toBeVisible()
  await accessible(page, 'log')
  await page.getByRole('link', { name: 'Inbox', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
})

test('a port that is taken is told in the window, and another one is chosen there', async ({ folder }) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  const address = blocker.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  mkdirSync(`${folder}/data`, { recursive: true })
  const app = await startDesktop({ dataDir: `${folder}/data`, env: { HOOKLINE_HOOK_PORT: port } })
  const page = await app.page()
  const dialog = page.getByRole('alertdialog', { name: 'Hookline cannot start' })
  await expect(dialog).toContainText(`Port ${port}`)
  await accessible(page, 'a start that failed')
  await page.getByLabel('Another port for webhooks').fill('0')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  expect(await app.quit()).toBe(0)
  blocker.close()
})

test('a keychain that is locked: the app starts, says which credentials wait, and runs what needs none', async ({
  folder,
}) => {
  const dataDir = `${folder}/data`
  const first = await startDesktop({ dataDir })
  await expect((await first.page()).getByRole('contentinfo')).toContainText(/127\.0\.0\.1:\d+/)
  const before = await connectTo(dataDir)
  await before.client.credentials.set({ name: 'shop', secret: 'sesame' })
  const { id } = await before.client.zaps.create({ draft: greeting })
  await before.client.zaps.publish({ id })
  before.close()
  await first.quit()

  const app = await startDesktop({ dataDir, env: { STAND_IN_LOCKED: '1' } })
  const page = await app.page()
  await page.getByRole('link', { name: 'Credentials' }).click()
  await expect(page.getByRole('main')).toContainText('The keychain of this system was locked')
  const notices = await app.evaluate(({ recorded }) => recorded.notifications.map(({ options }) => options.body))
  expect(notices).toEqual([expect.stringContaining('cannot be used: shop')])
  const { client, close } = await connectTo(dataDir)
  await expect(client.credentials.set({ name: 'new', secret: 'x' })).rejects.toThrow(
    /keychain of this system is locked/,
  )
  expect(await client.credentials.test({ name: 'shop' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('keychain of this system is locked'),
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: { name: 'Ada', times: 1 } })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  close()
  await app.evaluate(({ recorded }) => {
    recorded.isEncryptionAvailable = true
  })
  await page.getByRole('button', { name: 'It is unlocked' }).click()
  await expect(page.getByRole('main')).not.toContainText('was locked')
  expect(await app.quit()).toBe(0)
})
