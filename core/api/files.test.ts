import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, parse } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { enableZap, runToEnd, testApp } from '../test-app.ts'

const names = (page: { entries: readonly { name: string }[] }): string[] => page.entries.map(({ name }) => name)

test('Hookline files are there from the start, folders come first, and each has its size, time and written path', async () => {
  const { client, folder } = await testApp()
  expect((await client.files.list({ path: '', reach: 'allowed' })).entries).toEqual([])
  const own = join(folder, 'files')
  mkdirSync(join(own, 'z-folder/deep'), { recursive: true })
  writeFileSync(join(own, 'note 10.txt'), 'ten')
  writeFileSync(join(own, 'note 9.txt'), 'nine!')
  writeFileSync(join(own, '.hidden'), '')
  const page = await client.files.list({ path: '', reach: 'allowed' })
  expect(page).toMatchObject({
    path: own,
    written: '',
    total: 3,
    cutAt: null,
    trail: [{ name: 'Hookline files', path: own }],
  })
  expect(names(page)).toEqual(['z-folder', 'note 9.txt', 'note 10.txt'])
  expect(page.entries[0]).toMatchObject({ kind: 'folder', written: 'z-folder', bytes: null })
  expect(page.entries[1]).toMatchObject({ kind: 'file', written: 'note 9.txt', bytes: 5, isLink: false })
  expect(Math.abs(Date.parse(page.entries[1]?.changedAt ?? '') - Date.now())).toBeLessThan(60_000)
  expect(names(await client.files.list({ path: '', reach: 'allowed', hidden: true }))).toContain('.hidden')
  expect(names(await client.files.list({ path: '', reach: 'allowed', files: false }))).toEqual(['z-folder'])
  expect(await client.files.list({ path: 'z-folder/deep', reach: 'allowed' })).toMatchObject({
    written: join('z-folder', 'deep'),
    trail: [{ name: 'Hookline files' }, { name: 'z-folder' }, { name: 'deep', path: join(own, 'z-folder/deep') }],
  })
})

test('a folder of thousands is given by the page, and its filter looks at all of them', async () => {
  const { client, folder } = await testApp()
  const own = join(folder, 'files')
  mkdirSync(own, { recursive: true })
  for (let index = 0; index < 1_200; index += 1) writeFileSync(join(own, `f${index}.txt`), '')
  const first = await client.files.list({ path: '', reach: 'allowed', limit: 500 })
  expect([first.entries.length, first.total, first.entries[499]?.name]).toEqual([500, 1_200, 'f499.txt'])
  const last = await client.files.list({ path: '', reach: 'allowed', offset: 1_100, limit: 500 })
  expect([last.entries.length, last.entries.at(-1)?.name]).toEqual([100, 'f1199.txt'])
  expect(names(await client.files.list({ path: '', reach: 'allowed', filter: 'F1198' }))).toEqual(['f1198.txt'])
})

test.each(['..', '../..', '/etc', 'a/../../..', '../files-of-mine'])('the path %j is not looked into', async (path) => {
  const { client, folder } = await testApp()
  mkdirSync(join(folder, 'files-of-mine'))
  await expect(client.files.list({ path, reach: 'allowed' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await expect(client.files.makeFolder({ folder: path, name: 'x', reach: 'allowed' })).rejects.toMatchObject({
    code: 'NOT_ALLOWED',
  })
})

test('links are shown for what they are, and lead nowhere that is not allowed', async () => {
  const { client, folder } = await testApp()
  const own = join(folder, 'files')
  const outside = temporaryFolder()
  mkdirSync(join(own, 'inside'), { recursive: true })
  mkdirSync(join(outside, 'deep'))
  writeFileSync(join(own, 'plain.txt'), '')
  writeFileSync(join(outside, 'secret.txt'), '')
  symlinkSync(outside, join(own, 'way-out'))
  symlinkSync(join(own, 'inside'), join(own, 'way-in'))
  symlinkSync(join(own, 'plain.txt'), join(own, 'to-file'))
  symlinkSync(join(outside, 'secret.txt'), join(own, 'to-secret'))
  symlinkSync(join(own, 'nothing'), join(own, 'broken'))
  symlinkSync(folder, join(own, 'to-data'))
  const { entries } = await client.files.list({ path: '', reach: 'allowed' })
  expect(Object.fromEntries(entries.map(({ name, kind, why }) => [name, why ?? kind]))).toEqual({
    inside: 'folder',
    'way-in': 'folder',
    'plain.txt': 'file',
    'to-file': 'link-to-file',
    'way-out': 'leads-out',
    'to-secret': 'leads-out',
    'to-data': 'leads-out',
    broken: 'broken-link',
  })
  for (const path of ['way-out', 'way-out/deep', 'to-data']) {
    await expect(client.files.list({ path, reach: 'allowed' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  }
  expect((await client.files.list({ path: 'way-in', reach: 'allowed' })).written).toBe('way-in')
  await expect(client.files.makeFolder({ folder: 'way-out', name: 'made', reach: 'allowed' })).rejects.toMatchObject({
    code: 'NOT_ALLOWED',
  })
  expect(existsSync(join(outside, 'made'))).toBe(false)
})

test('what is missing, no folder, or shut is said', async () => {
  const { client, folder } = await testApp()
  const own = join(folder, 'files')
  mkdirSync(join(own, 'shut'), { recursive: true })
  writeFileSync(join(own, 'a.txt'), '')
  const list = (path: string) => client.files.list({ path, reach: 'allowed' })
  await expect(list('gone')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `There is no folder ${join(own, 'gone')} on this computer.`,
  })
  await expect(list('a.txt')).rejects.toThrow('is a file, not a folder')
  await expect(list('a\0b')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  if (process.getuid?.() === 0) return // To root, nothing is shut.
  chmodSync(join(own, 'shut'), 0)
  await expect(list('shut')).rejects.toThrow('does not let Hookline in')
  chmodSync(join(own, 'shut'), 0o700)
})

test('a folder is made where one is looking, under a name that is one', async () => {
  const { client, folder } = await testApp()
  const make = (name: string) => client.files.makeFolder({ folder: '', name, reach: 'allowed' })
  expect(await make('Invoices')).toEqual({ path: join(folder, 'files', 'Invoices') })
  await expect(make('Invoices')).rejects.toThrow('is in')
  for (const name of ['..', '.', 'a/b', '../x', 'a\\b', 'a\0']) {
    await expect(make(name)).rejects.toThrow('cannot be the name of a folder')
  }
})

test('anywhere, folders are shown and no files, from one’s own folder and the disks on', async () => {
  const { client, folder } = await testApp()
  writeFileSync(join(folder, 'a.txt'), '')
  mkdirSync(join(folder, 'a-folder'))
  expect(names(await client.files.list({ path: null, reach: 'anywhere' }))).toEqual([homedir(), parse(homedir()).root])
  const page = await client.files.list({ path: folder, reach: 'anywhere' })
  expect(names(page)).toContain('a-folder')
  expect(page.entries.every(({ kind }) => kind === 'folder')).toBe(true)
  expect(page.trail[0]).toEqual({ name: parse(folder).root, path: parse(folder).root })
})

test('an allowed folder serves the next step at once, is kept, and can be taken back', async () => {
  const more = temporaryFolder()
  const { client, folder, app } = await testApp()
  const file = join(more, 'log.txt')
  await client.files.allow({ path: more })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'log', uses: 'file.append', input: { path: file, text: 'line' } },
    ],
    edges: [{ from: 'go', to: 'log' }],
  })
  await client.files.disallow({ path: more })
  expect((await runToEnd(client, id, {})).run.status).toBe('failed')
  await expect(client.files.list({ path: more, reach: 'allowed' })).rejects.toMatchObject({
    data: { folder: more, why: null },
  })
  expect((await client.files.allow({ path: `${more}/` })).at(-1)).toEqual({ path: more, from: 'settings' })
  expect((await runToEnd(client, id, {})).run.status).toBe('succeeded')
  expect(readFileSync(file, 'utf8')).toBe('line\n')
  expect(names(await client.files.list({ path: null, reach: 'allowed' }))).toEqual(['Hookline files', more])
  expect((await client.system.info()).allowedFolders).toEqual([join(folder, 'files'), more])
  await app.stop()

  const again = (await testApp({ dataDir: folder, allowedFolders: ['/srv/named'] })).client
  expect((await again.files.allowed()).map(({ from }) => from)).toEqual(['hookline', 'environment', 'settings'])
  expect((await again.files.disallow({ path: more })).map(({ from }) => from)).toEqual(['hookline', 'environment'])
  await expect(again.files.list({ path: more, reach: 'allowed' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await expect(again.files.disallow({ path: '/srv/named' })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('the whole disk, the data folder, files and what is not there cannot be allowed', async () => {
  const { client, folder } = await testApp()
  writeFileSync(join(folder, 'a.txt'), '')
  const elsewhere = temporaryFolder()
  writeFileSync(join(elsewhere, 'a.txt'), '')
  for (const path of ['/', folder, join(folder, 'blobs'), join(elsewhere, 'a.txt'), join(elsewhere, 'no'), 'a', '']) {
    await expect(client.files.allow({ path })).rejects.toMatchObject({ code: 'CONFLICT' })
  }
  await expect(client.files.list({ path: folder, reach: 'allowed' })).rejects.toMatchObject({
    data: { why: expect.stringContaining('belongs to Hookline itself') },
  })
  // A folder around it may be allowed. What is Hookline's own stays shut.
  await client.files.allow({ path: dirname(folder) })
  const around = await client.files.list({ path: dirname(folder), reach: 'allowed', filter: folder.slice(-6) })
  expect(around.entries).toMatchObject([{ kind: 'other', why: 'closed' }])
  await expect(client.files.list({ path: folder, reach: 'allowed' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
})
