import { existsSync, readFileSync } from 'node:fs'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isJsonList, isJsonObject, type Json } from '../../domain/values/json.ts'
import { fileWorld } from '../test-files.ts'

const filesOf = (output: Record<string, Json>): Record<string, Json>[] =>
  isJsonList(output.files ?? null) ? (output.files as Json[]).filter(isJsonObject).map((file) => ({ ...file })) : []

test('files are packed and come out as they were', async () => {
  const { run, put, at } = fileWorld()
  put('a.txt', 'Hello')
  put('sub/a.txt', 'another')
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 31) % 251))
  put('photo.png', bytes)
  const { file: photo } = await run('file.read', { path: 'photo.png' })
  const { file } = await run('zip.pack', { files: ['a.txt', 'sub/a.txt', photo ?? null], filename: 'all.zip' })
  expect(file).toMatchObject({ filename: 'all.zip', contentType: 'application/zip' })
  const unpacked = filesOf(await run('zip.unpack', { from: file ?? null }))
  expect(unpacked.map(({ filename, bytes: size }) => [filename, size])).toEqual([
    ['a.txt', 5],
    ['a (2).txt', 7],
    ['photo.png', 100_000],
  ])
  const out = await run('zip.unpack', { from: file ?? null, folder: 'out' })
  expect(filesOf(out).map(({ path }) => path)).toEqual([at('out/a.txt'), at('out/a (2).txt'), at('out/photo.png')])
  expect(readFileSync(at('out/photo.png')).equals(bytes)).toBe(true)
  // What another program unpacks as well.
  await run('file.write', { path: 'all.zip', content: file ?? null })
  expect(filesOf(await run('zip.unpack', { from: 'all.zip' }))).toHaveLength(3)
})

/** An archive with one entry, made by hand: its name, mode and sizes are what a hostile one says. */
function archive(
  name: string,
  content: Buffer,
  { mode = 0o100_644, flags = 0, size = content.length, times = 1 } = {},
): Buffer {
  const packed = deflateRawSync(content)
  const path = Buffer.from(name)
  const fields = (signature: number, central: boolean): Buffer => {
    const head = Buffer.alloc(central ? 46 : 30)
    let at = head.writeUInt32LE(signature, 0)
    if (central) at = head.writeUInt16LE(0x031e, at)
    at = head.writeUInt16LE(20, at)
    at = head.writeUInt16LE(flags, at)
    at = head.writeUInt16LE(8, at)
    at = head.writeUInt32LE(0, at)
    at = head.writeUInt32LE(crc32(content), at)
    at = head.writeUInt32LE(packed.length, at)
    at = head.writeUInt32LE(size, at)
    head.writeUInt16LE(path.length, at)
    if (central) head.writeUInt32LE((mode << 16) >>> 0, 38)
    return head
  }
  const local = Buffer.concat([fields(0x04034b50, false), path, packed])
  const central = Buffer.concat(Array.from({ length: times }, () => Buffer.concat([fields(0x02014b50, true), path])))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(times, 8)
  end.writeUInt16LE(times, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

test.each(['../evil.txt', '/etc/evil.txt', 'a/../../evil.txt', 'C:\\evil.txt', '..\\evil.txt'])(
  'the name %j leads nowhere outside of the folder',
  async (name) => {
    const { failure, put, run } = fileWorld()
    put('evil.zip', archive(name, Buffer.from('x')))
    expect(await failure('zip.unpack', { from: 'evil.zip', folder: 'out' })).toMatchObject({ code: 'bad-input' })
    expect(await run('file.list', { folder: '.', glob: '**/*' })).toMatchObject({ count: 1 })
  },
)

test('bombs, lies, links, passwords and what is no archive are refused in words', async () => {
  const { failure, put, run, at } = fileWorld()
  const zeros = Buffer.alloc(30_000_000)
  put('bomb.zip', archive('zeros.bin', zeros))
  expect(await failure('zip.unpack', { from: 'bomb.zip' })).toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/"zeros.bin" in it, which would grow more than 200 times/),
  })
  put('many.zip', archive('same.bin', Buffer.alloc(9_000_000), { times: 200 }))
  expect(await failure('zip.unpack', { from: 'many.zip', folder: 'many' })).toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/more than 1 GB/),
  })
  // Not even what fits.
  expect(existsSync(at('many'))).toBe(false)
  put('lie.zip', archive('lie.txt', Buffer.from('much longer than it says'), { size: 3 }))
  expect(await failure('zip.unpack', { from: 'lie.zip' })).toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(/cannot be read/),
  })
  put('link.zip', archive('link', Buffer.from('/etc/passwd'), { mode: 0o120_777 }))
  expect(await run('zip.unpack', { from: 'link.zip', folder: 'out' })).toEqual({
    files: [],
    skipped: [{ filename: 'link', why: 'It is a link.' }],
  })
  put('locked.zip', archive('a', Buffer.from('x'), { flags: 1 }))
  expect(await run('zip.unpack', { from: 'locked.zip' })).toEqual({
    files: [],
    skipped: [{ filename: 'a', why: 'It has a password.' }],
  })
  put('text.zip', 'text')
  expect(await failure('zip.unpack', { from: 'text.zip' })).toMatchObject({ code: 'bad-input' })
  expect(await failure('zip.pack', { files: ['none.txt'] })).toMatchObject({ code: 'no-file' })
  expect(await failure('zip.pack', { files: 5 })).toMatchObject({ code: 'bad-input' })
  expect(
    filesOf(await run('zip.unpack', { from: await run('zip.pack', { files: [] }).then(({ file }) => file ?? null) })),
  ).toEqual([])
})
