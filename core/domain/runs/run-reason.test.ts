import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlainReason, type RunReason, readReason, reasonText, storedReason } from './run-reason.ts'
import { WAITS } from './states.ts'

const text = fc.string({ maxLength: 30 })
const step = fc.record({ id: text, name: text })
const maybe = fc.option(text)

const plain: fc.Arbitrary<PlainReason> = fc.oneof(
  fc.record({ code: fc.constant('told' as const), text }),
  fc.record({ code: fc.constant('waits' as const), step, for: fc.constantFrom(...WAITS) }),
  fc.record({ code: fc.constant('paused' as const), step, problem: maybe }),
  fc.record({
    code: fc.constant('cut-off' as const),
    step,
    by: fc.constantFrom('interrupted' as const, 'timeout' as const),
  }),
  fc.record({ code: fc.constant('ended-host' as const), times: fc.nat() }),
  fc.record({ code: fc.constant('step-failed' as const), step, message: text }),
  fc.record({ code: fc.constant('ended-by' as const), step, message: maybe }),
  fc.record({ code: fc.constant('stopped-by' as const), step, because: maybe }),
  fc.record({ code: fc.constant('timed-out' as const), limitMs: fc.integer({ min: 1_000, max: 1e9 }) }),
  fc.record({ code: fc.constant('passed-over' as const), mode: fc.constantFrom('restart' as const, 'skip' as const) }),
  fc.record({ code: fc.constant('left-alone' as const), minutes: fc.nat() }),
  fc.record({ code: fc.constantFrom('not-begun' as const, 'internal' as const), message: text }),
  fc.constantFrom<PlainReason>(
    { code: 'queued' },
    { code: 'stood-still' },
    { code: 'cancelled' },
    { code: 'abandoned' },
    { code: 'replaced' },
  ),
)
const reasons: fc.Arbitrary<RunReason> = fc.oneof(
  plain,
  fc.record({ code: fc.constant('stopped' as const), was: fc.option(plain) }),
)

test('what is stored of a reason is read back as it was, and makes a sentence', () => {
  fc.assert(
    fc.property(reasons, (reason) => {
      expect(readReason({ ...storedReason(reason), text: null })).toEqual(reason)
      if (reason.code !== 'told' && !('message' in reason)) expect(reasonText(reason)).not.toBe('')
    }),
  )
})

test('a stored reason that was changed by hand says so, and is read in a time that grows with it', () => {
  fc.assert(
    fc.property(text, maybe, (code, data) => {
      const read = readReason({ code, data, text: null })
      expect(read === null ? '' : reasonText(read)).not.toBe('')
    }),
  )
  expect(readReason({ code: 'step-failed', data: '{"step":7}', text: null })).toEqual({
    code: 'told',
    text: 'The stored reason "step-failed" cannot be read.',
  })
})

test('a sentence that an older version stored is told as it is, also when a person has stopped its run since', () => {
  const old = readReason({ code: null, data: null, text: 'The step "Post" (post) failed: 500' })
  expect(old && reasonText(old)).toBe('The step "Post" (post) failed: 500')
  expect(readReason({ code: null, data: null, text: null })).toBeNull()
  const was = { code: 'told', text: 'The step took too long.' } as const
  const stopped = readReason({ ...storedReason({ code: 'stopped', was }), text: null })
  expect(stopped && reasonText(stopped)).toBe('Stopped by you. The step took too long.')
})

const POST = { id: 'post', name: 'Tell the ledger' }

test.each<[RunReason, string]>([
  [{ code: 'waits', step: POST, for: 'retry' }, 'The step "Tell the ledger" (post) failed and will be tried again.'],
  [{ code: 'waits', step: POST, for: 'network' }, 'The step "Tell the ledger" (post) waits for the network.'],
  [{ code: 'paused', step: POST, problem: null }, 'Paused before the step "Tell the ledger" (post).'],
  [
    { code: 'paused', step: POST, problem: 'There is no go.x.' },
    'Paused before the step "Tell the ledger" (post). Its input cannot be filled in: There is no go.x.',
  ],
  [
    { code: 'cut-off', step: POST, by: 'timeout' },
    'The step "Tell the ledger" (post) took too long, and repeating it could do it twice: look whether it was done.',
  ],
  [
    { code: 'ended-host', times: 3 },
    'Hookline ended 3 times while it worked on this run; it is set aside so that it cannot do so again.',
  ],
  [{ code: 'step-failed', step: POST, message: '500.' }, 'The step "Tell the ledger" (post) failed: 500.'],
  [{ code: 'ended-by', step: POST, message: null }, 'Ended by the step "Tell the ledger" (post).'],
  [{ code: 'ended-by', step: POST, message: 'Paid.' }, 'Paid.'],
  [{ code: 'stopped-by', step: POST, because: 'seen before' }, 'Stopped by "Tell the ledger" (post): seen before.'],
  [{ code: 'timed-out', limitMs: 90_000 }, 'The run took longer than its zap allows (1m30s).'],
  [{ code: 'passed-over', mode: 'skip' }, 'Not begun: another run of this zap was not finished.'],
])('%j is said as it was before reasons were facts', (reason, sentence) => {
  expect(reasonText(reason)).toBe(sentence)
})
