import { z } from 'zod'
import { cronProblem, cronTimes } from '../../domain/time/cron.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { nextTick } from '../../domain/time/interval.ts'
import { hostZone } from '../../domain/time/zone.ts'
import { timeZoneSchema } from '../../domain/zap/zap-file.ts'
import { defineTrigger } from '../define.ts'
import type { Timetable } from '../trigger-sources.ts'

/** Shortest interval: below it, a run would rarely be done before the next is due. */
const MIN_EVERY_MS = 1_000

/**
 * Starts a run at the times of a cron expression, or at a steady interval. An expression follows the wall clock of its
 * zone: a time of named hours that daylight saving skips comes when the clock has jumped, one that it repeats comes once,
 * and times of every hour just go on (`core/domain/time/cron.ts`).
 */
export const scheduleCron = defineTrigger({
  id: 'schedule.cron',
  title: 'Schedule',
  description: 'Starts at set times or at a fixed interval.',
  keywords: [
    'cron',
    'timer',
    'interval',
    'clock',
    'every day',
    'every hour',
    'daily',
    'weekly',
    'inject',
    'recurring',
    'time of day',
    'schedule trigger',
  ],
  icon: 'clock',
  category: 'schedule',
  summary: '{every}{cron}',
  input: z
    .strictObject({
      cron: z
        .string()
        .superRefine((text, check) => {
          const message = cronProblem(text)
          if (message !== null) check.addIssue({ code: 'custom', message })
        })
        .optional()
        .meta({
          title: 'Times',
          description: 'Chosen, or written as cron: minute, hour, day, month, weekday.',
          ui: { widget: 'cron', placeholder: '0 9 * * 1-5', choice: { title: 'When', label: 'At set times' } },
        }),
      every: z
        .string()
        .refine((text) => (parseDuration(text) ?? 0) >= MIN_EVERY_MS, {
          error: 'is not a pause of at least 1s, such as 30s, 5m or 2h',
        })
        .optional()
        .meta({
          title: 'Every',
          description: 'A pause such as 30s, 5m, 2h or 1d.',
          ui: { widget: 'interval', placeholder: '5m', choice: { title: 'When', label: 'Again and again' } },
        }),
      timezone: timeZoneSchema.optional().meta({
        title: 'Time zone',
        description: 'Without one: the zap’s, or else this computer’s.',
        ui: { widget: 'time-zone' },
      }),
      missed: z
        .enum(['once', 'skip', 'all'])
        .default('once')
        .meta({
          title: 'Times that were missed',
          description: 'While the computer slept or Hookline was not running.',
          ui: {
            advanced: true,
            labels: { once: 'Run once for all of them', skip: 'Leave them out', all: 'Run for each, 100 at most' },
          },
        }),
    })
    .superRefine(({ every, cron }, check) => {
      if ((every === undefined) === (cron === undefined)) {
        const message = 'needs either a pause or set times, and not both'
        check.addIssue({ code: 'custom', path: ['every'], message })
      }
    }),
  output: z.object({ dueAt: z.string(), firedAt: z.string(), missed: z.int() }),
  sample: { dueAt: '2026-11-24T09:00:00.000Z', firedAt: '2026-11-24T09:00:00.012Z', missed: 0 },
  source: {
    from: 'schedule',
    timetable: ({ every, cron, timezone, missed }, zone): Timetable => {
      const ms = every === undefined ? undefined : parseDuration(every)
      if (ms !== undefined) return { missed, next: (after) => nextTick(after, ms) }
      return { missed, next: cronTimes(cron ?? '', timezone ?? zone ?? hostZone()).next }
    },
  },
})
