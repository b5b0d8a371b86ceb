import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '../core/db/test-database.ts'
import { readCrash } from './read-crash.ts'

test('a place in minified code is that of its source again, and what has no map stays', async () => {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'entry.ts'),
    `function firstOfAll(): never {
  throw new RangeError('it broke')
}
export function outer(): void {
  firstOfAll()
}
`,
  )
  const built = await build({
    root: folder,
    logLevel: 'silent',
    configFile: false,
    build: {
      write: false,
      sourcemap: 'hidden',
      minify: true,
      lib: { entry: join(folder, 'entry.ts'), formats: ['es'], fileName: 'app' },
    },
  })
  const { output } = z
    .object({ output: z.tuple([z.looseObject({ code: z.string(), map: z.unknown() })]).rest(z.unknown()) })
    .parse(Array.isArray(built) ? built[0] : built)
  const [{ code, map }] = output
  const column = code.indexOf('RangeError') + 1
  const line = code.slice(0, column).split('\n').length
  const inLine = column - (code.lastIndexOf('\n', column - 1) + 1)
  const stack = `RangeError: it broke\n    at n (file:///opt/Hookline/app.asar/out/main/app.js:${line}:${inLine})\n    at x (node:fs:1:2)\n    at other.js:1:1`
  const read = readCrash(stack, (file) => (file === 'app.js' ? JSON.stringify(map) : undefined))
  expect(read).toMatch(/at n \(entry\.ts:2:\d+/)
  expect(read).toContain('node:fs:1:2')
  expect(read).toContain('at other.js:1:1')
})
