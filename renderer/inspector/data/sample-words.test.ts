import { expect, it } from 'vitest'
import type { Sample } from '../../../core/contract/values.ts'
import { sampleSentence, sampleWords } from './sample-words.ts'

const sample = (rest: Partial<Sample>): Sample => ({
  value: 1,
  from: 'run',
  pinnedFrom: null,
  runId: null,
  at: null,
  ...rest,
})

it.each([
  [sample({ from: 'run' }), '14:05', 'What the step returned in its last run (14:05).'],
  [sample({ from: 'event' }), null, 'The last event that arrived.'],
  [sample({ from: 'connector' }), null, 'The connector’s own example. Run the zap to see real data.'],
  [
    sample({ from: 'pinned', pinnedFrom: 'run' }),
    '14:05',
    'Pinned: from a past run (14:05). Tests take it in place of running the step. What is live runs it.',
  ],
  // The time of a pin is when it was pinned, which says nothing of what it is.
  [
    sample({ from: 'pinned', pinnedFrom: 'connector' }),
    '14:05',
    'Pinned: the connector’s own example. Tests take it in place of running the step. What is live runs it.',
  ],
])('an example says where it is from: %j', (from, when, words) => {
  expect(sampleSentence(from, when, false)).toBe(words)
})

it('a pinned trigger is what tests begin with', () => {
  expect(sampleSentence(sample({ from: 'pinned', pinnedFrom: 'request' }), null, true)).toBe(
    'Pinned: a request that was caught. Tests begin with it.',
  )
})

it('lists say it in a word or three, also where the origin is not known', () => {
  expect(sampleWords({ value: 1, from: 'pinned' })).toBe('pinned')
  expect(sampleWords(sample({ from: 'pinned', pinnedFrom: 'request' }))).toBe('pinned request')
  expect(sampleWords({ value: 1, from: 'event' })).toBe('from the last event')
})
