import { expect, test } from 'vitest'
import type { HistoryJob } from '../../core/contract/values.ts'
import { jobProgress, jobResult, whatGoes } from './history-words.ts'

const job: HistoryJob = {
  kind: 'prune',
  state: 'running',
  total: 1_200,
  done: 1,
  freedBytes: 0,
  message: null,
  startedAt: '2026-11-24T09:00:00.000Z',
  finishedAt: null,
}

test('a job says how far it is, and what became of it', () => {
  expect(jobProgress(job)).toBe('Deleting 1 of 1,200 runs')
  expect(jobProgress({ ...job, kind: 'shrink', done: 1_000_000, total: 2_500_000 })).toBe(
    'Giving back 1.0 MB of 2.5 MB',
  )
  expect(jobResult({ ...job, state: 'stopped' }).title).toBe('Deleted 1 run, then stopped')
  expect(jobResult({ ...job, state: 'done', done: 1_200, freedBytes: 3_000_000 }).title).toBe(
    'Deleted 1,200 runs, and 3.0 MB of large values',
  )
  expect(jobResult({ ...job, state: 'failed', message: 'The disk is full.' })).toMatchObject({
    title: 'Deleted 1 run, then it broke off',
    detail: 'The disk is full.',
    tone: 'error',
  })
})

test('what goes is said by what is kept', () => {
  expect(whatGoes({ keepSucceededDays: 0, keepFailedDays: 0 })).toBe('All runs are kept for ever.')
  expect(whatGoes({ keepSucceededDays: 30, keepFailedDays: 30 })).toBe('Runs that ended more than 30 days ago.')
  expect(whatGoes({ keepSucceededDays: 1, keepFailedDays: 0 })).toBe(
    'Runs that succeeded, were filtered out or were cancelled, and ended more than a day ago.',
  )
  expect(whatGoes({ keepSucceededDays: 90, keepFailedDays: 180 })).toBe(
    'Runs that succeeded, were filtered out or were cancelled, and ended more than 90 days ago; those that failed or were replayed, and ended more than 180 days ago.',
  )
})
