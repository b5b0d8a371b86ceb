import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { callAction } from '../test-context.ts'
import { logicApprove } from './approve.action.ts'

const scope = { hook: { id: 7, amount: 900 } }
const start = Date.parse('2026-11-24T09:00:00Z')
const input: Record<string, Json> = { message: 'Refund order {{ hook.id }}?' }

const call = (more: Record<string, Json>, world: Partial<ActionContext<unknown>> = {}) =>
  callAction(logicApprove, { ...input, ...more }, { scope, notify: async () => true, ...world })

describe('logic.approve', () => {
  it('asks, and tells the person that it does', async () => {
    const told: unknown[] = []
    const notify = async (message: unknown) => told.push(message) > 0
    expect(await call({ details: '{{ hook }}', expiresIn: '1d' }, { notify })).toEqual({
      wait: {
        for: 'person',
        until: start + 86_400_000,
        ask: { message: 'Refund order 7?', data: { id: 7, amount: 900 } },
      },
    })
    expect(told).toEqual([{ title: 'Your answer is needed', body: 'Refund order 7?' }])
  })

  it('waits for as long as it takes when it does not expire, and when nobody can be told', async () => {
    for (const notify of [() => Promise.reject(new Error('no desktop')), () => new Promise<never>(() => undefined)]) {
      expect(await call({}, { notify })).toMatchObject({ wait: { until: null, ask: { data: null } } })
    }
  })

  it.each<[Json, string, Json]>([
    [
      { decision: 'approved', note: 'Fine', decidedAt: '2026-11-24T09:30:00.000Z' },
      'approved',
      { decision: 'approved', note: 'Fine', decidedAt: '2026-11-24T09:30:00.000Z' },
    ],
    [
      { decision: 'declined', note: null, decidedAt: start },
      'declined',
      { decision: 'declined', note: null, decidedAt: '2026-11-24T09:00:00.000Z' },
    ],
    [null, 'expired', { decision: 'expired', note: null, decidedAt: '2026-11-24T09:00:00.000Z' }],
  ])('goes on with the answer %j along "%s", and tells nobody again', async (answer, port, output) => {
    const notify = () => Promise.reject(new Error('was told again'))
    expect(await call({}, { notify, waited: { data: null, answer, since: start } })).toEqual({ output, ports: [port] })
  })

  it('needs a question', async () => {
    await expect(callAction(logicApprove, { message: '{{ hook.note | default: "" }}' }, { scope })).rejects.toThrow(
      'needs a question',
    )
  })
})
