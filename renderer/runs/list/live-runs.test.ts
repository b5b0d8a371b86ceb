import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../core/contract/values.ts'
import { appendPage, mergeRuns } from './live-runs.ts'

function run(id: string, second: number, more: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    zapId: 'zap_1',
    zapName: 'Orders',
    version: 1,
    status: 'running',
    test: false,
    shownAs: 'running',
    reason: null,
    replayOf: null,
    replays: [],
    replayedAs: null,
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

const any = () => true

describe('mergeRuns', () => {
  const shown = [run('c', 3), run('b', 2), run('a', 1)]

  it('puts new runs on top', () => {
    expect(ids(mergeRuns(shown, [run('d', 4)], any, 'a'))).toEqual(['d', 'c', 'b', 'a'])
  })
  it('replaces known runs in place', () => {
    const merged = mergeRuns(shown, [run('b', 2, { status: 'succeeded' })], any, 'a')
    expect(ids(merged)).toEqual(['c', 'b', 'a'])
    expect(merged[1]?.status).toBe('succeeded')
  })
  it('keeps the same list when nothing of it changed', () => {
    expect(mergeRuns(shown, [run('x', 9)], () => false, null)).toBe(shown)
  })
  it('takes away a run that does not belong into it any more', () => {
    const isRunning = ({ status }: RunSummary) => status === 'running'
    expect(ids(mergeRuns(shown, [run('b', 2, { status: 'failed' })], isRunning, null))).toEqual(['c', 'a'])
  })
  it('leaves what lies behind the next cursor to its page, and takes it in when there is none', () => {
    const older = run('0', 0)
    expect(ids(mergeRuns(shown, [older], any, 'a'))).toEqual(['c', 'b', 'a'])
    expect(ids(mergeRuns(shown, [older], any, null))).toEqual(['c', 'b', 'a', '0'])
  })
  it('takes in what a search has passed already, also below everything that it found', () => {
    expect(ids(mergeRuns(shown, [run('5', 0)], any, '1'))).toEqual(['c', 'b', 'a', '5'])
    expect(ids(mergeRuns([], [run('5', 0), run('0', 0)], any, '1'))).toEqual(['5'])
  })
  it('orders by id, as the pages of the host are', () => {
    expect(ids(mergeRuns([run('b', 2)], [run('c', 1), run('a', 3)], any, null))).toEqual(['c', 'b', 'a'])
  })
})

describe('appendPage', () => {
  it('shows a run once that slid from one page to the next', () => {
    expect(ids(appendPage([run('c', 3), run('b', 2)], [run('b', 2), run('a', 1)]))).toEqual(['c', 'b', 'a'])
  })
})
