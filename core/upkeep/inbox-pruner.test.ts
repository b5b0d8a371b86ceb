import { expect, test, vi } from 'vitest'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertRefusal, listRequests } from '../db/webhook-requests.ts'
import { manualClock } from '../domain/time/clock.ts'
import { createInboxPruner } from './inbox-pruner.ts'

const DAY_MS = 86_400_000

test('requests leave the inbox when they are older than it keeps them, and never when it keeps them for ever', async () => {
  const database = temporaryDatabase()
  const clock = manualClock(40 * DAY_MS)
  await database.write((tx) => {
    for (let n = 0; n < 2_500; n++) {
      insertRefusal(tx, {
        receivedAt: n < 2_400 ? n : 39 * DAY_MS,
        method: 'POST',
        path: '/hooks/in',
        query: '',
        headers: '{}',
        body: null,
        remoteAddress: null,
        verdict: 'unknown-path',
        status: 404,
        note: null,
        zapId: null,
        report: null,
      })
    }
  })
  let keepDays = 0
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const pruner = createInboxPruner({ database, clock, log, keepDays: () => keepDays })
  expect(await pruner.runOnce()).toBe(0)
  keepDays = 30
  expect(await pruner.runOnce()).toBe(2_400)
  expect(await listRequests(database.reader, { limit: 500 })).toHaveLength(100)
  expect(await pruner.runOnce()).toBe(0)
})
