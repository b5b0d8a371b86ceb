import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { createFileAccess } from './allowed-files.ts'
import type { FolderRules } from './allowed-folders.ts'

const only = (...folders: [string, ...string[]]): FolderRules => ({ all: () => folders, closed: null })

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  return thrown instanceof StepError ? thrown.details.code : `no StepError: ${String(thrown)}`
}

test('text is appended inside an allowed folder, and missing folders are made', async () => {
  const folder = join(temporaryFolder(), 'files')
  const files = createFileAccess(only(folder))
  await files.append('a/b/notes.txt', 'one\n')
  const result = await files.append(join(folder, 'a/b/notes.txt'), 'zwei ü\n')
  expect(result).toEqual({ path: join(folder, 'a/b/notes.txt'), bytes: 8 })
  expect(readFileSync(join(folder, 'a/b/notes.txt'), 'utf8')).toBe('one\nzwei ü\n')
})

test('a second allowed folder is as good as the first', async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  await createFileAccess(only(first, second)).append(join(second, 'x.txt'), 'x')
  expect(readFileSync(join(second, 'x.txt'), 'utf8')).toBe('x')
})

test.each(['../outside.txt', 'a/../../outside.txt', '/etc/hookline-test', '', 'a\0b'])(
  'the path %j is refused',
  async (path) => {
    const files = createFileAccess(only(join(temporaryFolder(), 'files')))
    expect(await codeOf(files.append(path, 'x'))).toBe('folder-not-allowed')
  },
)

test('a path with characters that nothing shows is named so that they are seen', async () => {
  const files = createFileAccess(only(join(temporaryFolder(), 'files')))
  await expect(files.append('a\0b', 'x')).rejects.toThrow('"a\\x00b" is not inside an allowed folder')
  await expect(files.append('../out\u202etxt.exe', 'x')).rejects.toThrow('"../out\\u202etxt.exe"')
})

test('a link that leads out is not followed, whether it is a folder or the file itself', async () => {
  const folder = temporaryFolder()
  const outside = temporaryFolder()
  writeFileSync(join(outside, 'secret.txt'), 'before')
  symlinkSync(outside, join(folder, 'way-out'))
  symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'))
  const files = createFileAccess(only(folder))
  expect(await codeOf(files.append('way-out/secret.txt', 'x'))).toBe('folder-not-allowed')
  expect(await codeOf(files.append('link.txt', 'x'))).toBe('file')
  expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('before')
})

test.skipIf(process.platform === 'win32').each(['nobody reads', 'somebody reads'])(
  'a pipe in the place of the file is named in the error and holds no thread, where %s it',
  async (reads) => {
    const folder = temporaryFolder()
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = reads === 'somebody reads' ? openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK) : null
    onTestFinished(() => {
      if (reader !== null) closeSync(reader)
    })
    const files = createFileAccess(only(folder))
    // More than there are threads for files.
    const thrown = await Promise.all(
      Array.from({ length: 8 }, () => files.append('pipe', 'x').catch((error: unknown) => error)),
    )
    for (const error of thrown) {
      if (!(error instanceof StepError)) throw error
      expect(error.details).toMatchObject({ code: 'file', retryable: false })
      expect(error.message).toMatch(/^"pipe" cannot be written: it is no regular file/)
    }
  },
)

test('a folder in the place of the file is named in the error', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'notes.txt'))
  expect(await codeOf(createFileAccess(only(folder)).append('notes.txt', 'x'))).toBe('file')
})

test('the data folder is closed, also where a folder around it is allowed, and also behind a link', async () => {
  const home = temporaryFolder()
  const data = join(home, 'hookline')
  mkdirSync(join(data, 'files'), { recursive: true })
  symlinkSync(data, join(home, 'elsewhere'))
  const files = createFileAccess({ all: () => [join(data, 'files'), home], closed: data })
  expect(await codeOf(files.append(join(data, 'secret.key'), 'x'))).toBe('folder-not-allowed')
  expect(await codeOf(files.append('../hookline.db', 'x'))).toBe('folder-not-allowed')
  expect(await codeOf(files.append(join(home, 'elsewhere', 'secret.key'), 'x'))).toBe('folder-not-allowed')
  await files.append('mine.txt', 'x')
  await files.append(join(home, 'notes.txt'), 'x')
  expect(readFileSync(join(home, 'notes.txt'), 'utf8')).toBe('x')
})
