import { expect, test, vi } from 'vitest'
import { newItems } from '../connectors/kit/new-items.ts'
import type { Polled } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { manualClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { outboxAtRest } from '../outbox/test-outbox.ts'
import { createSignals } from '../signals.ts'
import { createPolls, type LivePoll, type PollsConfig } from './polls.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const MINUTE = 60_000

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

/** A trigger that asks a list of texts. */
function poll(
  ask: (cursor: Json | null) => Promise<Polled>,
  more: Partial<LivePoll> & { account?: string } = {},
): LivePoll {
  const { account, stepId = 'poll', ...rest } = more
  const step = { id: stepId, uses: 'test', input: account === undefined ? {} : { account: { $credential: account } } }
  return {
    zapId: 'zap',
    zapName: 'A zap',
    version: 1,
    settings: {},
    stepId,
    subject: 'one',
    everyMs: 5 * MINUTE,
    first: 'all',
    caller: { zapId: 'zap', file: blankZap('A zap'), step },
    ask: (_, cursor) => ask(cursor),
    ...rest,
  }
}

const listed = (items: () => readonly string[]) => (cursor: Json | null) =>
  newItems(
    items().map((key) => ({ key, data: key })),
    cursor,
  )

function pollsOn(database: Database, clock = manualClock(), more: Partial<PollsConfig> = {}) {
  const polls = createPolls({
    database,
    clock,
    log,
    signals: createSignals(log),
    outbox: outboxAtRest(database, clock, log),
    // As the engine's, without what it guards: these polls call nothing.
    call: (_caller, work, { signal } = {}) =>
      Promise.race([
        work({ signal } as never),
        new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      ]),
    pack: (value) => JSON.stringify(value),
    random: () => 1,
    ...more,
  })
  return { polls, clock }
}

async function events(database: Database): Promise<unknown[]> {
  const rows: { data: string }[] = await database.reader('trigger_event').orderBy('id').select('data')
  return rows.map((row) => JSON.parse(row.data))
}

test('a poll comes at once, again when its time has come, and never beside another of its trigger', async () => {
  const database = await newDatabase()
  let open = Promise.withResolvers<void>()
  let asked = 0
  const ask = async (): Promise<Polled> => {
    asked++
    await open.promise
    return { events: [{ key: `${asked}`, data: asked }], cursor: asked }
  }
  const { polls, clock } = pollsOn(database)
  await polls.set([poll(ask)])
  await polls.start()
  await expect.poll(() => asked).toBe(1)
  // Its time comes again and again while the service keeps it waiting.
  clock.advance(60 * MINUTE)
  const now = polls.pollNow('zap', 'poll')
  open.resolve()
  expect(await now).toMatchObject({ failures: 0, isUnderWay: false })
  expect(asked).toBe(1)
  open = Promise.withResolvers()
  open.resolve()
  clock.advance(5 * MINUTE)
  await expect.poll(() => events(database)).toEqual([1, 2])
  await polls.stop()
})

test('a slow account holds up its own polls alone', async () => {
  const database = await newDatabase()
  const never = () => new Promise<Polled>(() => undefined)
  const slow = Array.from({ length: 20 }, (_, n) => poll(never, { stepId: `slow${n}`, account: 'slow' }))
  const { polls } = pollsOn(database)
  await polls.set([
    ...slow,
    poll(
      listed(() => ['a']),
      { stepId: 'quick', account: 'quick' },
    ),
  ])
  await polls.start()
  await expect.poll(() => events(database)).toEqual(['a'])
  expect(polls.of('zap').filter(({ isUnderWay }) => isUnderWay)).toHaveLength(2)
  await polls.stop()
})

test('what was found before a restart is not found again, and what came meanwhile is found once', async () => {
  const database = await newDatabase()
  let items = ['a', 'b']
  const live = poll(
    listed(() => items),
    { first: 'ignore' },
  )
  for (const [round, found] of [
    [['a', 'b'], []],
    [['c', 'a', 'b'], ['c']],
    [['c', 'a'], ['c']],
    [
      ['d', 'c', 'b'],
      ['c', 'd'],
    ],
  ] as const) {
    items = [...round]
    const { polls } = pollsOn(database, manualClock(Date.now()))
    await polls.set([live])
    await polls.start()
    await polls.pollNow('zap', 'poll')
    expect(await events(database)).toEqual(found)
    await polls.stop()
  }
})

test('another subject begins anew, another pause does not, and a zap that is switched off forgets', async () => {
  const database = await newDatabase()
  const seen: (Json | null)[] = []
  const ask = async (cursor: Json | null): Promise<Polled> => {
    seen.push(cursor)
    return { events: [], cursor: seen.length }
  }
  const { polls, clock } = pollsOn(database)
  const now = () => polls.pollNow('zap', 'poll')
  await polls.set([poll(ask)])
  await now()
  await polls.set([poll(ask, { everyMs: MINUTE })])
  await now()
  // A trigger that cannot be read for now keeps its cursor as long as its zap is on.
  await polls.set([])
  expect(await now()).toBeUndefined()
  await polls.set([poll(ask, { everyMs: MINUTE })])
  expect(polls.of('zap')).toMatchObject([{ nextAt: clock.now(), everyMs: MINUTE }])
  await now()
  await polls.set([poll(ask, { subject: 'two' })])
  await now()
  await database.write((tx) => setEnabled(tx, 'zap', false, 0))
  await polls.set([])
  await database.write((tx) => setEnabled(tx, 'zap', true, 0))
  await polls.set([poll(ask, { subject: 'two' })])
  await now()
  expect(seen).toEqual([null, 1, 2, null, null])
})

test('a poll that is under way when its zap changes or goes off stores nothing', async () => {
  const database = await newDatabase()
  const open = Promise.withResolvers<void>()
  const late = async (): Promise<Polled> => {
    await open.promise
    return { events: [{ key: 'late', data: 'late' }], cursor: 1 }
  }
  const { polls } = pollsOn(database)
  await polls.set([poll(late)])
  const first = polls.pollNow('zap', 'poll')
  await polls.set([
    poll(
      listed(() => ['new']),
      { subject: 'two' },
    ),
  ])
  await polls.pollNow('zap', 'poll')
  const off = polls.pollNow('zap', 'poll')
  await database.write((tx) => setEnabled(tx, 'zap', false, 0))
  open.resolve()
  await Promise.all([first, off])
  expect(await events(database)).toEqual(['new'])
  await polls.stop()
})

test('failures are counted and put the next poll off, and the cursor stays', async () => {
  const database = await newDatabase()
  let error: StepError | null = new StepError({
    code: 'http-503',
    message: 'Busy.',
    retryable: true,
    retryAfterMs: 9 * MINUTE,
  })
  const cursors: (Json | null)[] = []
  const ask = async (cursor: Json | null): Promise<Polled> => {
    cursors.push(cursor)
    if (error !== null) throw error
    return { events: [], cursor: 'here' }
  }
  const suspected = vi.fn()
  const signals = createSignals(log)
  signals.on('incidents:suspected', suspected)
  const { polls, clock } = pollsOn(database, manualClock(1_000), { signals })
  await polls.set([poll(ask)])
  expect(await polls.pollNow('zap', 'poll')).toMatchObject({
    failures: 1,
    failingSince: 1_000,
    nextAt: clock.now() + 9 * MINUTE,
    error: { code: 'http-503', message: 'Busy.' },
  })
  for (let n = 0; n < 3; n++) await polls.pollNow('zap', 'poll')
  expect(suspected).not.toHaveBeenCalled()
  await polls.pollNow('zap', 'poll')
  expect(suspected).toHaveBeenCalledTimes(1)
  error = null
  expect(await polls.pollNow('zap', 'poll')).toMatchObject({ failures: 0, error: null })
  expect(suspected).toHaveBeenCalledTimes(2)
  await polls.pollNow('zap', 'poll')
  expect(cursors).toEqual([null, null, null, null, null, null, 'here'])
})

test('without a network nothing is counted, and the poll comes when there is one again', async () => {
  const database = await newDatabase()
  let isOnline = false
  const ask = async (): Promise<Polled> => {
    if (isOnline) return { events: [{ key: 'a', data: 'a' }], cursor: 1 }
    throw new StepError({ code: 'offline', message: 'No network.', retryable: true, needsNetwork: true })
  }
  const { polls } = pollsOn(database)
  await polls.set([poll(ask)])
  await polls.start()
  await expect.poll(() => polls.of('zap')).toMatchObject([{ failures: 0, error: { code: 'offline' } }])
  isOnline = true
  polls.networkIsBack()
  await expect.poll(() => events(database)).toEqual(['a'])
  await polls.stop()
})

test('a poll that failed with its account comes at once when a person has signed in again, and no other one', async () => {
  const database = await newDatabase()
  const asked: string[] = []
  const asks = (name: string) => async (): Promise<Polled> => {
    asked.push(name)
    throw new StepError({ code: 'reconnect', message: 'Withdrawn.', retryable: false })
  }
  const { polls } = pollsOn(database)
  await polls.set([poll(asks('a'), { stepId: 'a', account: 'a' }), poll(asks('b'), { stepId: 'b', account: 'b' })])
  await polls.start()
  await expect.poll(() => polls.of('zap').map(({ failures }) => failures)).toEqual([1, 1])
  polls.accountIsBack('b')
  await expect.poll(() => polls.of('zap').map(({ failures }) => failures)).toEqual([1, 2])
  expect(asked.filter((name) => name === 'a')).toHaveLength(1)
  await polls.stop()
})

test('nothing is polled while everything is paused, nor is a poll late because the clock was ahead', async () => {
  const database = await newDatabase()
  let asked = 0
  const ask = async (): Promise<Polled> => ({ events: [], cursor: ++asked })
  const { polls, clock } = pollsOn(database, manualClock(1_000 * 60 * MINUTE))
  polls.setPaused(true)
  await polls.set([poll(ask)])
  await polls.start()
  clock.advance(10 * MINUTE)
  expect(await polls.pollNow('zap', 'poll')).toBeUndefined()
  polls.setPaused(false)
  await expect.poll(() => asked).toBe(1)
  await polls.stop()
  const back = pollsOn(database, manualClock(0))
  await back.polls.set([poll(ask)])
  await back.polls.start()
  back.polls.look()
  back.clock.advance(6 * MINUTE)
  await expect.poll(() => asked).toBe(2)
  await back.polls.stop()
})

test('a poll that is stored after the clock was set back is not silent until that time comes again', async () => {
  const database = await newDatabase()
  const [begun, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let asked = 0
  const ask = async (): Promise<Polled> => ({ events: [{ key: `${asked}`, data: 1 }], cursor: ++asked })
  const { polls, clock } = pollsOn(database, manualClock(1_000 * 60 * MINUTE), {
    sharing: {
      owns: () => true,
      async storing(_at, work) {
        begun.resolve()
        await stored.promise
        return work((event) => event)
      },
    },
  })
  await polls.set([poll(ask)])
  await polls.start()
  await begun.promise
  clock.advance(-60 * MINUTE)
  polls.look()
  stored.resolve()
  await expect
    .poll(() => {
      clock.advance(MINUTE)
      return asked
    })
    .toBeGreaterThan(1)
  expect(clock.now()).toBeLessThan(1_000 * 60 * MINUTE)
  await polls.stop()
})

test('a connector that breaks its promises fails its poll', async () => {
  const database = await newDatabase()
  const { polls } = pollsOn(database)
  await polls.set([poll(async () => ({ events: [{ key: 'x'.repeat(1_001), data: 1 }], cursor: 1 }))])
  expect(await polls.pollNow('zap', 'poll')).toMatchObject({ error: { code: 'bad-key' } })
  await polls.set([poll(async () => ({ events: [], cursor: 'x'.repeat(1_048_577) }), { subject: 'two' })])
  expect(await polls.pollNow('zap', 'poll')).toMatchObject({ error: { code: 'bad-output' } })
})

class CrashError extends Error {}

/** A database of a process that dies around its write number `write`: nothing is written from then on. */
function mortal(
  database: Database,
  crash: { write: number; when: 'before' | 'after' },
): Database & { isDead(): boolean } {
  let writes = 0
  let isDead = false
  return {
    ...database,
    isDead: () => isDead,
    async write(operation) {
      writes++
      if (isDead || (writes === crash.write && crash.when === 'before')) isDead = true
      if (isDead) throw new CrashError('dead')
      const result = await database.write(operation)
      if (writes === crash.write) isDead = true
      if (isDead) throw new CrashError('dead')
      return result
    },
  }
}

test('wherever the process dies, every item makes one event, and none is lost', async () => {
  const lists = [
    ['a', 'b'],
    // More than one transaction takes.
    ['b', ...Array.from({ length: 450 }, (_, n) => `item ${n}`)],
    ['item 449', 'c'],
  ]
  const wanted = [...new Set(lists.flat())].sort()
  let died = 0
  for (let write = 1; write <= 14; write++) {
    for (const when of ['before', 'after'] as const) {
      const database = await newDatabase()
      let items: readonly string[] = []
      const live = poll(listed(() => items))
      const dying = mortal(database, { write, when })
      const clock = manualClock()
      const first = pollsOn(dying, clock, { outbox: outboxAtRest(dying, clock, log) })
      let last = 0
      try {
        await first.polls.set([live])
        for (const [at, list] of lists.entries()) {
          items = list
          last = at
          await first.polls.pollNow('zap', 'poll')
          if (dying.isDead()) break
        }
      } catch (error) {
        if (!(error instanceof CrashError)) throw error
      }
      if (dying.isDead()) died++
      // The service still has what the dead process asked for last.
      const second = pollsOn(database, clock)
      await second.polls.set([live])
      for (const list of lists.slice(last)) {
        items = list
        await second.polls.pollNow('zap', 'poll')
      }
      expect((await events(database)).sort(), `${when} write ${write}`).toEqual(wanted)
    }
  }
  expect(died).toBeGreaterThan(15)
})
