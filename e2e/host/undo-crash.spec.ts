import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { type RunningHost, runCli, startHost, temporaryFolder } from '../fixtures/headless-host.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const COUNT = 60
const importSchema = z.object({ zaps: z.array(z.object({ id: z.string() })) })
const startedSchema = z.object({ runId: z.string() })
const runSchema = z.object({ run: z.object({ status: z.string() }) })
const filesSchema = z.object({ changes: z.array(z.object({ state: z.string(), path: z.string() })) })

const zap = {
  format: 'hookline/zap@1',
  name: 'Move all',
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'list', uses: 'file.list', input: { folder: 'in' } },
    { id: 'each', uses: 'logic.for-each', input: { items: '{{ list.files }}' } },
    { id: 'move', uses: 'file.move', input: { from: '{{ item.path }}', to: 'out/' } },
  ],
  edges: [
    { from: 'go', to: 'list' },
    { from: 'list', to: 'each' },
    { from: 'each', port: 'each', to: 'move' },
  ],
}

test('a kill -9 in the middle of moving files, and of putting them back, loses none and can be gone on with', async () => {
  const folder = await temporaryFolder()
  const at = (name: string): string => `${folder.path}/files/${name}`
  await mkdir(at('in'), { recursive: true })
  await mkdir(at('out'))
  for (let n = 0; n < COUNT; n++) await writeFile(at(`in/${n}.txt`), `file ${n}`)
  const count = async (name: string): Promise<number> => (await readdir(at(name))).length
  /** Every file is in one of the two folders, whole, and in no other: but for one that a kill has met with both its names. */
  const expectAll = async (twice = 0): Promise<void> => {
    const found = [
      ...(await readdir(at('in'))).map((name) => `in/${name}`),
      ...(await readdir(at('out'))).map((name) => `out/${name}`),
    ]
    expect(new Set(found.map((name) => name.replace(/^\w+\//, ''))).size).toBe(COUNT)
    expect(found.length).toBeLessThanOrEqual(COUNT + twice)
    for (const name of found) expect(await readFile(at(name), 'utf8')).toBe(`file ${/(\d+)\.txt$/.exec(name)?.[1]}`)
  }

  let host: RunningHost = await startHost({ dataDir: folder.path })
  const { zaps } = await host.ask(importSchema, 'zap', 'import', await writeZap(folder.path, 'all', zap), '--enable')
  const { runId } = await host.ask(startedSchema, 'zap', 'run', zaps[0]?.id ?? '', '--input', '{}')
  await expect.poll(() => count('out'), { intervals: [5] }).toBeGreaterThan(5)
  await host.kill()
  await expectAll(1)

  host = await startHost({ dataDir: folder.path })
  const state = async (): Promise<string> => (await host.ask(runSchema, 'run', 'show', runId)).run.status
  await expect.poll(state).toMatch(/needs-review|succeeded/)
  // What was cut off was done or not; the files tell, and the rest of the run is not needed here.
  if ((await state()) === 'needs-review')
    await host.ask(z.unknown(), 'run', 'resolve', runId, '--stop').catch(() => undefined)
  await expectAll()
  const moved = await count('out')
  const { changes } = await host.ask(filesSchema, 'run', 'files', runId)
  expect(changes.filter((one) => one.state === 'can')).toHaveLength(moved)
  expect(changes).toHaveLength(moved)

  const undoing = runCli(['run', 'undo-files', runId, '--data', folder.path])
  await expect.poll(() => count('out'), { intervals: [2] }).toBeLessThan(moved)
  await host.kill()
  await undoing
  await expectAll(1)
  host = await startHost({ dataDir: folder.path })
  await host.ask(z.unknown(), 'run', 'undo-files', runId)
  await expectAll()
  expect(await count('out')).toBe(0)
  const after = await host.ask(filesSchema, 'run', 'files', runId)
  expect(after.changes.map((one) => one.state)).toEqual(Array.from({ length: moved }, () => 'back'))
  await host.stop()
  await folder.remove()
})
