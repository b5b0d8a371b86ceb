import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../core/contract/values.ts'
import { appendPage, mergeRuns } from './live-runs.ts'

function run(id: string, second: number, more: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    zapId: 'zap_1',
    zapName: 'Orders',
    version: 1,
    status: 'running',
    reason: null,
    replayOf: null,
    eventId: 'evt_1',
    triggerStep: 'hook',
    startedAt: `2026-11-24T09:00:${String(second).padStart(2, '0')}.000Z`,
    finishedAt: null,
    resumesAt: null,
    waitsFor: null,
    ...more,
  }
}
const ids = (runs: readonly RunSummary[]) => runs.map((one) => one.id)

describe('mergeRuns', () => {
  const shown = [run('c', 3), run('b', 2), run('a', 1)]

  it('puts new runs on top', () => {
    expect(ids(mergeRuns(shown, [run('d', 4)], {}, false))).toEqual(['d', 'c', 'b', 'a'])
  })
  it('replaces known runs in place', () => {
    const merged = mergeRuns(shown, [run('b', 2, { status: 'succeeded' })], {}, false)
    expect(ids(merged)).toEqual(['c', 'b', 'a'])
    expect(merged[1]?.status).toBe('succeeded')
  })
  it('keeps the same list when nothing of it changed', () => {
    expect(mergeRuns(shown, [run('x', 9, { zapId: 'zap_2' })], { zapId: 'zap_1' }, true)).toBe(shown)
  })
  it('takes away a run that its filter no longer wants', () => {
    expect(ids(mergeRuns(shown, [run('b', 2, { status: 'failed' })], { status: 'running' }, true))).toEqual(['c', 'a'])
  })
  it('leaves older runs to their page while one is left, and takes them in otherwise', () => {
    const older = run('0', 0)
    expect(ids(mergeRuns(shown, [older], {}, false))).toEqual(['c', 'b', 'a'])
    expect(ids(mergeRuns(shown, [older], {}, true))).toEqual(['c', 'b', 'a', '0'])
  })
  it('orders by id, as the pages of the host are', () => {
    expect(ids(mergeRuns([run('b', 2)], [run('c', 1), run('a', 3)], {}, true))).toEqual(['c', 'b', 'a'])
  })
  it('fills an empty list', () => {
    expect(ids(mergeRuns([], [run('a', 1)], {}, true))).toEqual(['a'])
  })
})

describe('appendPage', () => {
  it('shows a run once that slid from one page to the next', () => {
    expect(ids(appendPage([run('c', 3), run('b', 2)], [run('b', 2), run('a', 1)]))).toEqual(['c', 'b', 'a'])
  })
})
