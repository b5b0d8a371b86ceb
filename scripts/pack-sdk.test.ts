import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/db/test-database.ts'
import { packSdk } from './pack-sdk.ts'

const root = join(import.meta.dirname, '..')

test('the packed SDK has what a connector and its test import, with types, and nothing of this computer', async () => {
  const folder = temporaryFolder()
  const archive = await packSdk(folder)
  const modules = join(folder, 'mine', 'node_modules')
  mkdirSync(join(modules, '@hookline'), { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', join(modules, '@hookline')])
  const sdk = join(modules, '@hookline', 'sdk')
  renameSync(join(modules, '@hookline', 'package'), sdk)
  for (const name of ['zod', 'liquidjs', '@types', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  writeFileSync(join(folder, 'mine', 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(folder, 'mine', 'box.mts'),
    `import { action, anyValue, defineApp, z, StepError, type Json } from '@hookline/sdk'
export default defineApp({
  id: 'box', title: 'Box', icon: '<svg/>', hue: 200, address: 'https://box.example.com',
  actions: [
    action({
      name: 'put', title: 'Put', description: 'Puts something.', summary: '', effect: 'keyed',
      input: z.object({ what: z.string(), file: anyValue().optional() }), output: z.object({ id: z.number() }), sample: { id: 1 },
      async run({ input, http }) {
        const answer = await http({ method: 'POST', path: 'things', body: { what: input.what } })
        const body: Json = answer.body
        if (body === null) throw new StepError({ code: 'empty', message: 'Nothing came back.', retryable: false })
        return { id: (body as { id: number }).id }
      },
    }),
  ],
})
`,
  )
  writeFileSync(
    join(folder, 'mine', 'try.mts'),
    `import { runAction } from '@hookline/sdk/test'
import box from './box.mts'
const id = await runAction(box, 'put', { what: 'tea' }, ({ method, url, body }) => ({ body: { id: method === 'POST' && url === 'https://box.example.com/things' && body === '{"what":"tea"}' ? 7 : 0 } }))
console.log(JSON.stringify(id))
`,
  )
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const types = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--target',
    'es2024',
    '--lib',
    'es2025,esnext.disposable,dom',
  ]
  const modes = ['--module', 'nodenext', '--allowImportingTsExtensions', '--types', 'node']
  execFileSync(process.execPath, [compiler, ...types, ...modes, 'try.mts'], {
    cwd: join(folder, 'mine'),
    stdio: 'pipe',
  })
  expect(execFileSync(process.execPath, ['try.mts'], { cwd: join(folder, 'mine'), encoding: 'utf8' })).toBe(
    '{"id":7}\n',
  )
  // Paths of this computer would be of no use to others.
  for (const file of readdirSync(sdk, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()))
    expect(readFileSync(join(file.parentPath, file.name), 'utf8'), file.name).not.toContain(root)
})
