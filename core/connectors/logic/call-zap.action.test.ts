import { describe, expect, it } from 'vitest'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import type { Waited, ZapCalls } from '../action-context.ts'
import { callAction } from '../test-context.ts'
import { logicCallZap } from './call-zap.action.ts'

const start = Date.parse('2026-11-24T09:00:00Z')

function zaps(result: Awaited<ReturnType<ZapCalls['result']>>) {
  const calls: Json[] = []
  const zaps: ZapCalls = {
    start: async (zap, input) => {
      calls.push(['start', zap, input])
      return { runId: 'run_9' }
    },
    result: async (runId) => {
      calls.push(['result', runId])
      return result
    },
  }
  return { calls, zaps }
}

const waited: Waited = { data: { runId: 'run_9' }, answer: null, since: start }
const call = (input: Record<string, Json>, zaps: ZapCalls, back: Waited | null = null) =>
  callAction(logicCallZap, { zap: 'Invoices', ...input }, { zaps, waited: back, scope: { hook: { id: 7 } } })

describe('logic.call-zap', () => {
  const waits = { wait: { for: 'run', until: start + 60_000, data: { runId: 'run_9' } } }

  it('runs a zap, and waits for its end', async () => {
    const world = zaps(undefined)
    expect(await call({ input: { order: '{{ hook.id }}' } }, world.zaps)).toEqual(waits)
    expect(world.calls).toEqual([
      ['start', 'Invoices', { order: 7 }],
      ['result', 'run_9'],
    ])
  })

  it('goes on waiting while that run is under way, and never starts another', async () => {
    const world = zaps(undefined)
    expect(await call({}, world.zaps, waited)).toEqual(waits)
    expect(world.calls).toEqual([['result', 'run_9']])
  })

  it('gives what the run gave, also when it was at its end before anybody waited', async () => {
    const { zaps: ended } = zaps({ status: 'succeeded', reason: null, output: { invoice: 12 } })
    for (const back of [null, waited]) expect(await call({}, ended, back)).toEqual({ output: { invoice: 12 } })
  })

  it.each<['failed' | 'cancelled', string | null, string]>([
    ['failed', 'No such customer.', 'The run run_9 of the zap "Invoices" failed: No such customer.'],
    ['cancelled', null, 'The run run_9 of the zap "Invoices" was cancelled.'],
  ])('fails when the run has %s', async (status, reason, message) => {
    const thrown = await call({}, zaps({ status, reason, output: null }).zaps, waited).catch((error) => error)
    expect(StepError.from(thrown)).toEqual({ code: 'called-run-failed', message, retryable: false })
  })

  it('does not wait when it need not', async () => {
    const world = zaps(undefined)
    expect(await call({ wait: false }, world.zaps)).toEqual({ output: { runId: 'run_9' } })
    expect(world.calls).toEqual([['start', 'Invoices', {}]])
  })
})
