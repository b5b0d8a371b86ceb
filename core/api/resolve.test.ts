import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import { enableZap, type TestClient, testApp, testServer } from '../test-app.ts'
import { stuckFiles } from '../test-stuck-file.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })
const set = { id: 'after', uses: 'data.set', input: { fields: { path: '{{ append.path }}' } } }
const zap = (timeoutMs?: number) => ({
  steps: [
    manual,
    {
      id: 'append',
      uses: 'file.append',
      input: { path: 'lines', text: 'x' },
      ...(timeoutMs === undefined ? {} : { settings: { timeoutMs } }),
    },
    set,
  ],
  edges: [edge('go', 'append'), edge('append', 'after')],
})

const textIn = (folder: string) => () => readFileSync(join(folder, 'files', 'lines'), 'utf8')

/** A run whose unsafe step took too long. */
async function timedOut() {
  // Only the first attempt takes long: after it the time stands still.
  const clock = manualClock(Date.now())
  const { catalogue, mend } = stuckFiles()
  const { client, folder } = await testApp({ clock, catalogue })
  const id = await enableZap(client, zap(50))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => stepOf(await client.runs.get({ id: runId }), 'append')?.status).toBe('running')
  clock.advance(50)
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('needs-review')
  expect((await client.runs.get({ id: runId })).run.reason).toContain('took too long')
  mend()
  return { client, text: textIn(folder), runId }
}

/** A run whose unsafe step was at work when Hookline stopped. */
async function cutOff() {
  const clock = manualClock(Date.now())
  const { catalogue, mend } = stuckFiles()
  const first = await testApp({ clock, catalogue })
  const id = await enableZap(first.client, zap())
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => stepOf(await first.client.runs.get({ id: runId }), 'append')?.status).toBe('running')
  let isStopped = false
  const stopped = first.app.stop().then(() => {
    isStopped = true
  })
  while (!isStopped) {
    clock.advance(10_000)
    await pause(5)
  }
  await stopped
  mend()
  const { client } = await testApp({ dataDir: first.folder, clock, catalogue })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('needs-review')
  expect((await client.runs.get({ id: runId })).run.reason).toContain('was at work when Hookline stopped')
  return { client, text: textIn(first.folder), runId }
}

type Detail = Awaited<ReturnType<TestClient['runs']['get']>>
const stepOf = ({ steps }: Detail, id: string) => steps.find((row) => row.step === id)
const ended = async (client: TestClient, id: string) => {
  await expect.poll(async () => (await client.runs.get({ id })).run.finishedAt).not.toBeNull()
  return client.runs.get({ id })
}

const waysIn = [
  ['took too long', timedOut],
  ['was cut off by the end of Hookline', cutOff],
] as const

test.each(waysIn)('an unsafe step that %s is done again when a person says so', async (_how, begin) => {
  const { client, text, runId } = await begin()
  await client.runs.resolve({ id: runId, choice: 'run-again' })
  const detail = await ended(client, runId)
  expect(detail.run.status).toBe('succeeded')
  expect(text()).toBe('x\n')
  const attempts = stepOf(detail, 'append')?.attempts ?? []
  expect(attempts).toHaveLength(2)
  expect(attempts[0]?.error?.code).toMatch(/timeout|interrupted/)
})

test.each(waysIn)('an unsafe step that %s can be taken for done, with what it gave', async (_how, begin) => {
  const { client, runId } = await begin()
  await client.runs.resolve({ id: runId, choice: 'mark-done', output: { path: '/there', bytes: 2 } })
  const detail = await ended(client, runId)
  expect(detail.run.status).toBe('succeeded')
  expect(stepOf(detail, 'append')).toMatchObject({ status: 'succeeded', output: { path: '/there', bytes: 2 } })
  expect(stepOf(detail, 'after')?.output).toEqual({ path: '/there' })
})

test.each(waysIn)('a run with a step that %s can be stopped, and then has failed', async (_how, begin) => {
  const { client, runId } = await begin()
  await client.runs.resolve({ id: runId, choice: 'stop' })
  const detail = await ended(client, runId)
  expect(detail.run).toMatchObject({ status: 'failed', reason: expect.stringContaining('Stopped by you.') })
  expect(stepOf(detail, 'append')?.status).toBe('skipped')
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
})

test('only a run that needs review is resolved, and once', async () => {
  const { client, runId } = await timedOut()
  await client.runs.resolve({ id: runId, choice: 'stop' })
  await expect(client.runs.resolve({ id: runId, choice: 'run-again' })).rejects.toThrow('does not need review')
  await expect(client.runs.resolve({ id: 'run_none', choice: 'stop' })).rejects.toThrow('There is no run run_none.')
})

test('a run that needs review can be replayed from the failed step instead, which does it again', async () => {
  const { client, text, runId } = await timedOut()
  const replay = await client.runs.replay({ id: runId, fromFailed: true })
  expect((await ended(client, replay.runId)).run).toMatchObject({ status: 'succeeded', replayOf: runId })
  expect(text()).toBe('x\n')
})

test('a retry that is an hour away is made now when a person says so', async () => {
  const { client } = await testApp()
  let calls = 0
  const url = await testServer((_request, response) => {
    calls++
    response.statusCode = calls === 1 ? 503 : 200
    response.setHeader('retry-after', '3600')
    response.end()
  })
  const id = await enableZap(client, {
    steps: [manual, { id: 'call', uses: 'http.request', input: { method: 'POST', url } }],
    edges: [edge('go', 'call')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.waitsFor).toBe('retry')
  await client.runs.resumeNow({ id: runId })
  expect((await ended(client, runId)).run.status).toBe('succeeded')
  await expect(client.runs.resumeNow({ id: runId })).rejects.toThrow('nothing to hasten')
})

test('a delay ends when a person says so, also beside a call that is under way', async () => {
  const { client } = await testApp()
  const answer = Promise.withResolvers<void>()
  const url = await testServer((_request, response) => void answer.promise.then(() => response.end()))
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'wait', uses: 'logic.delay', input: { for: '1h' } },
      { id: 'long', uses: 'http.request', input: { method: 'POST', url } },
      { id: 'behind', uses: 'data.set', input: { fields: { at: '{{ wait.resumedAt }}' } } },
    ],
    edges: [edge('go', 'wait'), edge('go', 'long'), edge('wait', 'behind')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => stepOf(await client.runs.get({ id: runId }), 'wait')?.status).toBe('waiting')
  await client.runs.resumeNow({ id: runId })
  await expect.poll(async () => stepOf(await client.runs.get({ id: runId }), 'behind')?.status).toBe('succeeded')
  answer.resolve()
  expect((await ended(client, runId)).run.status).toBe('succeeded')
})

test('of two decisions at once one counts, and the other is told which', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, { id: 'ask', uses: 'logic.approve', input: { message: 'Well?' } }],
    edges: [edge('go', 'ask')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.approvals.list()).length).toBe(1)
  const decide = (decision: 'approved' | 'declined') => client.approvals.decide({ runId, step: 'ask', decision })
  const [yes, no] = await Promise.allSettled([decide('approved'), decide('declined')])
  expect(yes).toMatchObject({ status: 'fulfilled', value: { decision: 'approved' } })
  expect(no).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('approved already at') } })
  await ended(client, runId)
  await expect(client.approvals.decide({ runId, step: 'none', decision: 'approved' })).rejects.toThrow(
    'asks for no decision',
  )
})

test('a decision that comes after the time is over is refused, even before the run has noticed', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  const timers = new Set<() => void>()
  const { client } = await testApp({
    clock: {
      now: () => now,
      after: (ms, callback) => {
        // Only what is due at once: whoever waits for a time sleeps through it.
        if (ms <= 0) setImmediate(callback)
        else timers.add(callback)
        return () => timers.delete(callback)
      },
    },
  })
  const id = await enableZap(client, {
    steps: [manual, { id: 'ask', uses: 'logic.approve', input: { message: 'Well?', expiresIn: '1h' } }],
    edges: [edge('go', 'ask')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.approvals.list()).length).toBe(1)
  now += 3_600_000
  await expect(client.approvals.decide({ runId, step: 'ask', decision: 'approved' })).rejects.toThrow(
    'was expired already',
  )
})

test('a run that was set aside while it went on with a decision goes on with it, and asks nobody again', async () => {
  const first = await testApp()
  const id = await enableZap(first.client, {
    steps: [manual, { id: 'ask', uses: 'logic.approve', input: { message: 'Send it?' } }],
    edges: [edge('go', 'ask')],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await first.client.runs.get({ id: runId })).run.waitsFor).toBe('person')
  await first.app.stop()
  // As three crashes leave it that came while the run went on with its answer.
  const database = new Sqlite(join(first.folder, 'hookline.db'))
  database.exec(`
    UPDATE approval SET decision = 'approved', decided_at = requested_at;
    UPDATE step_run SET state = 'running', next_attempt_at = NULL,
      answer = '{"decision":"approved","note":null,"decidedAt":"2026-11-24T09:00:00.000Z"}' WHERE step_id = 'ask';
    UPDATE run SET state = 'needs-review', waits_for = NULL, resumes_at = NULL;
    UPDATE outbox_message SET state = 'dead', settled_at = created_at WHERE state = 'pending'`)
  database.close()

  const { client } = await testApp({ dataDir: first.folder })
  await client.runs.resolve({ id: runId, choice: 'run-again' })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  expect(stepOf(await client.runs.get({ id: runId }), 'ask')?.output).toMatchObject({ decision: 'approved' })
  expect(await client.approvals.list()).toEqual([])
})

test('what a cancelled run asked is asked no longer', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, { id: 'ask', uses: 'logic.approve', input: { message: 'Well?' } }],
    edges: [edge('go', 'ask')],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.approvals.list()).length).toBe(1)
  await client.runs.cancel({ id: runId })
  await expect(client.approvals.decide({ runId, step: 'ask', decision: 'approved' })).rejects.toThrow(
    'withdrawn already',
  )
})
