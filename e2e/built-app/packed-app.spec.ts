import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { z } from 'zod'
import { startDesktop } from '../fixtures/desktop-app.ts'
import { runCli, startHost } from '../fixtures/headless-host.ts'
import { describeDebianPackage, type PackedApp, packApp, packForMac } from '../fixtures/packed-app.ts'
import { test as base, expect } from '../fixtures/test.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const root = join(import.meta.dirname, '..', '..')

/** Bytes that the archive, and what lies beside it, may have at most. */
const MAX_ARCHIVE = 15_000_000
const MAX_UNPACKED = 4_000_000

/** Everything that may be in the archive. What is not named here is source, a map, a typing, a document, or made for another system. */
const MAY_BE_PACKED = [
  /^package\.json$/,
  /^out\/main\/[\w.-]+\.js$/,
  /^out\/main\/connector-manifests\/[\w-]+\.json$/,
  /^out\/main\/interpreter\/(?:jsonata\.js|luxon\.js|quickjs\.wasm)$/,
  /^out\/preload\/index\.cjs$/,
  /^out\/renderer\/index\.html$/,
  /^out\/renderer\/assets\/[\w.-]+\.(?:js|css|svg|woff2)$/,
  /^node_modules\/better-sqlite3\/(?:package\.json|lib\/(?:methods\/)?[\w-]+\.js)$/,
  new RegExp(`^node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}\\.node$`),
]

// Elsewhere Electron is an application folder, or signed; the workflow there packs and starts the real one.
base.skip(process.platform !== 'linux', 'what stands in for Electron when packing is that of Linux')

const test = base.extend<{ packed: PackedApp }>({
  packed: async ({ folder }, use) => use(await packApp(folder)),
})

/** A zap whose steps need what is loaded late, read beside the program, or done in threads and processes of their own. */
const zap = {
  format: 'hookline/zap@1',
  name: 'Everything that is packed',
  steps: [
    { id: 'hook', uses: 'webhook.catch', input: { path: 'packed' } },
    {
      id: 'code',
      uses: 'code.run',
      input: { input: '{{ hook.body }}', code: 'return DateTime.fromISO(input.day).plus({ days: 1 }).toISODate()' },
    },
    { id: 'query', uses: 'json.query', input: { data: '{{ hook.body }}', expression: '$sum(prices)' } },
    { id: 'html', uses: 'text.convert', input: { text: '**{{ hook.body.day }}**', from: 'markdown', to: 'html' } },
    { id: 'book', uses: 'xlsx.write', input: { rows: '{{ hook.body.rows }}' } },
    { id: 'rows', uses: 'xlsx.read', input: { from: '{{ book.file }}' } },
    { id: 'pdf', uses: 'pdf.text', input: { from: 'letter.pdf' } },
    { id: 'own', uses: 'weather.get', input: { latitude: 60, longitude: 11 } },
    {
      id: 'answer',
      uses: 'webhook.respond',
      input: {
        body: {
          code: '{{ code.result }}',
          query: '{{ query.result }}',
          html: '{{ html.text }}',
          rows: '{{ rows.rows }}',
          pages: '{{ pdf.pages.size }}',
          own: '{{ own.degrees }}',
        },
      },
    },
  ],
  edges: ['hook', 'code', 'query', 'html', 'book', 'rows', 'pdf', 'own', 'answer'].flatMap((to, at, all) =>
    at === 0 ? [] : [{ from: all[at - 1], to }],
  ),
}

test('the packed app has only what runs, and does everything out of its archive', async ({
  packed,
  folder,
  target,
}) => {
  test.setTimeout(240_000)
  await test.step('the archive has what it may have, and no more than it may weigh', async () => {
    const files = listPackage(packed.archive, { isPack: false })
      .map((path) => path.slice(1).replaceAll('\\', '/'))
      .filter((path) => !('files' in statFile(packed.archive, path)))
    expect(files.filter((path) => !MAY_BE_PACKED.some((allowed) => allowed.test(path)))).toEqual([])
    for (const allowed of MAY_BE_PACKED) expect(files.filter((path) => allowed.test(path))).not.toEqual([])
    expect((await stat(packed.archive)).size).toBeLessThan(MAX_ARCHIVE)
    const outside = await readdir(`${packed.archive}.unpacked`, { recursive: true, withFileTypes: true })
    const unpacked = outside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(unpacked).toEqual([
      join(
        `${packed.archive}.unpacked/node_modules/better-sqlite3/prebuilds`,
        `${process.platform}-${process.arch}.node`,
      ),
    ])
    expect((await stat(unpacked[0] ?? '')).size).toBeLessThan(MAX_UNPACKED)
  })

  await test.step('around it are its own name, its fuses and the languages that it speaks', async () => {
    expect((await readdir(join(packed.folder, 'locales'))).toSorted()).toEqual(['en-US.pak'])
    const executable = await readFile(join(packed.folder, 'hookline'), 'latin1')
    const [off, on] = ['0', '1']
    const fuses = [off, on, off, off, on, on]
    // runAsNode, cookieEncryption, nodeOptions, nodeCliInspect, embeddedAsarIntegrityValidation, onlyLoadAppFromAsar …
    expect(executable.slice(-9).slice(0, fuses.length)).toBe(fuses.join(''))
    expect(executable.at(-2)).toBe(off) // … loadBrowserProcessSpecificV8Snapshot, grantFileProtocolExtraPrivileges
  })

  await test.step('its licences lie beside it', async () => {
    const notices = await readFile(join(packed.folder, 'resources', 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const part of ['@xyflow/react ', 'better-sqlite3 ', 'SIL OPEN FONT LICENSE']) expect(notices).toContain(part)
  })

  await test.step('a package for Debian has all that it has to say', async () => {
    expect(existsSync(join(packed.folder, 'resources', 'app-update.yml'))).toBe(false)
    const place = 'https://updates.example/hookline'
    const { words, desktopEntry, updateFiles } = await describeDebianPackage(packed, folder, place)
    const updates = await readFile(join(packed.folder, 'resources', 'app-update.yml'), 'utf8')
    expect(updates.split('\n')).toEqual(expect.arrayContaining(['provider: generic', `url: ${place}`]))
    expect(Object.keys(updateFiles).toSorted()).toEqual(['alpha-linux.yml', 'beta-linux.yml', 'latest-linux.yml'])
    expect(new Set(Object.values(updateFiles)).size).toBe(1)
    const after = (option: string) => words[words.indexOf(option) + 1]
    expect(after('--url')).toBe('https://hookline.app')
    expect(after('--maintainer')).toBe('The Hookline authors <authors@hookline.app>')
    expect(after('--license')).toBe('MIT')
    for (const size of [16, 32, 48, 128, 256, 512])
      expect(words.join('\n')).toContain(
        `${size}x${size}.png=/usr/share/icons/hicolor/${size}x${size}/apps/hookline.png`,
      )
    expect(words.join('\n')).toContain('.desktop=/usr/share/applications/hookline.desktop')
    const lines = desktopEntry.split('\n')
    for (const line of ['Name=Hookline', 'Icon=hookline', 'Exec=/opt/Hookline/hookline %U', 'StartupWMClass=hookline'])
      expect(lines).toContain(line)
    for (const type of ['x-scheme-handler/hookline', 'application/vnd.hookline.zap+json'])
      expect(desktopEntry).toContain(type)
  })

  const dataDir = join(folder, 'data')
  await mkdir(join(dataDir, 'files'), { recursive: true })
  await copyFile(join(root, 'core/connectors/pdf/fixtures/letter.pdf'), join(dataDir, 'files', 'letter.pdf'))
  const host = await startHost({ dataDir })
  // A connector of a person's own is outside of the archive, and its process inside.
  await runCli(['connector', 'new', 'weather', '--data', dataDir])
  const connector = join(dataDir, 'connectors', 'weather.mjs')
  await writeFile(connector, (await readFile(connector, 'utf8')).replace('https://api.open-meteo.com/v1', target.url))
  target.answerText('{"current":{"temperature_2m":-3}}')
  expect(await runCli(['connector', 'approve', 'weather.mjs', '--data', dataDir])).toMatchObject({ code: 0 })
  const { zaps } = await host.ask(
    z.object({ zaps: z.array(z.object({ status: z.string(), problems: z.array(z.unknown()) })) }),
    ...['zap', 'import', await writeZap(folder, 'packed', zap), '--enable', '--json'],
  )
  expect(zaps).toEqual([{ status: 'enabled', problems: [] }])
  await host.stop()

  const app = await startDesktop({
    dataDir,
    main: packed.main,
    execArgv: ['--import', join(root, 'electron', 'stand-in', 'archive.ts')],
    env: { STAND_IN_PACKAGED: '1' },
  })
  const page = await app.page()
  const bar = page.getByRole('contentinfo')
  await expect(bar).toContainText(/127\.0\.0\.1:\d+/)
  const [hooks] = /127\.0\.0\.1:\d+/.exec((await bar.textContent()) ?? '') ?? []

  await test.step('a webhook is taken, and its run goes through threads, a process and every kind of file', async () => {
    const body = { day: '2026-11-30', prices: [1, 2, 39], rows: [{ name: 'Ada', amount: 75 }] }
    const response = await fetch(`http://${hooks}/hooks/packed`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(await response.json()).toEqual({
      code: '2026-12-01',
      query: 42,
      html: '<p><strong>2026-11-30</strong></p>\n',
      rows: body.rows,
      pages: 2,
      own: -3,
    })
  })

  await test.step('every connector and library loads, though there are no packages', async () => {
    const names = listPackage(packed.archive, { isPack: false }).flatMap(
      (path) => /[\\/]out[\\/]main[\\/]([\w.-]+\.js)$/.exec(path)?.[1] ?? [],
    )
    // What starts threads and processes is not started once more: it has to be readable.
    for (const name of names.filter((name) => /-(?:worker|process)\.js$/.test(name))) {
      const text = extractFile(packed.archive, `out/main/${name}`)
      expect(spawnSync(process.execPath, ['--check', '--input-type=module', '-'], { input: text }).status, name).toBe(0)
    }
    const loadable = names.filter((name) => !/^index\.js$|-(?:worker|process)\.js$/.test(name))
    expect(loadable.length).toBeGreaterThan(100)
    const failed = await app.evaluate(
      async (_electron, modules) => {
        const results = await Promise.allSettled(modules.map((name) => import(name)))
        return results.flatMap((result, at) =>
          result.status === 'rejected' ? [`${modules[at]}: ${result.reason}`] : [],
        )
      },
      loadable.map((name) => join(packed.archive, 'out', 'main', name)),
    )
    expect(failed).toEqual([])
  })

  await test.step('a backup is made by a thread whose code is in the archive', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page
      .getByRole('region', { name: 'Backups', exact: true })
      .getByRole('button', { name: 'Back up now' })
      .click()
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Backed up')
    expect((await readdir(join(dataDir, 'backups'))).filter((name) => name.endsWith('.db'))).toHaveLength(1)
  })

  await test.step('About shows the licences that lie beside the archive', async () => {
    await page.goto('https://stand-in.localhost/#/about')
    const licences = page.getByRole('region', { name: 'Licences of what comes with Hookline' })
    await expect(licences).toContainText('SIL OPEN FONT LICENSE')
  })

  expect(await app.quit()).toBe(0)
  expect(app.log()).not.toMatch(/error|The archive has no/i)
})

test('for macOS it is packed with the addon, the icon, the links and the hash that belong there', async ({
  folder,
}) => {
  const contents = await packForMac(folder, 'arm64')
  const unpacked = join(contents, 'Resources', 'app.asar.unpacked', 'node_modules', 'better-sqlite3', 'prebuilds')
  expect(await readdir(unpacked)).toEqual(['darwin-arm64.node'])
  const resources = await readdir(join(contents, 'Resources'))
  expect(resources).toEqual(expect.arrayContaining(['app.asar', 'icon.icns', 'THIRD-PARTY-NOTICES.txt']))
  expect(
    await readdir(join(contents, 'Frameworks', 'Electron Framework.framework', 'Versions', 'A', 'Resources')),
  ).toEqual(['en.lproj'])
  const plist = await readFile(join(contents, 'Info.plist'), 'utf8')
  for (const part of ['app.hookline.desktop', '<string>hookline</string>', 'ElectronAsarIntegrity'])
    expect(plist).toContain(part)
  // Without a signature an Apple Silicon Mac ends it at once: electron-builder makes one ad hoc there, as electron-builder.yml says.
  expect(
    (
      await readFile(join(contents, 'Frameworks', 'Electron Framework.framework', 'Electron Framework'), 'latin1')
    ).slice(-9),
  ).not.toBe('0'.repeat(9))
})
