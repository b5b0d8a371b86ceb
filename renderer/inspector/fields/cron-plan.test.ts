import { Cron } from 'croner'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CronPlan, cronOf, planOf, timeOf, timeText } from './cron-plan.ts'

const at = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
const days = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 })
  .map((all) => all.toSorted((a, b) => a - b))
const plan: fc.Arbitrary<CronPlan> = fc.oneof(
  fc.record({ repeats: fc.constant('minutes' as const), every: fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30) }),
  fc.record({ repeats: fc.constant('hours' as const), minute: fc.integer({ min: 0, max: 59 }) }),
  fc.record({ repeats: fc.constant('days' as const), at }),
  fc.record({ repeats: fc.constant('weeks' as const), days, at }),
  fc.record({ repeats: fc.constant('months' as const), day: fc.integer({ min: 1, max: 31 }), at }),
)

it('reads every plan back from its pattern, which is due when the plan says', () => {
  fc.assert(
    fc.property(plan, (one) => {
      const cron = cronOf(one)
      expect(planOf(cron)).toEqual(one)
      const due = new Cron(cron, { timezone: 'UTC' }).nextRun(new Date('2026-11-26T12:34:00Z'))
      if (!due) throw new Error(`${cron} never comes`)
      if ('at' in one) expect(timeText({ hour: due.getUTCHours(), minute: due.getUTCMinutes() })).toBe(timeText(one.at))
      if (one.repeats === 'weeks') expect(one.days).toContain(due.getUTCDay())
      if (one.repeats === 'months') expect(due.getUTCDate()).toBe(one.day)
      if (one.repeats === 'hours') expect(due.getUTCMinutes()).toBe(one.minute)
      if (one.repeats === 'minutes') expect(due.getUTCMinutes() % one.every).toBe(0)
    }),
  )
})

it('reads what people write by hand, and leaves what it has no place for', () => {
  expect(planOf(' 30 7 * * 1,3-5 ')).toEqual({ repeats: 'weeks', days: [1, 3, 4, 5], at: { hour: 7, minute: 30 } })
  expect(planOf('0 9 * * 7')).toMatchObject({ days: [0] })
  for (const cron of [
    '',
    '0 9 1 1 *',
    '0 9 1 * 1',
    '0 0 9 * * *',
    '*/90 * * * *',
    '*/50 * * * *',
    '*/7 * * * *',
    '0/5 * * * *',
    '61 * * * *',
    '@daily',
    '0 9 * * MON',
  ]) {
    expect([cron, planOf(cron)]).toEqual([cron, null])
  }
})

it('reads times of day', () => {
  fc.assert(
    fc.property(at, (time) => {
      expect(timeOf(timeText(time))).toEqual(time)
    }),
  )
  expect(timeOf('')).toBeNull()
  expect(timeOf('25:00')).toBeNull()
})
