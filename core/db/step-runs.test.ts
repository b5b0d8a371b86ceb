import { expect, test } from 'vitest'
import { blankZap } from '../domain/zap/zap-file.ts'
import { insertRun } from './runs.ts'
import { findShownStepRuns, writeStepRun } from './step-runs.ts'
import { temporaryDatabase } from './test-database.ts'
import { insertEvent } from './trigger-events.ts'
import { insertVersion, insertZap } from './zaps.ts'

test('of the rounds of a loop that gave much, only the first are read to be shown', async () => {
  const database = temporaryDatabase()
  const output = JSON.stringify('x'.repeat(100_000))
  await database.write((tx) => {
    const draft = blankZap('A zap')
    insertZap(tx, { id: 'zap', draft, now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: draft, now: 0 })
    const event = { id: 'evt', zapId: 'zap', triggerStepId: 'go', dedupeKey: null, data: '{}', receivedAt: 0 }
    insertEvent(tx, { ...event, parentRunId: null, depth: 0 })
    insertRun(tx, { id: 'run', zapId: 'zap', version: 1, eventId: 'evt', now: 0 })
    const line = {
      state: 'succeeded' as const,
      ports: '["main"]',
      input: null,
      output,
      attemptNo: 1,
      attemptStartedAt: 1,
      finishedAt: 2,
      nextAttemptAt: null,
      wait: null,
      exhausted: false,
      endsRun: null,
    }
    for (let index = 0; index < 200; index++)
      writeStepRun(tx, 'run', { ...line, stepId: 'inside', scope: String(index) })
    writeStepRun(tx, 'run', { ...line, stepId: 'behind', scope: '' })
  })
  const shown = await findShownStepRuns(database.reader, 'run')
  const rounds = shown.filter(({ stepId }) => stepId === 'inside').map(({ scope }) => Number(scope))
  expect(rounds.sort((a, b) => a - b)).toEqual(Array.from({ length: 41 }, (_, index) => index))
  expect(shown.filter(({ stepId }) => stepId === 'behind')).toHaveLength(1)
})
