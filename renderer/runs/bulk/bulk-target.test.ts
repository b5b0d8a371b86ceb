import { expect, it } from 'vitest'
import { RUN_STATES } from '../../../core/domain/runs/states.ts'
import { bulkTarget } from './bulk-target.ts'

it('replays what has ended, goes on from where there is a failed step, and cancels what has not ended', () => {
  expect(RUN_STATES.filter(bulkTarget({ action: 'replay' }))).toEqual(['succeeded', 'failed', 'cancelled'])
  expect(RUN_STATES.filter(bulkTarget({ action: 'replay', version: 'newest' }))).toHaveLength(3)
  expect(RUN_STATES.filter(bulkTarget({ action: 'replay', fromFailed: true }))).toEqual(['failed', 'cancelled'])
  expect(RUN_STATES.filter(bulkTarget({ action: 'cancel' }))).toEqual(['running', 'waiting'])
})
