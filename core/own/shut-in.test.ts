import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import { startChild } from '../engine/sandbox/isolated-child.ts'
import { createOwnConnectors } from './own-connectors.ts'

/** What reading a file of connectors comes to: what it throws, or why its process ended. */
async function readingOf(text: string, others: Record<string, string> = {}): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries({ ...others, 'a.mjs': text })) writeFileSync(join(folder, name), content)
  const said = Promise.withResolvers<unknown>()
  const program = fileURLToPath(new URL('./own-process.ts', import.meta.url))
  const child = startChild(program, { message: said.resolve, ended: said.resolve }, { reads: folder })
  child.post({ id: 1, work: { do: 'open', file: join(folder, 'a.mjs') } })
  const answer = JSON.stringify(await said.promise)
  child.kill()
  return answer
}

test.each([
  ['ends its host', 'process._kill(process.ppid, 9)', 'is not a function'],
  ['opens a debugger in its host', 'process._debugProcess(process.ppid)', 'is not a function'],
  ['speaks to Node in its host', "process._send({ cmd: 'NODE_HANDLE_ACK' })", 'is not a function'],
  ['starts another program', "process.execve('/bin/true')", 'is not a function'],
  ['reads variables from a file', "process.loadEnvFile('/etc/passwd')", 'is not a function'],
  ['sends a request', "await fetch('http://127.0.0.1')", 'fetch is not defined'],
  ['makes Node load its HTTP client', "new Response('')", 'Response is not defined'],
  [
    'takes the HTTP client that Node has loaded',
    "globalThis[Symbol.for('undici.globalDispatcher.1')].dispatch({})",
    'is not a function',
  ],
  [
    'stands in for a method of the pipe to its host',
    "import zlib from 'node:zlib'; let at = zlib.Gzip.prototype; while (!Object.hasOwn(at, 'push')) at = Object.getPrototypeOf(at); at.push = () => 0",
    'read only',
  ],
  [
    'listens to all that happens in Node',
    "import { EventEmitter } from 'node:events'; EventEmitter.prototype.emit = () => 0",
    'read only',
  ],
  ['imports a file of the computer', "import '/etc/passwd'", 'of its own folder alone'],
])('a file that %s does not', async (_name, text, why) => {
  expect(await readingOf(text)).toContain(why)
})

test('a file imports modules beside it, and none of CommonJS, which could load whatever it likes', async () => {
  const files = {
    'b.mjs': 'export const said = "from b"',
    'c.cjs': "module.constructor.register('data:text/javascript,')",
    'd.js': "module.constructor.register('data:text/javascript,')",
  }
  expect(await readingOf("import { said } from './b.mjs'; throw new Error(said)", files)).toContain('from b')
  expect(await readingOf("import './c.cjs'", files)).toContain('may be CommonJS')
  expect(await readingOf("import './d.js'", files)).toContain('may be CommonJS')
})

function opened(folder: string) {
  return createOwnConnectors({
    folder,
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    start: startChild,
    approved: {},
    isTaken: () => false,
    keep: async () => undefined,
    changed: () => undefined,
  })
}

const APP = `
import { action, defineApp, z } from '@hookline/sdk'
const app = defineApp({
  id: 'box', title: 'Box', icon: '<svg xmlns="http://www.w3.org/2000/svg"/>', hue: 1, address: 'https://box.example',
  actions: [action({
    name: 'get', title: 'Get', description: 'Gets it.', summary: '', effect: 'none',
    input: z.object({}), output: z.object({}), sample: {}, run: async () => ({}),
  })],
})
`

test('a file that exports something else than it says when it is looked at is refused', async () => {
  const folder = temporaryFolder()
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), APP + text)
  put(
    'ids.mjs',
    "let n = 0; Object.defineProperty(app.connectors[0], 'id', { get: () => (n++ < 1 ? 'box.get' : 'http.request') }); export default app",
  )
  put('large.mjs', "app.connectors[0].description = 'x'.repeat(3_000_000); export default app")
  put('twice.mjs', 'app.connectors.push(app.connectors[0]); export default app')
  put('proto.mjs', "app.connectors[0].id = 'box.__proto__'; export default app")
  const own = opened(folder)
  for (const { file } of own.files())
    await expect(own.approve(file), file).rejects.toMatchObject({ details: { code: 'bad-connectors' } })
  expect(own.manifests()).toEqual([])
  own.close()
})

test('a data folder may be reached by a link', async () => {
  const real = join(temporaryFolder(), 'real')
  const link = join(temporaryFolder(), 'link')
  mkdirSync(real)
  symlinkSync(real, link, 'junction')
  writeFileSync(join(real, 'box.mjs'), `${APP}export default app`)
  const own = opened(link)
  expect(await own.approve('box.mjs')).toMatchObject({ state: 'on' })
  own.close()
})
