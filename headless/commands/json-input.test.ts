import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../core/db/test-database.ts'
import { readInputFile } from './json-input.ts'

test.skipIf(process.platform === 'win32')('a pipe is read to its end, and waiting for it is said', async () => {
  const pipe = join(temporaryFolder(), 'zap.json')
  execFileSync('mkfifo', [pipe])
  const said = Promise.withResolvers<string>()
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.resolve(String(text))
    return true
  })
  const read = readInputFile(pipe)
  expect(await said.promise).toContain(`Waiting for ${pipe}`)
  writeFileSync(pipe, '{"a":1}')
  expect(await read).toBe('{"a":1}')
  vi.restoreAllMocks()
})

test.skipIf(process.platform === 'win32')('what never ends is left when it is too much', async () => {
  await expect(readInputFile('/dev/zero')).rejects.toThrow(/dev\/zero/)
})
