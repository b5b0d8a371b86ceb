import { Cron } from 'croner'
import { z } from 'zod'
import { parseDuration } from '../../domain/duration.ts'
import { timeZoneSchema } from '../../domain/zap-file.ts'
import { defineTrigger, type Timetable } from '../define.ts'

/** Shortest interval: below it, a run would rarely be done before the next is due. */
const MIN_EVERY_MS = 1_000

/** Starts a run at the times of a cron expression, or at a steady interval. */
export const scheduleCron = defineTrigger({
  id: 'schedule.cron',
  title: 'Schedule',
  description: 'Starts at set times, or again and again after a pause.',
  icon: 'clock',
  category: 'schedule',
  summary: '{every}{cron}',
  input: z
    .strictObject({
      every: z
        .string()
        .optional()
        .meta({
          title: 'Every',
          description: 'A pause such as 30s, 5m, 2h or 1d.',
          ui: { widget: 'duration', placeholder: '5m' },
        }),
      cron: z
        .string()
        .optional()
        .meta({
          title: 'Or at the times of a cron expression',
          description: 'Minute, hour, day, month, weekday: "0 9 * * 1-5" is every weekday at nine.',
          ui: { widget: 'cron', placeholder: '0 9 * * 1-5' },
        }),
      timezone: timeZoneSchema
        .optional()
        .meta({
          title: 'Time zone',
          description: 'Without one: the zap’s, or else this computer’s.',
          ui: { widget: 'time-zone' },
        }),
      missed: z
        .enum(['once', 'skip', 'all'])
        .default('once')
        .meta({
          title: 'Times that were missed',
          description:
            'While the computer slept or Hookline was not running: run once for all of them, not at all, or for each (100 at most).',
          ui: { advanced: true },
        }),
    })
    .superRefine(({ every, cron, timezone }, check) => {
      if ((every === undefined) === (cron === undefined)) {
        check.addIssue({
          code: 'custom',
          path: ['every'],
          message: 'needs either an interval or a cron expression, and not both',
        })
      }
      const ms = every === undefined ? MIN_EVERY_MS : parseDuration(every)
      if (ms === undefined || ms < MIN_EVERY_MS) {
        check.addIssue({
          code: 'custom',
          path: ['every'],
          message: 'is not a pause of at least 1s, such as 30s, 5m or 2h',
        })
      }
      if (cron !== undefined && readCron(cron, timezone ?? 'UTC') === undefined) {
        check.addIssue({ code: 'custom', path: ['cron'], message: 'is not a cron expression, such as 0 9 * * 1-5' })
      }
    }),
  output: z.object({ dueAt: z.string(), firedAt: z.string(), missed: z.int() }),
  sample: { dueAt: '2026-11-24T09:00:00.000Z', firedAt: '2026-11-24T09:00:00.012Z', missed: 0 },
  source: {
    from: 'schedule',
    timetable: ({ every, cron, timezone, missed }, zone): Timetable => {
      const ms = every === undefined ? undefined : parseDuration(every)
      // Counted from 1970, so that a restart does not shift it.
      if (ms !== undefined) return { missed, next: (after) => (Math.floor(after / ms) + 1) * ms }
      const job = readCron(cron ?? '', timezone ?? zone)
      return { missed, next: (after) => job?.nextRun(new Date(after))?.getTime() ?? null }
    },
  },
})

function readCron(expression: string, timezone: string): Cron | undefined {
  try {
    return new Cron(expression, { timezone, paused: true })
  } catch {
    return undefined
  }
}
