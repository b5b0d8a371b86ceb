import { expect, test, vi } from 'vitest'
import type { ConnectionContext } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { failingPolls } from '../db/polls.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { outboxAtRest } from '../outbox/test-outbox.ts'
import { createSignals } from '../signals.ts'
import { createConnections, type LiveConnection } from './connections.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

async function newDatabase(): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
  return database
}

type Told = Pick<ConnectionContext<unknown>, 'cursor' | 'ready' | 'take' | 'signal'>

function connection(keep: (told: Told) => Promise<void>, more: Partial<LiveConnection> = {}): LiveConnection {
  return {
    zapId: 'zap',
    zapName: 'A zap',
    version: 1,
    settings: {},
    stepId: 'hear',
    subject: 'one',
    told: 'news',
    caller: {
      zapId: 'zap',
      file: blankZap('A zap'),
      step: { id: 'hear', uses: 'test', input: { a: { $credential: 'box' } } },
    },
    keep,
    ...more,
  }
}

function connectionsOn(database: Database, clock = manualClock()) {
  const signals = createSignals(log)
  const connections = createConnections({
    database,
    clock,
    log,
    signals,
    outbox: outboxAtRest(database, clock, log),
    // As the engine's, without what it guards: these connections call nothing.
    call: (_caller, work, { signal } = {}) =>
      Promise.race([
        work({ signal } as never),
        new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      ]),
    pack: (value) => JSON.stringify(value),
    random: () => 1,
  })
  return { connections, clock, signals }
}

const until = (told: Told): Promise<void> =>
  new Promise((resolve) => told.signal.addEventListener('abort', () => resolve()))

async function events(database: Database): Promise<unknown[]> {
  const rows: { data: string }[] = await database.reader('trigger_event').orderBy('id').select('data')
  return rows.map((row) => JSON.parse(row.data))
}

test('what is told is stored with its place, and a new connection goes on from there', async () => {
  const database = await newDatabase()
  const { connections } = connectionsOn(database)
  const cursors: unknown[] = []
  const keep = async (told: Told): Promise<void> => {
    cursors.push(told.cursor)
    await told.ready()
    const from = typeof told.cursor === 'number' ? told.cursor : 0
    await told.take([{ key: `${from}`, data: { n: from } }], from + 1)
    await until(told)
  }
  await connections.set([connection(keep)])
  connections.start()
  await expect.poll(() => events(database)).toEqual([{ n: 0 }])
  connections.look()
  await expect.poll(() => events(database)).toEqual([{ n: 0 }, { n: 1 }])
  await connections.stop()
  const next = connectionsOn(database).connections
  await next.set([connection(keep)])
  next.start()
  await expect.poll(() => events(database)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }])
  expect(cursors).toEqual([null, 1, 2])
  // What was told but not acknowledged comes again, and starts nothing.
  await next.stop()
  const again = connectionsOn(database).connections
  const repeated = async (told: Told): Promise<void> => {
    await told.take(
      [
        { key: '2', data: { n: 2 } },
        { key: 'x', data: { n: 'x' } },
      ],
      9,
    )
    await told.ready()
    await until(told)
  }
  await again.set([connection(repeated)])
  again.start()
  await expect.poll(() => events(database)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 'x' }])
  await again.stop()
})

test('a connection that breaks and is tried again keeps the place up to which it was told', async () => {
  const database = await newDatabase()
  const before = connectionsOn(database).connections
  await before.set([
    connection(async (told) => {
      await told.take([{ key: 'a', data: 'a' }], 1)
      await told.ready()
      await until(told)
    }),
  ])
  before.start()
  await expect.poll(() => events(database)).toEqual(['a'])
  await before.stop()
  const { connections, clock } = connectionsOn(database)
  const cursors: unknown[] = []
  await connections.set([
    connection(async (told) => {
      cursors.push(told.cursor)
      await told.ready()
      await told.take([], cursors.length + 1)
      throw new StepError({ code: 'network', message: 'It broke off.', retryable: true })
    }),
  ])
  connections.start()
  for (let n = 1; n <= 3; n++) {
    await expect.poll(() => connections.of('zap')[0]).toMatchObject({ state: 'waiting', failures: n })
    clock.advance((connections.of('zap')[0]?.nextAt ?? 0) - clock.now())
  }
  await expect.poll(() => cursors).toEqual([1, 2, 3, 4])
  await connections.stop()
})

test('a connection that cannot be had is tried again later and later, and becomes an incident', async () => {
  const database = await newDatabase()
  const { connections, clock, signals } = connectionsOn(database)
  let tries = 0
  let suspected = 0
  signals.on('incidents:suspected', () => suspected++)
  let isThere = false
  const keep = async (told: Told): Promise<void> => {
    tries += 1
    if (!isThere) throw new StepError({ code: 'network', message: 'Nothing is there.', retryable: true })
    await told.ready()
    await until(told)
  }
  await connections.set([connection(keep)])
  connections.start()
  const pauses: number[] = []
  for (let n = 1; n <= 6; n++) {
    await expect.poll(() => connections.of('zap')[0]?.failures).toBe(n)
    const [shown] = connections.of('zap')
    expect(shown).toMatchObject({ state: 'waiting', error: { code: 'network' } })
    pauses.push((shown?.nextAt ?? 0) - clock.now())
    clock.advance(pauses.at(-1) ?? 0)
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000])
  expect(suspected).toBeGreaterThan(0)
  const failing = await database.write((tx) => failingPolls(tx, { failures: 5, since: -1 }))
  expect(failing).toMatchObject([{ zapId: 'zap', message: 'Nothing is there.' }])
  isThere = true
  await connections.connectNow('zap', 'hear')
  expect(connections.of('zap')).toMatchObject([{ state: 'connected', failures: 0, error: null }])
  expect(tries).toBeGreaterThan(6)
  expect(await database.write((tx) => failingPolls(tx, { failures: 5, since: -1 }))).toEqual([])
  await connections.stop()
})

test('one that gets ready and breaks again and again is not opened again at once', async () => {
  const database = await newDatabase()
  const { connections, clock } = connectionsOn(database)
  await connections.set([
    connection(async (told) => {
      await told.ready()
    }),
  ])
  connections.start()
  for (let n = 1; n <= 3; n++) {
    await expect.poll(() => connections.of('zap')[0]).toMatchObject({ state: 'waiting', failures: n })
    const next = connections.of('zap')[0]?.nextAt ?? 0
    expect(next - clock.now()).toBe(5_000 * 2 ** (n - 1))
    clock.advance(next - clock.now())
  }
  await connections.stop()
})

test('what comes for a zap that is off, or for another subject, is refused, so that nothing acknowledges it', async () => {
  const database = await newDatabase()
  const { connections } = connectionsOn(database)
  let take: Told['take'] | undefined
  const refused = vi.fn()
  await connections.set([
    connection(async (told) => {
      take = told.take
      await told.ready()
      await until(told)
    }),
  ])
  connections.start()
  await expect.poll(() => connections.of('zap')[0]?.state).toBe('connected')
  await database.write((tx) => setEnabled(tx, 'zap', false, 0))
  await take?.([{ key: 'a', data: 1 }], 1).catch(refused)
  expect(refused).toHaveBeenCalledOnce()
  expect(await events(database)).toEqual([])
  await connections.set([])
  await expect(take?.([{ key: 'a', data: 1 }], 1)).rejects.toThrow()
  expect(connections.of('zap')).toEqual([])
  await connections.stop()
})

test('while everything is paused there is no connection, and a renewed account is used at once', async () => {
  const database = await newDatabase()
  const { connections } = connectionsOn(database)
  let opened = 0
  await connections.set([
    connection(async (told) => {
      opened += 1
      await told.ready()
      await until(told)
    }),
  ])
  connections.start()
  await expect.poll(() => connections.of('zap')[0]?.state).toBe('connected')
  connections.setPaused(true)
  await expect.poll(() => connections.of('zap')[0]?.state).toBe('waiting')
  expect(await connections.connectNow('zap', 'hear')).toBeUndefined()
  connections.setPaused(false)
  await expect.poll(() => opened).toBe(2)
  connections.accountIsBack('another')
  connections.accountIsBack('box')
  await expect.poll(() => opened).toBe(3)
  await connections.stop()
})
