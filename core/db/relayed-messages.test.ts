import { expect, test } from 'vitest'
import { acceptEvent } from './accept-event.ts'
import { markRelayed, noteSign, noteWorker, outgoingMessages, silentMessages } from './relayed-messages.ts'
import { temporaryDatabase } from './test-database.ts'
import { insertZap } from './zaps.ts'

test('what was heard of while the clock was ahead is asked after, and not when its time has come', async () => {
  const database = temporaryDatabase()
  const [before, ahead, now] = [1_000_000, 4_600_000, 1_000_100]
  const silent = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: { format: 'hookline/zap@1', name: 'Zap', steps: [], edges: [] }, now: before })
    for (const [dedupeKey, heardAt] of [
      ['long ago', before - 60_000],
      ['lately', before],
      ['ahead', ahead],
    ] as const) {
      const event = { zapId: 'zap', version: 1, triggerStepId: 'hook', dedupeKey, data: {}, receivedAt: before }
      const { eventId } = acceptEvent(tx, event, undefined, 'outgoing')
      for (const { id } of outgoingMessages(tx, 0, 10)) markRelayed(tx, id, '1', before)
      noteWorker(tx, eventId, 'gone', heardAt)
    }
    const span = { since: before - 30_000, now }
    const found = silentMessages(tx, span, 0, 10)
    for (const { id } of found) noteSign(tx, id, now)
    return [found.length, silentMessages(tx, span, 0, 10).length]
  })
  expect(silent).toEqual([2, 0])
})
