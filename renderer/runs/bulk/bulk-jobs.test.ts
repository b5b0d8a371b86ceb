import { describe, expect, it } from 'vitest'
import type { BulkJob } from '../../../core/contract/values.ts'
import { leftOutWords, progressWords, resultWords } from './bulk-jobs.ts'

const job = (part: Partial<BulkJob> = {}): BulkJob => ({
  id: 'bulk_1',
  action: 'replay',
  state: 'running',
  total: 50,
  processed: 12,
  skipped: 0,
  leftOut: { replayed: 0, tests: 0 },
  message: null,
  startedAt: '2026-11-24T09:00:00.000Z',
  finishedAt: null,
  ...part,
})

describe('jobs over many runs', () => {
  it('say how far they are and what became of them', () => {
    expect(progressWords(job())).toBe('Replaying 12 of 50 runs')
    expect(resultWords(job({ state: 'done', processed: 50 }))).toEqual({ title: 'Replayed 50 runs', tone: 'success' })
    expect(resultWords(job({ action: 'cancel', state: 'cancelled' }))).toMatchObject({
      title: 'Cancelled 12 runs, then stopped',
      detail: 'It was stopped before the other 38 runs.',
    })
    expect(resultWords(job({ state: 'failed', message: 'The disk is full.' }))).toMatchObject({
      detail: 'The disk is full.',
      tone: 'error',
    })
  })
  it('say how many runs were left alone, and why', () => {
    expect(resultWords(job({ state: 'done', processed: 50, skipped: 2 }))).toMatchObject({
      title: 'Replayed 48 runs',
      detail: expect.stringContaining('2 runs were left alone: not ended yet'),
    })
    expect(resultWords(job({ action: 'cancel', state: 'done', processed: 50, skipped: 1 })).detail).toBe(
      '1 run was left alone: nothing was under way any more.',
    )
    expect(resultWords(job({ state: 'done', total: 0, processed: 0 })).title).toBe('No run was left to replay')
  })
})

describe('what a replay leaves out', () => {
  it('is named by why, in the number that it has', () => {
    expect(leftOutWords({ replayed: 3, tests: 2 }, 'are')).toBe('3 already replayed and 2 tests are left out')
    expect(leftOutWords({ replayed: 1, tests: 0 }, 'are')).toBe('1 already replayed is left out')
    expect(leftOutWords({ replayed: 0, tests: 1 }, 'were')).toBe('1 test was left out')
    expect(leftOutWords({ replayed: 0, tests: 0 }, 'are')).toBeNull()
  })

  it('is told with the end, also where nothing else was left', () => {
    const leftOut = { replayed: 2, tests: 0 }
    expect(resultWords(job({ state: 'done', total: 0, processed: 0, leftOut }))).toEqual({
      title: 'No run was left to replay',
      detail: '2 already replayed were left out.',
      tone: 'neutral',
    })
  })
})
