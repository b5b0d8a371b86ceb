import { describe, expect, it } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import type { Waited } from '../action-context.ts'
import { testCatalogue } from '../test-catalogue.ts'
import { callAction } from '../test-context.ts'
import { logicDelay } from './delay.action.ts'

const now = '2026-11-24T09:00:00.000Z'
const scope = { hook: { at: '2026-11-24T18:30:00+05:30', seconds: 1_795_525_200, past: '2026-11-23T09:00:00Z' } }

const call = (input: Record<string, Json>, waited: Waited | null = null, at = now) =>
  callAction(logicDelay, input, { scope, waited, clock: manualClock(Date.parse(at)) })

const waitsUntil = (time: string) => ({ wait: { for: 'time', until: Date.parse(time), data: { until: time } } })

describe('logic.delay', () => {
  it.each<[Record<string, Json>, string]>([
    [{ for: '90s' }, '2026-11-24T09:01:30.000Z'],
    [{ until: '2026-12-24T18:00:00Z' }, '2026-12-24T18:00:00.000Z'],
    [{ until: '{{ hook.at }}' }, '2026-11-24T13:00:00.000Z'],
    [{ until: '{{ hook.seconds }}' }, '2026-11-24T13:00:00.000Z'],
    [{ until: '{{ hook.seconds | times: 1000 }}' }, '2026-11-24T13:00:00.000Z'],
  ])('%j waits until %s', async (input, until) => {
    expect(await call(input)).toEqual(waitsUntil(until))
  })

  it('goes on when its wait is over, without working the time out again', async () => {
    const { wait } = waitsUntil('2026-11-24T09:01:30.000Z')
    const waited = { data: wait.data, answer: null, since: Date.parse(now) }
    const resumedAt = '2026-11-24T09:01:30.012Z'
    expect(await call({ for: '90s' }, waited, resumedAt)).toEqual({ output: { resumedAt } })
    // Somebody did not want to wait any longer.
    expect(await call({ for: '90s' }, waited)).toEqual({ output: { resumedAt: now } })
  })

  it.each<[Record<string, Json>]>([[{ until: '{{ hook.past }}' }], [{ until: 0 }], [{ for: '0s' }]])(
    '%j does not wait at all',
    async (input) => {
      expect(await call(input)).toEqual({ output: { resumedAt: now } })
    },
  )

  it('refuses to wait for more than ten years', async () => {
    await expect(call({ until: '2199-01-01T00:00:00Z' })).rejects.toThrow(
      '2199-01-01T00:00:00.000Z is more than ten years away',
    )
  })

  it.each<[Record<string, Json>, RegExp]>([
    [{}, /^for needs either a duration or a time to wait until, and not both$/],
    [{ for: '1h', until: '2026-12-24T18:00:00Z' }, /^for needs either/],
    [{ for: 'soon' }, /^for must be a duration/],
    [{ for: '4000d' }, /^for must be a duration/],
    [{ until: 'tomorrow' }, /^until must be a time with its zone, .*; "tomorrow" is neither$/],
    [{ until: '2026-12-24T18:00:00' }, /^until must be a time with its zone/],
  ])('says what is wrong with %j', (input, expected) => {
    const issues = testCatalogue.info('logic.delay')?.checkInput(input) ?? []
    expect(issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([expect.stringMatching(expected)])
  })
})
