import { expect, test } from 'vitest'
import type { RunDetail, StepRun } from '../../core/contract/values.ts'
import { runText } from './run-text.ts'

const textOf = (detail: Parameters<typeof runText>[0]): string => runText(detail).join('\n')

const run: RunDetail['run'] = {
  id: 'run_1',
  zapId: 'zap_1',
  zapName: 'Orders',
  version: 2,
  status: 'succeeded',
  test: false,
  shownAs: 'succeeded',
  replays: [],
  replayedAs: null,
  reason: null,
  replayOf: null,
  eventId: 'evt_1',
  triggerStep: 'hook',
  startedAt: '2026-11-24T09:00:00.000Z',
  finishedAt: '2026-11-24T09:00:01.000Z',
  resumesAt: null,
  waitsFor: null,
}

const step = (id: string, rest: Partial<StepRun> = {}): StepRun => ({
  step: id,
  scope: '',
  status: 'succeeded',
  given: null,
  input: null,
  output: null,
  ports: ['main'],
  startedAt: null,
  finishedAt: null,
  nextAttemptAt: null,
  waitsFor: null,
  approval: null,
  calledRunId: null,
  maxAttempts: 8,
  attempts: [],
  ...rest,
})

test('a run is told with what went into its steps and what came out, each round of a loop for itself', () => {
  const steps = [
    step('hook', { output: { body: { id: 1 } } }),
    step('post', { scope: '10.0', input: { body: 'x'.repeat(500) }, output: null }),
  ]
  expect(textOf({ run: { ...run, replayOf: 'run_0' }, steps })).toBe(
    [
      'run_1  succeeded  Orders (version 2)',
      '  It repeats run_0.',
      '',
      '  hook         succeeded',
      '    output    {"body":{"id":1}}',
      '',
      '  post [10.0]  succeeded',
      `    input     {"body":"${'x'.repeat(190)}…`,
    ].join('\n'),
  )
})

test('a retry is told with every attempt, and the time of the next one', () => {
  const attempts = [
    { n: 1, startedAt: 'T1', finishedAt: 'T2', error: { code: 'http-503', message: 'POST http://x/ answered 503' } },
  ]
  const waiting = step('post', { status: 'waiting', waitsFor: 'retry', nextAttemptAt: 'T3', attempts })
  const text = textOf({
    run: { ...run, status: 'waiting', shownAs: 'waiting', reason: 'It failed.', resumesAt: 'T3' },
    steps: [waiting],
  })
  expect(text).toBe(
    [
      'run_1  waiting  Orders (version 2)',
      '  It failed.',
      '  It goes on at T3.',
      '',
      '  post  waiting for attempt 2 of 8 until T3',
      '    attempt 1 T1  POST http://x/ answered 503',
    ].join('\n'),
  )
})

test('a test says which steps were given what, and before which one it is paused', () => {
  const paused = step('post', { status: 'waiting', waitsFor: 'pause', input: { n: 1 } })
  const text = textOf({
    run: { ...run, status: 'waiting', waitsFor: 'pause' },
    steps: [step('hook', { given: 'event' }), paused],
  })
  expect(text).toContain('  hook  given (event)')
  expect(text).toContain('  post  waiting: a test is paused before it')
})
