import { expect, it } from 'vitest'
import type { RunSummary, ZapSummary } from '../../core/contract/values.ts'
import { withLastRuns } from './zap-last-runs.ts'

const T1 = '2026-11-24T09:00:01.000Z'
const T2 = '2026-11-24T09:00:02.000Z'

const zap: ZapSummary = {
  id: 'zap_1',
  name: 'Orders',
  status: 'enabled',
  liveVersion: 1,
  draftDiffers: false,
  uses: ['webhook.catch'],
  triggerSummary: 'POST /hooks/orders',
  createdAt: T1,
  updatedAt: T1,
  lastRun: { id: 'run_1', status: 'running', shownAs: 'running', startedAt: T1 },
  last24h: { succeeded: 0, failed: 0 },
  skippedEvents: 0,
  review: 'done',
}
function run(id: string, startedAt: string, status: RunSummary['status'], zapId = 'zap_1'): RunSummary {
  return {
    id,
    zapId,
    zapName: 'Orders',
    version: 1,
    status,
    test: false,
    shownAs: status,
    reason: null,
    replayOf: null,
    replays: [],
    replayedAs: null,
    eventId: 'evt_1',
    triggerStep: 'hook',
    startedAt,
    finishedAt: null,
    resumesAt: null,
    waitsFor: null,
  }
}

it('shows the newest of several runs', () => {
  const [updated] = withLastRuns([zap], [run('run_3', T2, 'failed'), run('run_2', T1, 'succeeded')])
  expect(updated?.lastRun).toEqual({ id: 'run_3', status: 'failed', shownAs: 'failed', startedAt: T2 })
})

it('follows the shown run to its end', () => {
  expect(withLastRuns([zap], [run('run_1', T1, 'succeeded')])[0]?.lastRun?.status).toBe('succeeded')
})

it('is not taken back by an older run that ends later', () => {
  const shown = {
    ...zap,
    lastRun: { id: 'run_2', status: 'succeeded' as const, shownAs: 'succeeded' as const, startedAt: T2 },
  }
  const zaps = [shown]
  expect(withLastRuns(zaps, [run('run_1', T1, 'failed')])).toBe(zaps)
})

it('leaves other zaps as they are', () => {
  const zaps = [zap]
  expect(withLastRuns(zaps, [run('run_9', T2, 'failed', 'zap_2')])).toBe(zaps)
})

it('hears that the last run was replayed, or what became of it', () => {
  const failed = {
    ...zap,
    lastRun: { id: 'run_1', status: 'failed' as const, shownAs: 'failed' as const, startedAt: T1 },
  }
  const replayed: RunSummary = { ...run('run_1', T1, 'failed'), shownAs: 'replayed' }
  expect(withLastRuns([failed], [replayed])[0]?.lastRun?.shownAs).toBe('replayed')
})
