import {
  appendFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { FolderToWatch } from '../../connectors/trigger-sources.ts'
import type { Database } from '../../db/open.ts'
import { temporaryDatabase, temporaryFolder } from '../../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion } from '../../db/zaps.ts'
import { systemClock } from '../../domain/time/clock.ts'
import { blankZap } from '../../domain/zap/zap-file.ts'
import { outboxAtRest } from '../../outbox/test-outbox.ts'
import { createFolderWatches } from './folder-watches.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
beforeEach(() => void log.warn.mockClear())

/** A folder that can be watched again and again, as by one host after another, over one database. */
async function world(watch: Partial<FolderToWatch> = {}) {
  const base = realpathSync(temporaryFolder())
  const folder = join(base, 'watched')
  mkdirSync(folder)
  const database: Database = temporaryDatabase()
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
  const what: FolderToWatch = {
    folder: 'watched',
    glob: '**/*',
    events: ['created', 'changed', 'removed'],
    settleMs: 40,
    existing: 'ignore',
    ...watch,
  }
  const live = (more: Partial<FolderToWatch> = {}) => {
    const of = { ...what, ...more }
    return {
      zapId: 'zap',
      zapName: 'A zap',
      version: 1,
      settings: {},
      stepId: 'watch',
      subject: `${of.folder} ${of.glob}`,
      watch: of,
    }
  }
  /** `lastWrite` is the number of the last write before it is dead. */
  async function host(lastWrite = Number.POSITIVE_INFINITY) {
    const outbox = outboxAtRest(database, systemClock, log)
    let writes = 0
    const watches = createFolderWatches({
      database,
      clock: systemClock,
      log,
      outbox: {
        acceptAll: (choose) =>
          ++writes > lastWrite ? Promise.reject(new Error('it is dead')) : outbox.acceptAll(choose),
      },
      folders: { all: () => [base], closed: null },
      worker: new URL('../../files/scan-worker.ts', import.meta.url),
    })
    onTestFinished(() => watches.stop())
    await watches.set([live()])
    watches.start()
    return watches
  }
  const known = async (): Promise<number> => {
    const [row]: { n: number }[] = await database.reader('folder_watch').count({ n: '*' })
    return row?.n ?? 0
  }
  /** Every event, as "created a.txt". */
  async function events(): Promise<string[]> {
    const rows: { data: string }[] = await database.reader('trigger_event').orderBy('id').select('data')
    return rows.map(({ data }) => {
      const { event, path } = JSON.parse(data)
      return `${event} ${String(path).slice(folder.length + 1)}`
    })
  }
  const at = (path: string) => join(folder, path)
  const put = (path: string, content = 'x') => {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), content)
  }
  const sees = (...expected: string[]) =>
    expect.poll(async () => (await events()).toSorted(), { timeout: 10_000 }).toEqual(expected.toSorted())
  const isReady = () => expect.poll(known, { timeout: 10_000 }).toBe(1)
  return { base, folder, database, live, host, events, at, put, sees, isReady }
}

test('files that come, change and go start one run each, also in folders that are made later', async () => {
  const { host, put, at, sees, isReady, database } = await world()
  put('old.txt')
  await host()
  await isReady()
  put('new.txt', 'hello')
  put('a/b/deep.txt')
  await sees('created new.txt', 'created a/b/deep.txt')
  const row: { data: string } | undefined = await database
    .reader('trigger_event')
    .whereLike('data', '%new.txt%')
    .first('data')
  expect(JSON.parse(row?.data ?? 'null')).toMatchObject({
    event: 'created',
    path: at('new.txt'),
    name: 'new.txt',
    folder: at('').replace(/\/$/, ''),
    extension: 'txt',
    bytes: 5,
  })
  appendFileSync(at('old.txt'), ' more')
  rmSync(at('a'), { recursive: true })
  await sees('created new.txt', 'created a/b/deep.txt', 'changed old.txt', 'removed a/b/deep.txt')
})

test('what changed while no host ran is found at the next start, once', async () => {
  const { host, put, at, sees, isReady, events } = await world()
  put('kept.txt')
  put('changed.txt')
  put('gone.txt')
  const first = await host()
  await isReady()
  await first.stop()
  put('new.txt')
  put('changed.txt', 'another content')
  rmSync(at('gone.txt'))
  const second = await host()
  await sees('created new.txt', 'changed changed.txt', 'removed gone.txt')
  await second.stop()
  await (await host()).stop()
  const third = await host()
  put('last.txt')
  await sees('created new.txt', 'changed changed.txt', 'removed gone.txt', 'created last.txt')
  await third.stop()
  expect(await events()).toHaveLength(4)
})

test('a file that is still being written counts when it is whole, and once', async () => {
  const { host, at, sees, isReady, put, events } = await world({ settleMs: 300 })
  await host()
  await isReady()
  put('slow.bin', '')
  const writing = setInterval(() => appendFileSync(at('slow.bin'), 'more'), 50)
  onTestFinished(() => clearInterval(writing))
  put('quick.txt')
  await sees('created quick.txt')
  clearInterval(writing)
  await sees('created quick.txt', 'created slow.bin')
  expect(await events()).toHaveLength(2)
})

test('editors that write beside a file and rename over it change it once', async () => {
  const { host, at, sees, isReady, put } = await world()
  put('note.txt', 'one')
  await host()
  await isReady()
  // As vim does with a backup, and as most others do.
  renameSync(at('note.txt'), at('note.txt~'))
  writeFileSync(at('note.txt'), 'two!')
  rmSync(at('note.txt~'))
  await sees('changed note.txt')
  writeFileSync(at('.note.txt.swp'), 'three, longer')
  renameSync(at('.note.txt.swp'), at('note.txt'))
  await sees('changed note.txt', 'changed note.txt')
})

test('a folder that is renamed or moved out takes its files along', async () => {
  const { base, host, at, sees, isReady, put } = await world()
  put('sub/deep/b.txt')
  await host()
  await isReady()
  renameSync(at('sub'), at('sub2'))
  await sees('removed sub/deep/b.txt', 'created sub2/deep/b.txt')
  renameSync(at('sub2'), join(base, 'out'))
  await sees('removed sub/deep/b.txt', 'created sub2/deep/b.txt', 'removed sub2/deep/b.txt')
  renameSync(join(base, 'out'), at('back'))
  put('back/deep/c.txt')
  await sees(
    'removed sub/deep/b.txt',
    'created sub2/deep/b.txt',
    'removed sub2/deep/b.txt',
    'created back/deep/b.txt',
    'created back/deep/c.txt',
  )
})

test('a pattern, the kinds of events, hidden files and links decide what counts', async () => {
  const { base, host, at, sees, isReady, put } = await world({ glob: '*.{jpg,PNG}', events: ['created'] })
  await host()
  await isReady()
  writeFileSync(join(base, 'outside.jpg'), 'x')
  symlinkSync(join(base, 'outside.jpg'), at('link.jpg'))
  for (const name of ['a.jpg', 'b.PNG', 'c.txt', '.hidden.jpg', 'sub/d.jpg']) put(name)
  await sees('created a.jpg', 'created b.PNG')
  rmSync(at('a.jpg'))
  put('b.PNG', 'changed')
  put('last.jpg')
  await sees('created a.jpg', 'created b.PNG', 'created last.jpg')
})

test('files that are there start runs where that is wanted', async () => {
  const { host, sees, put } = await world({ existing: 'run' })
  put('a.txt')
  put('b/c.txt')
  await host()
  await sees('created a.txt', 'created b/c.txt')
})

test('a folder that goes away says nothing of its files, and goes on when it is back', async () => {
  const { folder, host, sees, isReady, put, events } = await world()
  put('a.txt')
  put('b.txt')
  const watches = await host()
  await isReady()
  renameSync(folder, `${folder}-away`)
  await expect
    .poll(() => log.warn.mock.calls.some(([text]) => String(text).includes('cannot watch its folder')))
    .toBe(true)
  expect(await events()).toEqual([])
  renameSync(`${folder}-away`, folder)
  put('c.txt')
  await sees('created c.txt')
  await watches.stop()
  expect(existsSync(folder)).toBe(true)
})

test('while paused nothing is seen, and afterwards all of it; a zap that is switched off forgets', async () => {
  const { host, sees, isReady, put, live, database, events } = await world()
  const watches = await host()
  await isReady()
  watches.setPaused(true)
  put('meanwhile.txt')
  watches.setPaused(false)
  await sees('created meanwhile.txt')
  await database.write((tx) => setEnabled(tx, 'zap', false, 0))
  await watches.set([])
  put('off.txt')
  await database.write((tx) => setEnabled(tx, 'zap', true, 0))
  await watches.set([live()])
  await isReady()
  put('on.txt')
  await sees('created meanwhile.txt', 'created on.txt')
  // Another pattern begins anew.
  await watches.set([live({ glob: '*.md' })])
  await isReady()
  put('x.md')
  put('y.txt')
  await sees('created meanwhile.txt', 'created on.txt', 'created x.md')
  expect(await events()).toHaveLength(3)
})

test.each([1, 2, 3, 4, 5])('a host that dies at its write number %s starts each run once', async (lastWrite) => {
  const { host, sees, put, isReady } = await world()
  const before = await host()
  await isReady()
  await before.stop()
  for (let n = 0; n < 450; n++) put(`many/${n}.txt`)
  // From then on nothing that it writes is stored.
  const dying = await host(lastWrite)
  await expect.poll(() => log.warn.mock.calls.some(([, more]) => String(more.why).includes('it is dead'))).toBe(true)
  await dying.stop()
  await host()
  await sees(...Array.from({ length: 450 }, (_, n) => `created many/${n}.txt`))
})
