import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../core/db/test-database.ts'
import { createSessions, type OpenedSession, type PageSessions } from './sessions.ts'
import { createTestPage, expectedProof, type TestPage } from './test-page.ts'

const ORIGIN = 'http://127.0.0.1:4780'
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

function setUp(dataDir = temporaryFolder()) {
  let now = 1_000_000_000_000
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const make = (): PageSessions =>
    createSessions({ dataDir, clock: { now: () => now, after: () => () => undefined }, log, origin: () => ORIGIN })
  return {
    dataDir,
    sessions: make(),
    /** As a host that is started again. */
    again: make,
    log,
    wait(ms: number) {
      now += ms
    },
  }
}

const codeOf = (sessions: PageSessions): string => new URL(sessions.openAddress().ui).hash.replace('#token=', '')

function open(sessions: PageSessions, page: TestPage = createTestPage()): OpenedSession & { page: TestPage } {
  const opened = sessions.open(codeOf(sessions), page.key, FIREFOX)
  if (opened === null) throw new Error('the session was not opened')
  return { ...opened, page }
}

/** Connects as a page does: the session that it is let in with, or null. */
function connect(sessions: PageSessions, session: { id: string; page: TestPage }, origin = ORIGIN): string | null {
  const challenge = sessions.challenge(session.id, 'x'.repeat(32), origin)
  return challenge === null ? null : sessions.answered(session.page.answer(challenge.nonce, origin), origin)
}

test('the code of an address opens one session, within ten minutes', () => {
  const { sessions, wait } = setUp()
  const page = createTestPage()
  const code = codeOf(sessions)
  const late = codeOf(sessions)
  expect(sessions.open('guessed', page.key, '')).toBeNull()
  expect(sessions.open(code, page.key, '')).not.toBeNull()
  expect(sessions.open(code, createTestPage().key, '')).toBeNull()
  wait(10 * MINUTE)
  expect(sessions.open(late, page.key, '')).toBeNull()
})

test('a key that is none leaves the code good', () => {
  const { sessions } = setUp()
  const code = codeOf(sessions)
  for (const key of ['', 'x', 'A'.repeat(3_000), 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE'])
    expect(sessions.open(code, key, '')).toBeNull()
  expect(sessions.open(code, createTestPage().key, '')).not.toBeNull()
})

test('a page that has the key comes in, and is told a proof that only its host can make', () => {
  const { sessions } = setUp()
  const session = open(sessions)
  const challenge = sessions.challenge(session.id, 'page-nonce', ORIGIN)
  expect(challenge?.proof).toBe(expectedProof(session, ORIGIN, 'page-nonce', challenge?.nonce ?? ''))
  expect(sessions.answered(session.page.answer(challenge?.nonce ?? '', ORIGIN), ORIGIN)).toBe(session.id)
})

test('an answer is good once, here, for the address that was signed, and for half a minute', () => {
  const { sessions, wait } = setUp()
  const session = open(sessions)
  const nonce = (): string => sessions.challenge(session.id, 'page-nonce', ORIGIN)?.nonce ?? ''
  const first = session.page.answer(nonce(), ORIGIN)
  expect(sessions.answered(first, ORIGIN)).toBe(session.id)
  expect(sessions.answered(first, ORIGIN)).toBeNull()
  // A program on another port that passes everything on.
  expect(sessions.answered(session.page.answer(nonce(), 'http://127.0.0.1:3000'), ORIGIN)).toBeNull()
  expect(sessions.answered(createTestPage().answer(nonce(), ORIGIN), ORIGIN)).toBeNull()
  const late = nonce()
  wait(30_000)
  expect(sessions.answered(session.page.answer(late, ORIGIN), ORIGIN)).toBeNull()
})

test('no text is taken for an answer', () => {
  const { sessions } = setUp()
  const session = open(sessions)
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isSigned) => {
      const nonce = sessions.challenge(session.id, 'page-nonce', ORIGIN)?.nonce
      expect(sessions.answered(isSigned ? `${nonce}.${text}` : text, ORIGIN)).toBeNull()
    }),
  )
})

test('sessions outlive their host; what is stored of them opens nothing, and is for its owner alone', () => {
  const { sessions, again, dataDir } = setUp()
  const session = open(sessions)
  expect(connect(again(), session)).toBe(session.id)
  const file = join(dataDir, 'sessions.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(session.hostKey)
})

test('a damaged file holds no session, and is no reason to fail', () => {
  const { sessions, again, dataDir } = setUp()
  open(sessions)
  writeFileSync(join(dataDir, 'sessions.json'), '[{"id": 1')
  const next = again()
  expect(next.list()).toEqual([])
  expect(connect(next, open(next))).not.toBeNull()
})

test('a session that is ended cuts its screens off, and stays ended', () => {
  const { sessions, again } = setUp()
  const [one, other] = [open(sessions), open(sessions)]
  const close = vi.fn()
  const gone = sessions.connected(one.id, close)
  const under = sessions.challenge(one.id, 'page-nonce', ORIGIN)?.nonce ?? ''
  expect(sessions.end(one.id)).toBe(true)
  expect(close).toHaveBeenCalledOnce()
  gone()
  expect(sessions.answered(one.page.answer(under, ORIGIN), ORIGIN)).toBeNull()
  expect(connect(sessions, one)).toBeNull()
  expect(sessions.end(one.id)).toBe(false)
  expect(again().list()).toMatchObject([{ id: other.id, browser: 'Firefox on Linux', screens: 0 }])
})

test('rotating ends all sessions, voids addresses and challenges, and makes the host another key', () => {
  const { sessions, dataDir } = setUp()
  const session = open(sessions)
  const close = vi.fn()
  sessions.connected(session.id, close)
  const key = readFileSync(join(dataDir, 'host.key'), 'utf8')
  const code = codeOf(sessions)
  expect(sessions.rotate()).toEqual({ sessions: 1, addresses: 1 })
  expect(close).toHaveBeenCalledOnce()
  expect(sessions.open(code, session.page.key, '')).toBeNull()
  expect(connect(sessions, session)).toBeNull()
  const anew = open(sessions, session.page)
  expect(anew.hostKey).not.toBe(session.hostKey)
  expect(readFileSync(join(dataDir, 'host.key'), 'utf8')).not.toBe(key)
})

test('a browser that opens another address keeps its one session', () => {
  const { sessions } = setUp()
  const session = open(sessions)
  open(sessions, session.page)
  expect(sessions.list()).toHaveLength(1)
})

test('one that was not seen for 30 days is gone, unless its screen is open', () => {
  const { sessions, wait } = setUp()
  const [idle, watched] = [open(sessions), open(sessions)]
  const gone = sessions.connected(watched.id, () => undefined)
  wait(31 * DAY)
  expect(sessions.list().map(({ id }) => id)).toEqual([watched.id])
  expect(connect(sessions, idle)).toBeNull()
  gone()
  wait(29 * DAY)
  expect(connect(sessions, watched)).toBe(watched.id)
})

test('fifty are kept: the one that was not seen for longest makes room', () => {
  const { sessions, wait } = setUp()
  const oldest = open(sessions)
  const watched = open(sessions)
  sessions.connected(watched.id, () => undefined)
  for (let n = 0; n < 49; n++) {
    wait(1)
    open(sessions)
  }
  expect(sessions.list()).toHaveLength(50)
  expect(connect(sessions, oldest)).toBeNull()
  expect(connect(sessions, watched)).toBe(watched.id)
})
