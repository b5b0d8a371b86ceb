import { expect, it } from 'vitest'
import type { Approval } from '../../core/contract/values.ts'
import { approvalKey, withAnswered } from './answered-approvals.ts'

const approval = (runId: string, minute: number, decision: Approval['decision'] = null): Approval => ({
  runId,
  step: 'ask',
  scope: '',
  zapId: 'zap_1',
  zapName: 'Orders',
  message: 'Ship it?',
  data: null,
  question: { fields: [], answers: [] },
  link: null,
  choice: null,
  via: null,
  requestedAt: `2026-11-24T09:0${minute}:00.000Z`,
  expiresAt: null,
  decision,
  note: null,
  decidedAt: null,
})
const NONE: ReadonlySet<string> = new Set()
const shown = (approvals: readonly Approval[]) => approvals.map((one) => `${one.runId} ${one.decision ?? 'open'}`)

it('keeps a question that was answered here in its place', () => {
  const before = [approval('a', 1), approval('b', 2, 'approved'), approval('c', 3)]
  expect(shown(withAnswered([approval('a', 1), approval('c', 3)], before, NONE))).toEqual([
    'a open',
    'b approved',
    'c open',
  ])
})

it('drops a question that was answered elsewhere, and takes new ones in', () => {
  expect(shown(withAnswered([approval('d', 4)], [approval('a', 1)], NONE))).toEqual(['d open'])
})

it('keeps a question whose answer is on its way, although it is not open any more', () => {
  const asked = approval('a', 1)
  expect(shown(withAnswered([], [asked], new Set([approvalKey(asked)])))).toEqual(['a open'])
})

it('does not open a question again when the list was read before its answer', () => {
  expect(shown(withAnswered([approval('a', 1)], [approval('a', 1, 'approved')], NONE))).toEqual(['a approved'])
})
