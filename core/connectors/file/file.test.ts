import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../db/test-database.ts'
import type { Json } from '../../domain/values/json.ts'
import { createFileAccess } from '../../files/allowed-files.ts'
import { fileWorld } from '../test-files.ts'

test('what was written is read again, as what it is', async () => {
  const { run, at, put } = fileWorld()
  expect(await run('file.write', { path: 'a/b.txt', content: 'Grüße\n' })).toEqual({ path: at('a/b.txt'), bytes: 8 })
  expect(await run('file.read', { path: 'a/b.txt' })).toMatchObject({
    path: at('a/b.txt'),
    name: 'b.txt',
    bytes: 8,
    content: 'Grüße\n',
  })
  await run('file.write', { path: 'data.json', content: { list: [1, 'two', null] } })
  expect(await run('file.read', { path: 'data.json' })).toMatchObject({ content: { list: [1, 'two', null] } })
  expect(await run('file.read', { path: 'data.json', as: 'text' })).toMatchObject({
    content: readFileSync(at('data.json'), 'utf8'),
  })

  put('lines.txt', 'one\r\ntwo\n\nfour\n')
  expect(await run('file.read', { path: 'lines.txt', as: 'lines' })).toMatchObject({
    content: ['one', 'two', '', 'four'],
  })
  put('empty.txt', '')
  expect(await run('file.read', { path: 'empty.txt', as: 'lines' })).toMatchObject({ content: [] })
  put('utf16.txt', Buffer.from('\ufeffPreis: 5 €', 'utf16le'))
  expect(await run('file.read', { path: 'utf16.txt' })).toMatchObject({ content: 'Preis: 5 €' })
  put('broken.json', '{"a":')
  expect(await run('file.read', { path: 'broken.json' })).toMatchObject({ content: '{"a":' })
  expect(await run('file.read', { path: 'big.json', as: 'json' }).catch(() => 'fails')).toBe('fails')
})

test('bytes travel whole, and come out as they went in', async () => {
  const { run, put, at } = fileWorld()
  const picture = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7919) % 256))
  put('photo.png', picture)
  const { file } = await run('file.read', { path: 'photo.png' })
  const hash = createHash('sha256').update(picture).digest('hex')
  expect(file).toEqual({
    filename: 'photo.png',
    contentType: 'image/png',
    bytes: 300_000,
    content: { $blob: hash, bytes: 300_000, type: 'bytes' },
  })
  expect(await run('file.write', { path: 'copies/photo.png', content: file ?? null })).toEqual({
    path: at('copies/photo.png'),
    bytes: 300_000,
  })
  expect(readFileSync(at('copies/photo.png')).equals(picture)).toBe(true)
})

test('a file that is there is replaced, kept, or joined by a numbered one', async () => {
  const { run, failure, at, put } = fileWorld()
  put('note.txt', 'old')
  expect(await failure('file.write', { path: 'note.txt', content: 'new', ifExists: 'fail' })).toEqual({
    code: 'file-exists',
    message: `There is a file or folder ${at('note.txt')} already: choose another name, or set "If it exists" to replace it or to number the new one.`,
  })
  expect(await run('file.write', { path: 'note.txt', content: '2', ifExists: 'number' })).toEqual({
    path: at('note (2).txt'),
    bytes: 1,
  })
  expect(await run('file.write', { path: 'note.txt', content: '3', ifExists: 'number' })).toEqual({
    path: at('note (3).txt'),
    bytes: 1,
  })
  expect(readFileSync(at('note.txt'), 'utf8')).toBe('old')
  await run('file.write', { path: 'note.txt', content: 'new' })
  expect(readdirSync(at()).toSorted()).toEqual(['note (2).txt', 'note (3).txt', 'note.txt'])
  expect(readFileSync(at('note.txt'), 'utf8')).toBe('new')
})

test('of many that write the same name at once each gets a name of its own', async () => {
  const { run, at } = fileWorld()
  const written = await Promise.all(
    Array.from({ length: 20 }, (_, n) => run('file.write', { path: 'x.txt', content: `${n}`, ifExists: 'number' })),
  )
  expect(new Set(written.map(({ path }) => path)).size).toBe(20)
  const contents = readdirSync(at()).map((name) => readFileSync(at(name), 'utf8'))
  expect(contents.toSorted((one, other) => Number(one) - Number(other))).toEqual(
    Array.from({ length: 20 }, (_, n) => `${n}`),
  )
})

test('what makes way for a file that is replaced keeps its rights', async () => {
  const { run, at, put } = fileWorld()
  put('shared.txt', 'old')
  const { chmodSync } = await import('node:fs')
  chmodSync(at('shared.txt'), 0o664)
  await run('file.write', { path: 'shared.txt', content: 'new' })
  expect(statSync(at('shared.txt')).mode & 0o777).toBe(0o664)
})

test('files and folders are copied and moved, into folders and to new names', async () => {
  const { run, at, put } = fileWorld()
  put('in/a.pdf', 'A')
  utimesSync(at('in/a.pdf'), 1_000_000_000, 1_000_000_000)
  expect(await run('file.copy', { from: 'in/a.pdf', to: 'out/2026/' })).toEqual({
    path: at('out/2026/a.pdf'),
    from: at('in/a.pdf'),
  })
  expect(statSync(at('out/2026/a.pdf')).mtimeMs).toBe(1_000_000_000_000)
  expect(await run('file.move', { from: 'in/a.pdf', to: 'out/2026', ifExists: 'number' })).toEqual({
    path: at('out/2026/a (2).pdf'),
    from: at('in/a.pdf'),
  })
  expect(existsSync(at('in/a.pdf'))).toBe(false)
  expect(await run('file.move', { from: 'out/2026/a.pdf', to: 'b.pdf' })).toEqual({
    path: at('b.pdf'),
    from: at('out/2026/a.pdf'),
  })
  put('tree/deep/c.txt', 'C')
  expect(await run('file.copy', { from: 'tree', to: 'twin' })).toEqual({ path: at('twin'), from: at('tree') })
  expect(readFileSync(at('twin/deep/c.txt'), 'utf8')).toBe('C')
  expect(await run('file.move', { from: 'tree', to: 'moved/' })).toEqual({ path: at('moved/tree'), from: at('tree') })
  expect(readFileSync(at('moved/tree/deep/c.txt'), 'utf8')).toBe('C')
})

test('a name that only differs in case is given, and a folder is never put into itself', async () => {
  const { run, failure, at, put } = fileWorld()
  put('photo.JPG', 'x')
  expect(await run('file.move', { from: 'photo.JPG', to: 'photo.jpg' })).toEqual({
    path: at('photo.jpg'),
    from: at('photo.JPG'),
  })
  // As on a file system that does not tell case apart: two names are the same file.
  linkSync(at('photo.jpg'), at('PHOTO.jpg'))
  expect(await run('file.move', { from: 'photo.jpg', to: 'PHOTO.jpg' })).toEqual({
    path: at('PHOTO.jpg'),
    from: at('photo.jpg'),
  })
  put('box/x.txt', 'x')
  for (const id of ['file.move', 'file.copy']) {
    expect(await failure(id, { from: 'box', to: 'box/inner/' })).toEqual({
      code: 'bad-input',
      message: `The folder ${at('box')} cannot be put into itself: choose a place outside of it.`,
    })
  }
  expect(readFileSync(at('box/x.txt'), 'utf8')).toBe('x')
})

test.each([
  ['composed', 'Übung é.txt'.normalize('NFC'), 'Übung é.txt'.normalize('NFD')],
  ['decomposed', 'Übung é.txt'.normalize('NFD'), 'Übung é.txt'.normalize('NFC')],
])('a name that the disk has %s is found as it is typed', async (_form, onDisk, typed) => {
  const { run, at, put } = fileWorld()
  put(onDisk, 'found')
  expect(await run('file.read', { path: typed })).toMatchObject({ content: 'found', name: onDisk })
  expect(await run('file.list', { folder: '.', glob: typed })).toMatchObject({ count: 1 })
  await run('file.move', { from: typed, to: 'plain.txt' })
  expect(readFileSync(at('plain.txt'), 'utf8')).toBe('found')
})

test('files go into the trash with a note of where they were, or for ever', async () => {
  const { run, root, at, put } = fileWorld()
  put('a b.txt', '1')
  expect(await run('file.delete', { path: 'a b.txt' })).toEqual({ path: at('a b.txt'), existed: true })
  put('a b.txt', '2')
  expect(await run('file.delete', { path: 'a b.txt' })).toEqual({ path: at('a b.txt'), existed: true })
  const trash = join(root, 'data/Trash')
  expect(readdirSync(join(trash, 'files')).toSorted()).toEqual(['a b.2.txt', 'a b.txt'])
  expect(readFileSync(join(trash, 'info/a b.2.txt.trashinfo'), 'utf8')).toMatch(
    new RegExp(
      `^\\[Trash Info\\]\\nPath=${at('a%20b.txt').replaceAll('.', '\\.')}\\nDeletionDate=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\n$`,
    ),
  )
  put('tree/x', 'x')
  expect(await run('file.delete', { path: 'tree', how: 'forever' })).toEqual({ path: at('tree'), existed: true })
  expect(await run('file.delete', { path: 'tree', how: 'forever' })).toEqual({ path: at('tree'), existed: false })
  expect(readdirSync(at())).toEqual([])
})

test('folders are listed by name, time and size, as deep as the pattern says', async () => {
  const { run, put, at } = fileWorld()
  for (const [name, content] of [
    ['img 10.jpg', '1'],
    ['img 2.jpg', '22'],
    ['b.txt', '333'],
    ['.hidden', ''],
    ['sub/deep/c.jpg', '4444'],
  ] as const)
    put(name, content)
  const names = async (input: Record<string, Json>) =>
    ((await run('file.list', { folder: '.', ...input })).files as { path: string }[]).map(({ path }) =>
      path.slice(at().length + 1),
    )
  expect(await names({})).toEqual(['b.txt', 'img 2.jpg', 'img 10.jpg', 'sub'])
  expect(await names({ glob: '*.{jpg,png}' })).toEqual(['img 2.jpg', 'img 10.jpg'])
  expect(await names({ glob: '**/*.jpg' })).toEqual(['img 2.jpg', 'img 10.jpg', 'sub/deep/c.jpg'])
  expect(await names({ glob: 'sub/**' })).toEqual(['sub/deep', 'sub/deep/c.jpg'])
  expect(await names({ glob: '[!b]*', sort: 'size' })).toEqual(['img 2.jpg', 'img 10.jpg', 'sub'])
  expect(await names({ glob: '.*' })).toEqual(['.hidden'])
  utimesSync(at('b.txt'), 2_000_000_000, 2_000_000_000)
  expect(await names({ sort: 'modified', limit: 1 })).toEqual(['b.txt'])
})

test('a file tells what it is, or that it is not there', async () => {
  const { run, put, at } = fileWorld()
  put('a.TXT', 'abc')
  expect(await run('file.info', { path: 'a.TXT' })).toMatchObject({
    exists: true,
    path: at('a.TXT'),
    name: 'a.TXT',
    extension: 'txt',
    bytes: 3,
    isFolder: false,
  })
  expect(await run('file.info', { path: 'b.txt' })).toEqual({
    exists: false,
    path: at('b.txt'),
    name: 'b.txt',
    extension: 'txt',
  })
  expect(await run('folder.create', { path: 'new/one' })).toEqual({ path: at('new/one'), existed: false })
  expect(await run('folder.create', { path: 'new/one/' })).toEqual({ path: at('new/one'), existed: true })
  expect(await run('file.info', { path: 'new' })).toMatchObject({
    exists: true,
    isFolder: true,
    extension: '',
    bytes: 0,
  })
})

test('nothing outside of the allowed folders is read, listed, written, moved or deleted, also not through links', async () => {
  const { root, failure, run, at, put } = fileWorld()
  mkdirSync(join(root, 'outside'))
  writeFileSync(join(root, 'outside/secret.txt'), 'secret')
  symlinkSync(join(root, 'outside'), at('way-out'))
  symlinkSync(join(root, 'outside/secret.txt'), at('link.txt'))
  put('mine.txt', 'mine')
  const attempts: [string, Record<string, Json>][] = [
    ...['../outside/secret.txt', 'way-out/secret.txt', 'link.txt', join(root, 'outside/secret.txt')].flatMap(
      (path): [string, Record<string, Json>][] => [
        ['file.read', { path }],
        ['file.info', { path }],
        ['file.copy', { from: path, to: 'stolen.txt' }],
      ],
    ),
    ...['../outside/', 'way-out/', 'way-out/new.txt', `${root}/outside/`].flatMap(
      (to): [string, Record<string, Json>][] => [
        ['file.move', { from: 'mine.txt', to }],
        ['file.copy', { from: 'mine.txt', to }],
      ],
    ),
    ['file.write', { path: 'way-out/secret.txt', content: 'x' }],
    ['file.list', { folder: 'way-out' }],
    ['file.list', { folder: '..' }],
    ['file.delete', { path: 'way-out/secret.txt' }],
    ['file.delete', { path: '../outside', how: 'forever' }],
    ['folder.create', { path: 'way-out/new' }],
    ['folder.create', { path: '../new' }],
  ]
  for (const [id, input] of attempts) {
    expect(await failure(id, input), `${id} ${JSON.stringify(input)}`).toMatchObject({ code: 'folder-not-allowed' })
  }
  // What a link leads to is neither listed nor walked into.
  expect(await run('file.list', { folder: '.', glob: '**/*' })).toMatchObject({ count: 1 })
  // The link itself is the person's own: it goes, and what it leads to stays.
  await run('file.write', { path: 'link.txt', content: 'mine now' }).catch(() => undefined)
  await run('file.delete', { path: 'way-out', how: 'forever' })
  expect(readFileSync(join(root, 'outside/secret.txt'), 'utf8')).toBe('secret')
})

test.each<[string, Record<string, Json>, string, RegExp]>([
  [
    'file.read',
    { path: 'none.txt' },
    'no-file',
    /^There is no file or folder "none.txt" \(looked for at .*none.txt\): check its name/,
  ],
  ['file.move', { from: 'none.txt', to: 'x' }, 'no-file', /There is no file or folder "none.txt"/],
  ['file.copy', { from: 'none.txt', to: 'x' }, 'no-file', /There is no file or folder "none.txt"/],
  ['file.read', { path: '.' }, 'file', /cannot be read: it is no regular file, but a folder/],
  ['file.list', { folder: 'note.txt' }, 'bad-input', /is a file: name the folder that it is in/],
  ['file.list', { folder: 'none' }, 'no-file', /There is no file or folder "none"/],
  ['file.read', { path: 'note.txt', as: 'json' }, 'bad-input', /is not valid JSON: correct it, or read it as text/],
  ['file.read', { path: 'latin1.txt', as: 'text' }, 'bad-input', /is not UTF-8 text.*Or read it as a file/],
  ['file.write', { path: 'folder', content: 'x' }, 'file', /is a folder and cannot be replaced by a file/],
  ['file.write', { path: 'note.txt/inside.txt', content: 'x' }, 'file', /a part of its path is a file, not a folder/],
  ['file.write', { path: `${'n'.repeat(300)}.txt`, content: 'x' }, 'file', /its name is too long/],
  ['file.delete', { path: '.' }, 'bad-input', /is an allowed folder itself: name something in it/],
  ['folder.create', { path: 'note.txt' }, 'file', /something of that name is there/],
])('%s %j fails with %s', async (id, input, code, message) => {
  const { failure, put } = fileWorld()
  put('note.txt', 'text')
  put('folder/x', 'x')
  put('latin1.txt', Buffer.from('Grüße', 'latin1'))
  const failed = await failure(id, input)
  expect(failed.message).toMatch(message)
  expect(failed.code).toBe(code)
})

test('nothing half written is seen when content breaks off', async () => {
  const { folder } = fileWorld()
  const files = createFileAccess({ all: () => [folder], closed: null })
  async function* broken() {
    yield 'begin'
    throw new Error('the source broke off')
  }
  await expect(files.write('out.txt', broken(), 'replace')).rejects.toThrow('broke off')
  expect(readdirSync(folder)).toEqual([])
})

test('what a killed process left half written goes with the next file in that folder, and nothing else does', async () => {
  const { run, put, at } = fileWorld()
  const here = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
  const kept = [
    `.hookline-${here}-${process.ppid}-${id}.part`,
    `.hookline-00000000-1-${id}.part`,
    '.hookline-mine.part',
  ]
  for (const name of [`.hookline-${here}-${dead}-${id}.part`, `.hookline-${here}-${process.pid}-${id}.part`, ...kept])
    put(name, 'half')
  put(`.hookline-${here}-${dead}-1${id.slice(1)}.part/deep/file`, 'of a folder')
  await run('file.write', { path: 'a.txt', content: 'whole' })
  // Another process of this computer, and another computer, may be writing theirs.
  expect(readdirSync(at()).toSorted()).toEqual([...kept, 'a.txt'].toSorted())
})

test('a move to another disk takes all of it, with its times', async () => {
  const other = '/dev/shm'
  if (!existsSync(other) || statSync(other).dev === statSync(temporaryFolder()).dev) return
  const { mkdtempSync, rmSync } = await import('node:fs')
  const far = mkdtempSync(join(other, 'hookline-move-'))
  onTestFinished(() => rmSync(far, { recursive: true, force: true }))
  const folder = realpathSync(temporaryFolder())
  const files = createFileAccess({ all: () => [folder, far], closed: null })
  mkdirSync(join(folder, 'tree/deep'), { recursive: true })
  writeFileSync(join(folder, 'tree/deep/a.bin'), Buffer.alloc(3_000_000, 7))
  utimesSync(join(folder, 'tree/deep/a.bin'), 1_000_000_000, 1_000_000_000)
  expect(await files.move('tree', join(far, 'moved'), 'fail')).toEqual({
    path: join(far, 'moved'),
    from: join(folder, 'tree'),
  })
  expect(statSync(join(far, 'moved/deep/a.bin'))).toMatchObject({ size: 3_000_000, mtimeMs: 1_000_000_000_000 })
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'b.txt'), 'b')
  writeFileSync(join(far, 'b.txt'), 'there')
  expect(await files.move('b.txt', `${far}/`, 'number')).toEqual({
    path: join(far, 'b (2).txt'),
    from: join(folder, 'b.txt'),
  })
  expect(readdirSync(far).toSorted()).toEqual(['b (2).txt', 'b.txt', 'moved'])
})

test('a file goes into a folder that is there, also where it replaces one and no slash says that it is a folder', async () => {
  const { run, put, at } = fileWorld()
  put('a.txt', 'new')
  put('out/a.txt', 'old')
  expect(await run('file.copy', { from: 'a.txt', to: 'out', ifExists: 'replace' })).toMatchObject({
    path: at('out/a.txt'),
  })
  expect(readFileSync(at('out/a.txt'), 'utf8')).toBe('new')
})

test.each([
  ['a folder', 'tree', 'taken', /taken is a folder, which is not replaced with all that is in it/],
  ['a file', 'a.txt', 'taken/', /a\.txt is a folder, which is not replaced with all that is in it/],
  ['a folder over a file', 'tree', 'note/', /tree is a file, which is not replaced by a folder/],
])('what has a folder in its place says so: %s', async (_what, from, to, message) => {
  const { run, failure, put, at } = fileWorld()
  put('tree/x', 'x')
  put('a.txt', 'a')
  put('taken/tree/y', 'y')
  put('taken/a.txt/z', 'z')
  put('note/tree', 'a file')
  for (const id of ['file.copy', 'file.move']) {
    const failed = await failure(id, { from, to: to === 'taken' ? 'taken/' : to, ifExists: 'replace' })
    expect(failed.code).toBe('file-exists')
    expect(failed.message.replace('taken/tree', 'taken')).toMatch(message)
  }
  expect(readFileSync(at('taken/tree/y'), 'utf8')).toBe('y')
  // One without anything in it is.
  await run('folder.create', { path: 'empty/tree' })
  await run('file.move', { from: 'tree', to: 'empty/', ifExists: 'replace' })
  expect(readFileSync(at('empty/tree/x'), 'utf8')).toBe('x')
})

test('a second archive of two endings keeps both, wherever it is numbered', async () => {
  const { run, put, at } = fileWorld()
  put('arch.tar.gz', '1')
  put('in/arch.tar.gz', '2')
  const path = at('arch (2).tar.gz')
  expect(await run('file.move', { from: 'in/arch.tar.gz', to: 'arch.tar.gz', ifExists: 'number' })).toMatchObject({
    path,
  })
})

test('links that lead in a circle are told as that', async () => {
  const { failure, at } = fileWorld()
  symlinkSync(at('b'), at('a'))
  symlinkSync(at('a'), at('b'))
  for (const [id, input] of [
    ['file.read', { path: 'a' }],
    ['file.info', { path: 'a' }],
    ['file.list', { folder: 'a' }],
    ['file.write', { path: 'a/x', content: 'x' }],
  ] as const) {
    expect((await failure(id, input)).message).toContain('lead in a circle')
  }
})
