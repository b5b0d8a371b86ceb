import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { durationSchema, MAX_DURATION_MS, parseDuration } from '../../domain/time/duration.ts'
import { parseMoment } from '../../domain/time/moment.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'

/** Lets time pass; the wait is stored, so that it goes on while the computer is off. */
export const logicDelay = defineAction({
  id: 'logic.delay',
  title: 'Delay',
  description: 'Waits for some time, or until a time, and then continues.',
  keywords: ['sleep', 'wait', 'pause', 'delay', 'later', 'timer', 'wait until'],
  icon: 'timer',
  category: 'logic',
  summary: '{for}{until}',
  effect: 'none',
  input: z
    .strictObject({
      for: durationSchema.optional().meta({
        title: 'For',
        description: 'Such as 90s, 5m, 2h or 1d.',
        ui: { widget: 'duration', placeholder: '2h', choice: { title: 'Waits', label: 'For a while' } },
      }),
      until: jsonSchema
        .refine((value) => parseMoment(value) !== undefined, {
          error: ({ input }) =>
            `must be a time with its zone, such as 2026-11-24T09:00:00Z, or a number of seconds or milliseconds since 1970; "${shortened(input)}" is neither`,
        })
        .optional()
        .meta({
          title: 'Until',
          description: 'A time such as 2026-11-24T09:00:00Z. One that is past does not wait at all.',
          ui: {
            widget: 'template',
            placeholder: '{{ hook.body.remind_at }}',
            choice: { title: 'Waits', label: 'Until a time' },
          },
        }),
    })
    .superRefine((input, check) => {
      if ((input.for === undefined) === (input.until === undefined)) {
        const message = 'needs either a duration or a time to wait until, and not both'
        check.addIssue({ code: 'custom', path: ['for'], message })
      }
    }),
  output: z.object({ resumedAt: z.string() }),
  sample: { resumedAt: '2026-11-24T09:00:00.000Z' },
  async run({ input, waited, clock }) {
    const now = clock.now()
    const over = { output: { resumedAt: new Date(now).toISOString() } }
    if (waited !== null) return over
    const until = parseMoment(input.until ?? null) ?? now + (parseDuration(input.for ?? '') ?? 0)
    if (until <= now) return over
    if (until > now + MAX_DURATION_MS) {
      const message = `${new Date(until).toISOString()} is more than ten years away; a delay takes ten years at most.`
      throw new StepError({ code: 'bad-input', message, retryable: false })
    }
    // The time itself is stored, so that it is never worked out again.
    return { wait: { for: 'time', until, data: { until: new Date(until).toISOString() } } }
  },
})

function shortened(value: unknown): string {
  const parsed = jsonSchema.safeParse(value)
  const text = parsed.success ? textOf(parsed.data) : typeof value
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
