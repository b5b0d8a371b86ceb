import { expect, it } from 'vitest'
import { RUN_STATES } from '../../core/domain/states.ts'
import { bulkTarget } from './bulk-target.ts'

const of = (action: 'replay' | 'cancel') => RUN_STATES.filter((status) => bulkTarget(action)({ status }))

it('replays what has ended and cancels what is under way; what needs review is left to a person', () => {
  expect(of('replay')).toEqual(['succeeded', 'failed', 'cancelled'])
  expect(of('cancel')).toEqual(['running', 'waiting'])
})
