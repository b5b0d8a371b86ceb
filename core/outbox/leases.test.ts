import { expect, onTestFinished, test, vi } from 'vitest'
import { leaseDue, reclaimMessage } from '../db/message-leases.ts'
import { openDatabase } from '../db/open.ts'
import { settleMessage } from '../db/outbox-messages.ts'
import { integer, rowOf } from '../db/row.ts'
import { manualClock } from '../domain/time/clock.ts'
import { enableZap, testApp, testServer } from '../test-app.ts'

const MINUTE = 60_000

/** A run inside a call, whose lease was then taken by another process; `answer` lets the call of the first one end. */
async function robbedRun() {
  const clock = manualClock(1_000_000_000)
  const warn = vi.fn()
  const { client, folder } = await testApp({ clock, log: { info: vi.fn(), warn, error: vi.fn() } })
  const closed = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  const answers: ((status: number) => void)[] = []
  const url = await testServer((_request, response) => {
    answers.push((status) => {
      response.statusCode = status
      // Far enough away that the run gives up its place meanwhile.
      response.setHeader('retry-after', '60')
      response.end('{}')
    })
    response.once('close', closed.resolve)
    arrived.resolve()
  })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'call', uses: 'http.request', input: { method: 'POST', url } },
      { id: 'after', uses: 'http.request', input: { method: 'POST', url } },
    ],
    edges: [
      { from: 'go', to: 'call' },
      { from: 'call', to: 'after' },
    ],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await arrived.promise

  const other = openDatabase(folder)
  onTestFinished(() => other.close())
  const robber = await other.write((tx) => {
    const now = clock.now()
    const held = tx.get(rowOf({ id: integer }), `SELECT id FROM outbox_message WHERE state = 'leased'`)
    reclaimMessage(tx, { id: held?.id ?? 0, crashes: 1 }, now)
    const [message] = leaseDue(tx, { zapId: id, limit: 1, now, until: now + MINUTE, token: 'other.1', maxCrashes: 9 })
    if (message === undefined) throw new Error('nothing was leased')
    return message
  })
  const look = async () => ({
    message: await other.reader('outbox_message').where({ run_id: runId }).first(),
    run: await other.reader('run').where({ id: runId }).first(),
    steps: await other.reader('step_run').where({ run_id: runId }),
    attempts: await other.reader('attempt').where({ run_id: runId }),
  })
  return { clock, client, warn, closed: closed.promise, other, robber, runId, answers, look }
}

test.each([
  ['is done', 200],
  ['fails, and would be tried again', 503],
  ['fails for good', 404],
])('a worker whose lease was taken writes nothing more, when its call %s', async (_how, status) => {
  const { client, warn, other, robber, runId, answers, look } = await robbedRun()
  const before = await look()
  answers[0]?.(status)
  await expect.poll(() => warn.mock.calls.flat().join()).toContain('is lost')
  expect(await look()).toEqual(before)
  // No step behind it was begun either.
  expect(answers).toHaveLength(1)
  expect(await other.write((tx) => settleMessage(tx, robber, 'delivered', 1))).toBe(true)
  expect((await client.runs.get({ id: runId })).run.status).toBe('running')
})

test('a worker whose lease was taken hears of it at its next heartbeat, and stops', async () => {
  const { clock, closed, answers, look } = await robbedRun()
  const before = await look()
  clock.advance(20_000)
  // The call is given up, so whatever it would still answer reaches nobody.
  await closed
  answers[0]?.(200)
  await new Promise((resolve) => setImmediate(resolve))
  expect(await look()).toEqual(before)
})
