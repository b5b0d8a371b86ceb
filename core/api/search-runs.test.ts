import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insertAttempt } from '../db/attempts.ts'
import type { Database } from '../db/open.ts'
import type { RunRange } from '../db/run-rows.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { writeStepRun } from '../db/step-runs.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertEvent } from '../db/trigger-events.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { encodeTimeAsId } from '../domain/host/ids.ts'
import { textPattern } from '../domain/templates/text-pattern.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { type Pace, searchRuns } from './search-runs.ts'

/** What is written down of a run that the test makes; texts that are absent are of no interest to it. */
type Written = {
  readonly zap?: 0 | 1 | undefined
  readonly data?: unknown
  readonly input?: unknown
  readonly output?: unknown
  readonly error?: string
  readonly reason?: string
}

const SECOND = 1_000
const idOf = (at: number): string => encodeTimeAsId('run', at * SECOND)

/** A history with one run a second, the first at second 0. */
async function history(runs: readonly Written[]): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => {
    for (const id of ['zap_0', 'zap_1']) {
      const draft = blankZap(id)
      insertZap(tx, { id, draft, now: 0 })
      insertVersion(tx, { zapId: id, kind: 'published', definition: draft, now: 0 })
    }
    for (const [at, written] of runs.entries()) {
      const { zap = 0, data = null, input = null, output = null, error, reason = null } = written
      const [id, zapId, now] = [idOf(at), `zap_${zap}`, at * SECOND]
      const eventId = id.replace('run_', 'evt_')
      const event = { id: eventId, zapId, triggerStepId: 'go', dedupeKey: null, data: JSON.stringify(data) }
      insertEvent(tx, { ...event, receivedAt: now, parentRunId: null, depth: 0 })
      insertRun(tx, { id, zapId, version: 1, eventId, now })
      writeStepRun(tx, id, {
        stepId: 'step',
        scope: '',
        state: 'failed',
        ports: null,
        input: JSON.stringify(input),
        output: JSON.stringify(output),
        attemptNo: 1,
        attemptStartedAt: now,
        finishedAt: now,
        nextAttemptAt: null,
        wait: null,
        exhausted: false,
        endsRun: null,
      })
      const attempt = { stepId: 'step', scope: '', n: 1, startedAt: now, finishedAt: now, errorCode: 'failed' }
      if (error !== undefined) insertAttempt(tx, id, { ...attempt, errorMessage: error })
      const why = reason === null ? null : ({ code: 'internal', message: reason } as const)
      moveRun(tx, id, 'failed', { reason: why, finishedAt: now, resumesAt: null })
    }
  })
  return database
}

const AT_ONCE: Pace = { slice: 1_000, answer: 60_000 }
/** Stops after every slice. */
const IN_BITS: Pace = { slice: 1, answer: 0 }

/** What all pages of a search find together. */
async function findAll(database: Database, range: RunRange, text: string, limit: number, pace: Pace) {
  const found: string[] = []
  let pages = 0
  for (let { before } = range; ; ) {
    const page = await searchRuns(database.reader, { ...range, before }, textPattern(text), limit, pace)
    found.push(...page.ids)
    pages += 1
    if (page.next === null) return { found, pages }
    before = page.next
  }
}

test('a text is found wherever a run has it: its id, what came in, what steps took and gave, errors, the reason', async () => {
  const database = await history([
    { data: { body: { order: 'A-17', note: 'Ünïcode "quoted"' } } },
    { input: { text: 'takes apples' } },
    { output: [{ text: 'gives pears' }] },
    { error: 'The server answered 503.' },
    { reason: 'It was hopeless.' },
  ])
  const find = async (text: string) => (await findAll(database, {}, text, 10, AT_ONCE)).found
  expect(await find('a-17')).toEqual([idOf(0)])
  expect(await find('ÜNÏCODE "QUOTED"')).toEqual([idOf(0)])
  expect(await find('APPLES')).toEqual([idOf(1)])
  expect(await find('pears')).toEqual([idOf(2)])
  expect(await find('answered 503')).toEqual([idOf(3)])
  expect(await find('itself failed: IT was hopeless')).toEqual([idOf(4)])
  expect(await find(idOf(2).toLowerCase())).toEqual([idOf(2)])
  expect(await find('%')).toEqual([])
})

test('a search in pages finds what one over everything finds, in the same order', async () => {
  const words = ['red', 'green', undefined, 'blue', 'Red "x"', undefined, undefined]
  const word = (n: number): string | undefined => words[n % words.length]
  // In steps that have no common divisor, so that every word meets every other.
  const runs = Array.from({ length: 120 }, (_, n) => ({
    zap: n % 3 === 0 ? (1 as const) : (0 as const),
    data: word(n),
    input: word(Math.floor(n / 2)),
    output: word(Math.floor(n / 3)),
    error: word(Math.floor(n / 5)) ?? '',
    reason: word(Math.floor(n / 7)) ?? '',
  }))
  const database = await history(runs)
  const id = fc.option(fc.nat(130).map(idOf), { nil: undefined })
  const range = fc.record({ zapId: fc.constantFrom('zap_0', undefined), from: id, before: id })
  const text = fc.constantFrom('red', 'RED "', 'ee', 'nothing')
  const search = fc.tuple(range, text, fc.integer({ min: 1, max: 40 }))
  await fc.assert(
    fc.asyncProperty(search, async ([within, looksFor, limit]) => {
      const expected = runs.flatMap(({ zap, ...written }, at) => {
        const isWithin =
          (within.zapId === undefined || within.zapId === `zap_${zap}`) &&
          idOf(at) >= (within.from ?? '') &&
          idOf(at) < (within.before ?? 'z')
        const isThere = Object.values(written).some((value) => value?.toLowerCase().includes(looksFor.toLowerCase()))
        return isWithin && isThere ? [idOf(at)] : []
      })
      expect((await findAll(database, within, looksFor, 1_000, AT_ONCE)).found).toEqual(expected.toReversed())
      expect((await findAll(database, within, looksFor, limit, IN_BITS)).found).toEqual(expected.toReversed())
    }),
  )
})

test('a search answers when its time is up, with how far back it looked, and goes on from there', async () => {
  const database = await history(Array.from({ length: 100 }, (_, n) => ({ data: { n: `no. ${n}.` } })))
  const first = await searchRuns(database.reader, {}, textPattern('no. 3.'), 10, IN_BITS)
  expect(first.ids).toEqual([])
  expect(first.next).toBe(idOf((first.searchedTo ?? 0) / SECOND))
  const { found, pages } = await findAll(database, {}, 'no. 3.', 10, IN_BITS)
  expect(found).toEqual([idOf(3)])
  expect(pages).toBeGreaterThan(1)
  expect(await searchRuns(database.reader, { before: idOf(0) }, textPattern('x'), 10)).toEqual({
    ids: [],
    next: null,
    searchedTo: null,
  })
})
