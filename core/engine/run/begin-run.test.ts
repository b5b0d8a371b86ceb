import { expect, test } from 'vitest'
import { testCatalogue } from '../../connectors/test-catalogue.ts'
import { acceptEvent } from '../../db/accept-event.ts'
import type { Tx } from '../../db/executor.ts'
import { type LeasedMessage, leaseDue } from '../../db/message-leases.ts'
import { returnMessage } from '../../db/outbox-messages.ts'
import { writeStepRun } from '../../db/step-runs.ts'
import { temporaryDatabase } from '../../db/test-database.ts'
import { insertVersion, insertZap } from '../../db/zaps.ts'
import type { ZapFile } from '../../domain/zap/zap-file.ts'
import { createVersionCache } from '../version-cache.ts'
import { beginRun } from './begin-run.ts'
import { doneRow, runningRow } from './journal-rows.ts'

const loop = (id: string) => ({ id, uses: 'logic.for-each', input: { items: [1, 2] } })
const set = (id: string) => ({ id, uses: 'data.set', input: { fields: { value: 1 } } })

/** Two loops, one behind the other. */
const zap: ZapFile = {
  format: 'hookline/zap@1',
  name: 'Two loops',
  steps: [{ id: 'go', uses: 'manual.run', input: {} }, loop('first'), set('a'), loop('second'), set('b')],
  edges: [
    { from: 'go', to: 'first' },
    { from: 'first', port: 'each', to: 'a' },
    { from: 'first', port: 'done', to: 'second' },
    { from: 'second', port: 'each', to: 'b' },
  ],
}

test('a run that goes on reads the rounds of loops that are under way, and of those that are done only what they gave', async () => {
  const database = temporaryDatabase()
  const versions = createVersionCache(testCatalogue)
  const line = (stepId: string, scope = '') => ({ stepId, scope, input: null, attemptNo: 1, startedAt: 1 })
  const done = (stepId: string, scope: string, port: string) =>
    doneRow(line(stepId, scope), 'succeeded', { ports: [port], output: '1', finishedAt: 2 })
  const lease = (tx: Tx): LeasedMessage => {
    const [message] = leaseDue(tx, { zapId: 'zap', limit: 1, now: 10, until: 20, token: 'me.1', maxCrashes: 1 })
    if (message === undefined) throw new Error('nothing is due')
    return message
  }
  const journal = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: zap, now: 0 })
    const version = insertVersion(tx, { zapId: 'zap', kind: 'published', definition: zap, now: 0 })
    const event = { zapId: 'zap', version, triggerStepId: 'go', dedupeKey: null, data: {}, receivedAt: 0 }
    const { runId } = acceptEvent(tx, event)
    const message = lease(tx)
    beginRun(tx, message, versions, 10)
    for (const round of ['0', '1']) writeStepRun(tx, runId, done('a', round, 'main'))
    writeStepRun(tx, runId, done('first', '', 'done'))
    writeStepRun(tx, runId, runningRow(line('second')))
    writeStepRun(tx, runId, done('b', '0', 'main'))
    returnMessage(tx, message, 10)
    return beginRun(tx, lease(tx), versions, 10)?.journal
  })
  const lines = journal?.map(({ stepId, scope }) => (scope === '' ? stepId : `${stepId} ${scope}`))
  expect(lines?.sort()).toEqual(['b 0', 'first', 'second'])
})
