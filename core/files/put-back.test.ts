import {
  appendFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../test-app.ts'

afterEach(() => vi.unstubAllEnvs())

type Step = { id: string; uses: string; input: Record<string, Json> }

const move = (from: string, to: string, more: Record<string, Json> = {}): Step => ({
  id: `move${from.length}`,
  uses: 'file.move',
  input: { from, to, ...more },
})
const write = (path: string, content: string): Step => ({ id: 'write', uses: 'file.write', input: { path, content } })
const trash = (path: string): Step => ({ id: 'trash', uses: 'file.delete', input: { path } })

async function world() {
  const home = temporaryFolder()
  vi.stubEnv('XDG_DATA_HOME', join(home, 'share'))
  const dataDir = temporaryFolder()
  const app = await testApp({ dataDir })
  const at = (...path: string[]) => join(dataDir, 'files', ...path)
  mkdirSync(at(), { recursive: true })
  return { ...app, dataDir, at, trashed: join(home, 'share', 'Trash', 'files') }
}

async function run(client: TestClient, ...steps: Step[]): Promise<string> {
  const all = [{ id: 'go', uses: 'manual.run', input: {} }, ...steps]
  const edges = steps.map(({ id }, index) => ({ from: all[index]?.id ?? '', to: id }))
  const id = await enableZap(client, { steps: all, edges })
  const { run: ended } = await runToEnd(client, id, {})
  expect(ended.status).toBe('succeeded')
  return ended.id
}

const statesOf = async (client: TestClient, id: string) =>
  (await client.runs.files({ id })).changes.map(({ kind, state }) => `${kind} ${state}`)

test('what a run moved, replaced and put into the trash goes back, the last thing first', async () => {
  const { client, at, trashed } = await world()
  writeFileSync(at('a.txt'), 'a')
  writeFileSync(at('b.txt'), 'old')
  writeFileSync(at('c.txt'), 'c')
  const id = await run(
    client,
    // Twice the same file, over another one.
    move('a.txt', 'sub/'),
    move('sub/a.txt', 'b.txt', { ifExists: 'replace' }),
    trash('c.txt'),
    { id: 'folder', uses: 'folder.create', input: { path: 'made' } },
    { id: 'new', uses: 'file.write', input: { path: 'new.txt', content: 'n' } },
  )
  expect(readFileSync(at('b.txt'), 'utf8')).toBe('a')
  expect(readdirSync(trashed)).toEqual(['c.txt'])
  const seen = await client.runs.files({ id })
  expect(seen.changes.map(({ kind, state, why }) => [kind, state, why])).toEqual([
    ['move', 'can', ''],
    ['move', 'can', ''],
    ['trash', 'can', ''],
    ['folder', 'can', ''],
    ['write', 'stays', 'It is new: nothing was there before.'],
  ])
  expect((await client.runs.get({ id })).filesChanged).toBe(5)

  const result = await client.runs.putBack({ id })
  expect(result).toMatchObject({ putBack: 4, failed: [] })
  expect(['a.txt', 'b.txt', 'c.txt', 'new.txt'].map((name) => readFileSync(at(name), 'utf8'))).toEqual([
    'a',
    'old',
    'c',
    'n',
  ])
  expect(existsSync(at('made'))).toBe(false)
  expect(readdirSync(trashed)).toEqual([])
  // Once.
  expect(await client.runs.putBack({ id })).toMatchObject({ putBack: 0, failed: [] })

  // And the way back of the way back, as often as one likes.
  for (const round of [1, 2]) {
    expect((await client.runs.files({ id })).changes.map(({ canRedo }) => canRedo)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
    expect(await client.runs.redoFiles({ id }), `round ${round}`).toMatchObject({ redone: 4, failed: [] })
    expect(readFileSync(at('b.txt'), 'utf8')).toBe('a')
    expect(existsSync(at('a.txt'))).toBe(false)
    expect(readdirSync(trashed)).toEqual(['c.txt'])
    expect(existsSync(at('made'))).toBe(true)
    expect(await client.runs.redoFiles({ id })).toMatchObject({ redone: 0, failed: [] })
    expect(await client.runs.putBack({ id })).toMatchObject({ putBack: 4, failed: [] })
    expect(['a.txt', 'b.txt', 'c.txt'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['a', 'old', 'c'])
    expect(readdirSync(trashed)).toEqual([])
  }
})

test('what was put back is done again only where nothing has changed since, and the newer content of a file comes back', async () => {
  const { client, at } = await world()
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(at(name), name)
  const id = await run(
    client,
    { id: 'm1', uses: 'file.move', input: { from: 'a', to: 'x/a' } },
    { id: 'm2', uses: 'file.move', input: { from: 'b', to: 'x/b' } },
    { id: 'm3', uses: 'file.move', input: { from: 'c', to: 'x/c' } },
    { id: 'w', uses: 'file.write', input: { path: 'd', content: 'new' } },
  )
  expect((await client.runs.putBack({ id })).putBack).toBe(4)
  appendFileSync(at('a'), '!')
  writeFileSync(at('x/b'), 'another')
  const keys = (await client.runs.files({ id })).changes.map(({ key }) => key)
  const again = await client.runs.redoFiles({ id, keys })
  expect(again.redone).toBe(2)
  expect(again.failed.map(({ message }) => message)).toEqual([
    'It was changed since it was put back.',
    expect.stringMatching(/^There is something at .* again\.$/),
  ])
  expect(readFileSync(at('a'), 'utf8')).toBe('a!')
  expect(readFileSync(at('x/b'), 'utf8')).toBe('another')
  expect(readFileSync(at('x/c'), 'utf8')).toBe('c')
  expect(readFileSync(at('d'), 'utf8')).toBe('new')
  expect((await client.runs.putBack({ id })).putBack).toBe(2)
  expect(readFileSync(at('d'), 'utf8')).toBe('d')
})

test('a file that was written to since is left alone, and so is what else has changed; the rest goes back', async () => {
  const { client, at, trashed } = await world()
  for (const name of ['a', 'b', 'c', 'd', 'e']) writeFileSync(at(name), name)
  const id = await run(
    client,
    { id: 'm1', uses: 'file.move', input: { from: 'a', to: 'x/a' } },
    { id: 'm2', uses: 'file.move', input: { from: 'b', to: 'x/b' } },
    { id: 'm3', uses: 'file.move', input: { from: 'c', to: 'x/c' } },
    trash('d'),
    { id: 'w', uses: 'file.write', input: { path: 'e', content: 'new' } },
  )
  appendFileSync(at('x/a'), 'more')
  writeFileSync(at('b'), 'another')
  rmSync(join(trashed, 'd'))
  appendFileSync(at('e'), '!')
  expect(await statesOf(client, id)).toEqual([
    'move changed',
    'move in-the-way',
    'move can',
    'trash gone',
    'write changed',
  ])
  const result = await client.runs.putBack({ id })
  expect(result.putBack).toBe(1)
  expect(readFileSync(at('c'), 'utf8')).toBe('c')
  expect(readFileSync(at('b'), 'utf8')).toBe('another')
  expect(readFileSync(at('x/a'), 'utf8')).toBe('amore')
  expect(readFileSync(at('e'), 'utf8')).toBe('new!')

  // What is in the way may be numbered.
  expect((await client.runs.putBack({ id, inTheWay: 'number' })).putBack).toBe(1)
  expect(readFileSync(at('b (2)'), 'utf8')).toBe('b')
  expect(readFileSync(at('b'), 'utf8')).toBe('another')
})

test('one change can be chosen, and says why where it cannot go back', async () => {
  const { client, at } = await world()
  writeFileSync(at('a'), 'a')
  writeFileSync(at('b'), 'b')
  const id = await run(
    client,
    { id: 'm1', uses: 'file.move', input: { from: 'a', to: 'x/a' } },
    { id: 'm2', uses: 'file.move', input: { from: 'b', to: 'x/b' } },
  )
  const [first, second] = (await client.runs.files({ id })).changes
  expect((await client.runs.putBack({ id, keys: [first?.key ?? ''] })).putBack).toBe(1)
  expect([existsSync(at('a')), existsSync(at('b'))]).toEqual([true, false])
  rmSync(at('x/b'))
  const { failed } = await client.runs.putBack({ id, keys: [second?.key ?? ''] })
  expect(failed[0]?.message).toContain('is not at')
})

test('two who put the same files back at once do it once', async () => {
  const { client, at } = await world()
  for (let index = 0; index < 20; index++) writeFileSync(at(`${index}`), String(index))
  const id = await run(
    client,
    ...Array.from(
      { length: 20 },
      (_, at): Step => ({ id: `m${at}`, uses: 'file.move', input: { from: `${at}`, to: 'x/' } }),
    ),
  )
  const results = await Promise.all([1, 2, 3].map(() => client.runs.putBack({ id })))
  expect(results.map(({ putBack }) => putBack).toSorted()).toEqual([0, 0, 20])
  expect(readdirSync(at('x'))).toEqual([])
})

test('a run under way, and one that changed nothing, have nothing to put back', async () => {
  const { client } = await world()
  const id = await run(client, { id: 'set', uses: 'data.set', input: { fields: { a: 1 } } })
  expect(await client.runs.putBack({ id })).toEqual({ changes: [], putBack: 0, failed: [] })
  expect((await client.runs.get({ id })).filesChanged).toBe(0)
})

/** Changes the rows of a stopped host as a kill leaves them. */
function cutOff(dataDir: string, state: 'intended' | 'undoing', kind: string): void {
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  const { changes } = database
    .prepare(`UPDATE file_change SET state = ?, trashed = iif(? = 'intended', NULL, trashed) WHERE kind = ?`)
    .run(state, state, kind)
  database.close()
  expect(changes).toBe(1)
}

test.each([
  ['was done', true],
  ['was not done', false],
])('a move that a kill cut off, and that %s, is told as it is at the next start', async (_, isDone) => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'a')
  writeFileSync(at('b.txt'), 'taken')
  const id = await run(client, {
    id: 'm',
    uses: 'file.move',
    input: { from: 'a.txt', to: 'b.txt', ifExists: 'number' },
  })
  await app.stop()
  cutOff(dataDir, 'intended', 'move')
  if (!isDone) renameSync(at('b (2).txt'), at('a.txt'))
  const second = await testApp({ dataDir })
  expect(await statesOf(second.client, id)).toEqual(isDone ? ['move can'] : [])
  await second.client.runs.putBack({ id })
  expect([readFileSync(at('a.txt'), 'utf8'), readFileSync(at('b.txt'), 'utf8')]).toEqual(['a', 'taken'])
})

test('a file that a kill met with both its names, moved or put back or moved again, has one at the next start', async () => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'a')
  writeFileSync(at('b.txt'), 'taken')
  const input = { from: 'a.txt', to: 'b.txt', ifExists: 'number' }
  const id = await run(client, { id: 'm', uses: 'file.move', input })
  const names = () => readdirSync(at()).toSorted()
  await app.stop()
  cutOff(dataDir, 'undoing', 'move')
  linkSync(at('b (2).txt'), at('a.txt'))
  const second = await testApp({ dataDir })
  expect(await statesOf(second.client, id)).toEqual(['move can'])
  expect(names()).toEqual(['b (2).txt', 'b.txt'])
  await second.client.runs.putBack({ id })
  await second.app.stop()
  cutOff(dataDir, 'undoing', 'move')
  linkSync(at('a.txt'), at('b (2).txt'))
  const third = await testApp({ dataDir })
  expect(await statesOf(third.client, id)).toEqual(['move back'])
  expect(names()).toEqual(['a.txt', 'b.txt'])
  await third.client.runs.redoFiles({ id })
  await third.app.stop()
  cutOff(dataDir, 'intended', 'move')
  linkSync(at('b (2).txt'), at('a.txt'))
  const fourth = await testApp({ dataDir })
  expect(await statesOf(fourth.client, id)).toEqual([])
  expect(names()).toEqual(['a.txt', 'b.txt'])
  expect(['a.txt', 'b.txt'].map((name) => readFileSync(at(name), 'utf8'))).toEqual(['a', 'taken'])
})

test('a file that a kill cut off on its way into the trash is found there', async () => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'a')
  await run(client, trash('a.txt'))
  writeFileSync(at('a.txt'), 'second')
  await app.stop()
  // Only the second one is cut off: the trash has another of its name.
  const again = await testApp({ dataDir })
  const second = await run(again.client, trash('a.txt'))
  await again.app.stop()
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  database.prepare(`UPDATE file_change SET state = 'intended', trashed = NULL WHERE run_id = ?`).run(second)
  database.close()
  const third = await testApp({ dataDir })
  expect(await statesOf(third.client, second)).toEqual(['trash can'])
  await third.client.runs.putBack({ id: second })
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('second')
})

test.each([
  ['before it was done', 'move back', ['a', 'old']],
  ['after what it replaces had made way', 'move back', ['a', 'old']],
  ['after it was done', 'move can', [undefined, 'a']],
])('doing it again that a kill cut off %s is told as it is', async (when, expected, contents) => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'a')
  writeFileSync(at('b.txt'), 'old')
  const id = await run(client, move('a.txt', 'b.txt', { ifExists: 'replace' }))
  const [change] = (await client.runs.putBack({ id })).changes
  if (when === 'after it was done') await client.runs.redoFiles({ id })
  await app.stop()
  if (when === 'after it was done') {
    const database = new Sqlite(join(dataDir, 'hookline.db'))
    database.prepare('UPDATE file_change SET undone_to = ?, undone_at = 1').run(at('a.txt'))
    database.close()
  } else if (when !== 'before it was done') renameSync(at('b.txt'), join(dataDir, 'kept', change?.key ?? ''))
  cutOff(dataDir, 'undoing', 'move')
  const second = await testApp({ dataDir })
  expect(await statesOf(second.client, id)).toEqual([expected])
  const content = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined)
  expect(['a.txt', 'b.txt'].map(content)).toEqual(contents)
})

test.each([
  ['before', 'it was done', 'move can'],
  ['after', 'it was done', 'move back'],
])(
  'putting back that a kill cut off %s %s is told as it is, and what it began is finished',
  async (when, __, expected) => {
    const { app, client, at, dataDir } = await world()
    writeFileSync(at('a.txt'), 'a')
    writeFileSync(at('b.txt'), 'old')
    const id = await run(client, move('a.txt', 'b.txt', { ifExists: 'replace' }))
    await app.stop()
    cutOff(dataDir, 'undoing', 'move')
    // The move back was made, and what it had replaced was not put back yet.
    if (when === 'after') renameSync(at('b.txt'), at('a.txt'))
    const second = await testApp({ dataDir })
    expect(await statesOf(second.client, id)).toEqual([expected])
    await second.client.runs.putBack({ id })
    expect([readFileSync(at('a.txt'), 'utf8'), readFileSync(at('b.txt'), 'utf8')]).toEqual(['a', 'old'])
  },
)

test('a replaced file that a kill cut off is replaced or not, and both can be put right', async () => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'old')
  const id = await run(client, write('a.txt', 'new'))
  const [kept = ''] = readdirSync(join(dataDir, 'kept'))
  await app.stop()
  cutOff(dataDir, 'intended', 'write')
  // It was kept, and the new one not given its name yet.
  rmSync(at('a.txt'))
  linkSync(join(dataDir, 'kept', kept), at('a.txt'))
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  const { ino, dev, size: bytes, mtimeMs } = lstatSync(at('a.txt'))
  database
    .prepare(`UPDATE file_change SET stamp = ?`)
    .run(JSON.stringify({ ino, dev, bytes, mtimeMs, isFolder: false }))
  database.close()
  const second = await testApp({ dataDir })
  expect(await statesOf(second.client, id)).toEqual([])
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('old')
})

test('what was replaced is forgotten with its run', async () => {
  const { app, client, at, dataDir } = await world()
  writeFileSync(at('a.txt'), 'old')
  const id = await run(client, write('a.txt', 'new'))
  expect(readdirSync(join(dataDir, 'kept'))).toHaveLength(1)
  await app.stop()
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  database.pragma('foreign_keys = ON')
  database.prepare('DELETE FROM run WHERE id = ?').run(id)
  database.close()
  const { createKeptFiles } = await import('./kept-files.ts')
  const { createPutBack } = await import('./put-back.ts')
  const { openDatabase } = await import('../db/open.ts')
  const { systemClock } = await import('../domain/time/clock.ts')
  const opened = openDatabase(dataDir)
  const kept = createKeptFiles(join(dataDir, 'kept'))
  const rules = { all: () => [at()] as [string], closed: null }
  await createPutBack({ database: opened, clock: systemClock, rules, kept }).tidy()
  await opened.close()
  expect(readdirSync(join(dataDir, 'kept'))).toEqual([])
})

test('a file that is put back into a folder under watch starts nothing; one that comes there or is changed does', async () => {
  const { client, at } = await world()
  mkdirSync(at('in'))
  writeFileSync(at('in', 'a.txt'), 'a')
  const id = await enableZap(client, {
    steps: [
      {
        id: 'watch',
        uses: 'file.watch',
        input: { folder: 'in', glob: '*', events: ['created', 'changed'], settle: '0s', existing: 'run' },
      },
      { id: 'move', uses: 'file.move', input: { from: '{{ watch.path }}', to: 'out/', ifExists: 'number' } },
    ],
    edges: [{ from: 'watch', to: 'move' }],
  })
  const runs = async () => (await client.runs.list({ zapId: id, status: 'succeeded' })).runs
  await expect.poll(async () => (await runs()).length).toBe(1)
  const [first] = await runs()
  expect((await client.runs.putBack({ id: first?.id ?? '' })).putBack).toBe(1)
  writeFileSync(at('in', 'b.txt'), 'b')
  await expect.poll(() => readdirSync(at('out'))).toEqual(['b.txt'])
  expect(readdirSync(at('in'))).toEqual(['a.txt'])
  appendFileSync(at('in', 'a.txt'), '!')
  await expect.poll(() => readdirSync(at('out')).toSorted()).toEqual(['a.txt', 'b.txt'])
})
