import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { testApp } from '../test-app.ts'

const writing = (path: string) => ({
  format: 'hookline/zap@1' as const,
  name: 'Writes',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'note', uses: 'file.append', input: { path, text: 'x' } },
  ],
  edges: [{ from: 'go', to: 'note' }],
})

test('a path outside of the allowed folders is a problem until its folder is allowed', async () => {
  const { client } = await testApp()
  const folder = join(realpathSync(temporaryFolder()), 'orders')
  mkdirSync(folder)
  const zap = await client.zaps.create({ draft: writing(join(folder, 'all.txt')) })
  const [problem] = zap.problems
  expect(problem).toMatchObject({ severity: 'field', step: 'note', field: 'input.path', allowFolder: folder })
  expect(problem?.message).toContain('allow this folder')
  await expect(client.zaps.publish({ id: zap.id, enable: true })).rejects.toThrow('which steps may not use')
  await client.files.allow({ path: folder, sure: true })
  expect((await client.zaps.get({ id: zap.id })).problems).toEqual([])
  await client.zaps.publish({ id: zap.id, enable: true })
})

test.each([
  ['a name of a file', 'orders.txt', false],
  ['a path into a folder', 'in/orders.txt', false],
  ['a way out of the own folder', '../orders.txt', true],
  ['a folder above a template', '/nowhere/{{ go.day }}.txt', true],
  ['a template alone', '{{ go.path }}', false],
  ['a template behind the own folder', 'days/{{ go.day }}.txt', false],
  ['a template that names a folder below the root', '/{{ go.folder }}/x', false],
])('%s is a problem only where no run could reach it', async (_what, path, isProblem) => {
  const { client } = await testApp()
  const zap = await client.zaps.create({ draft: writing(path) })
  expect(zap.problems.map((problem) => problem.code)).toEqual(isProblem ? ['folder-not-allowed'] : [])
})

test('what belongs to Hookline itself cannot be allowed, so nothing offers it', async () => {
  const dataDir = temporaryFolder()
  const { client } = await testApp({ dataDir })
  const zap = await client.zaps.create({ draft: writing(join(dataDir, 'hookline.db')) })
  expect(zap.problems).toHaveLength(1)
  expect(zap.problems[0]?.message).toContain('belongs to Hookline itself')
  expect(zap.problems[0]?.allowFolder).toBeUndefined()
})
