import { expect, test } from 'vitest'
import { acceptEvent } from './accept-event.ts'
import {
  endRelayed,
  markRelayed,
  nextInTurn,
  noteSign,
  noteWorker,
  outgoingMessages,
  sendAgain,
  silentMessages,
} from './relayed-messages.ts'
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

test('the next of a zap is in turn when the one before has ended, or rests until a person decides', async () => {
  const database = temporaryDatabase()
  const now = 1_000_000
  const turns = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: { format: 'hookline/zap@1', name: 'Zap', steps: [], edges: [] }, now })
    const events = ['a', 'b', 'c'].map((dedupeKey) => {
      const event = { zapId: 'zap', version: 1, triggerStepId: 'hook', dedupeKey, data: {}, receivedAt: now }
      return acceptEvent(tx, event, undefined, 'outgoing').eventId
    })
    const [first = '', second = '', third = ''] = events
    const seen: (number | string | undefined)[] = []
    const look = (): void => {
      const next = nextInTurn(tx, 'zap')
      seen.push(typeof next === 'object' ? events.indexOf(next.eventId) : next)
    }
    look()
    markRelayed(tx, 1, '1', now)
    look()
    noteWorker(tx, first, 'worker', now)
    look()
    noteWorker(tx, first, 'worker', now, true)
    look()
    markRelayed(tx, 2, '2', now)
    // Its worker is gone: it is sent again, behind what is in the log by now.
    sendAgain(tx, 1, now)
    look()
    endRelayed(tx, second, now)
    look()
    markRelayed(tx, 1, '3', now)
    look()
    endRelayed(tx, first, now)
    look()
    endRelayed(tx, third, now)
    look()
    return seen
  })
  expect(turns).toEqual([0, 'not-yet', 'not-yet', 1, 'not-yet', 0, 'not-yet', 2, undefined])
})
