import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from './db/open.ts'
import {
  countRelayed,
  countSentOnBefore,
  endedTaken,
  findWorkerOf,
  leaveFleet,
  nextInTurn,
  outgoingMessages,
  restingTaken,
  sendAllAgain,
  silentMessages,
  stageOf,
  zapOfRun,
} from './db/relayed-messages.ts'
import { endedObjects, wantedObjects } from './db/stored-objects.ts'
import { temporaryFolder } from './db/test-database.ts'
import { enableZap, type TestClient, testApp } from './test-app.ts'

/** Tables that have rows of each run, or of each request. */
const HISTORY = /\b(outbox_message|run|step_run|step_attempt|trigger_event|webhook_request|test_run)\b/

/** Pages of the newest lines: the table is gone through from its end, until the page is full. */
const NEWEST_FIRST =
  /^select [^?]* from `webhook_request` left join [^?]* order by `webhook_request`\.`id` desc limit \?$/

/** Notes what is prepared from now on. The returned function says which of it goes through a table of the history from end to end. */
function noteStatements(): (folder: string) => string[] {
  const prepared = vi.spyOn(Sqlite.prototype, 'prepare')
  onTestFinished(() => prepared.mockRestore())
  return (folder) => {
    const statements = new Set(prepared.mock.calls.map(([sql]) => sql))
    prepared.mockRestore()
    const database = new Sqlite(join(folder, 'hookline.db'), { readonly: true })
    const isSlow = (sql: string): boolean => {
      const plan = database.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      const unknown = Array.from({ length: sql.split('?').length - 1 }, () => null)
      return plan
        .all(...unknown)
        .some(({ detail }) => detail.startsWith('SCAN ') && !detail.includes(' USING ') && HISTORY.test(detail))
    }
    const found = [...statements]
      .filter((sql) => /^\s*(SELECT|UPDATE|DELETE|WITH)\b/i.test(sql) && HISTORY.test(sql))
      .filter((sql) => isSlow(sql))
    database.close()
    return found.map((sql) => sql.replace(/\s+/g, ' ')).filter((sql) => !NEWEST_FIRST.test(sql))
  }
}

/** What is asked while screens are open, again and again, and on a page of the history. */
async function askAll(client: TestClient, zapId: string, runId: string): Promise<void> {
  await client.system.status()
  await client.system.info()
  await client.zaps.list({})
  await client.outbox.stats()
  await client.outbox.deadLetters()
  await client.outbox.throughput()
  await client.incidents.list()
  await client.approvals.list({})
  await client.inbox.list({})
  await client.inbox.list({ verdict: 'duplicate' })
  await client.runs.get({ id: runId })
  for (const filter of [{}, { zapId }, { status: 'failed' as const }, { zapId, status: 'failed' as const }])
    await client.runs.list(filter)
}

test('what screens ask again and again goes through no table of the history from end to end', async () => {
  const slowOf = noteStatements()
  const { app, client, folder } = await testApp()
  const zapId = await enableZap(client, { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] })
  const { runId } = await client.zaps.run({ id: zapId, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  await askAll(client, zapId, runId)
  await app.stop()
  expect(slowOf(folder)).toEqual([])
})

test('nor does what a host of a fleet asks again and again', async () => {
  const folder = temporaryFolder()
  const slowOf = noteStatements()
  const database = openDatabase(folder)
  await countRelayed(database.reader)
  await findWorkerOf(database.reader, 'run_1')
  await database.write((tx) => {
    outgoingMessages(tx, 0, 10)
    silentMessages(tx, { since: 0, now: 0 }, 0, 10)
    nextInTurn(tx, 'zap')
    zapOfRun(tx, 'run_1')
    stageOf(tx, 'evt_1')
    endedTaken(tx, 10)
    restingTaken(tx, 10)
    wantedObjects(tx, 10)
    endedObjects(tx, 10)
    countSentOnBefore(tx, 0, 10)
    sendAllAgain(tx, 0)
    leaveFleet(tx, 0)
  })
  await database.close()
  expect(slowOf(folder)).toEqual([])
})
