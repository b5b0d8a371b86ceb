import { expect, it } from 'vitest'
import type { Approval } from '../../core/contract/values.ts'
import { withAnswered } from './answered-approvals.ts'

const approval = (runId: string, minute: number, decision: Approval['decision'] = null): Approval => ({
  runId,
  step: 'ask',
  scope: '',
  zapId: 'zap_1',
  zapName: 'Orders',
  message: 'Ship it?',
  data: null,
  requestedAt: `2026-11-24T09:0${minute}:00.000Z`,
  expiresAt: null,
  decision,
  note: null,
  decidedAt: null,
})
const shown = (approvals: readonly Approval[]) => approvals.map((one) => `${one.runId} ${one.decision ?? 'open'}`)

it('keeps a question that was answered here in its place', () => {
  const before = [approval('a', 1), approval('b', 2, 'approved'), approval('c', 3)]
  expect(shown(withAnswered([approval('a', 1), approval('c', 3)], before))).toEqual(['a open', 'b approved', 'c open'])
})

it('drops a question that was answered elsewhere, and takes new ones in', () => {
  expect(shown(withAnswered([approval('d', 4)], [approval('a', 1)]))).toEqual(['d open'])
})
