import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'

/** Shows a notification on this computer's desktop and in every open screen. */
export const notifyShow = defineAction({
  id: 'notify.show',
  title: 'Show notification',
  description: 'Shows a message on your desktop and in Hookline.',
  keywords: ['notification', 'notify', 'alert', 'toast', 'desktop', 'push', 'message', 'show notification'],
  icon: 'bell',
  category: 'notify',
  summary: '{title}',
  // A second look at the same message harms nobody; a run that stops to ask about it would.
  effect: 'idempotent',
  timeoutMs: 10_000,
  input: z.strictObject({
    // One template may have a value of any type.
    title: jsonSchema
      .refine((title) => textOf(title) !== '', { error: 'needs a title' })
      .meta({ title: 'Title', ui: { widget: 'template', placeholder: 'A large order came in' } }),
    body: jsonSchema.optional().meta({ title: 'Text', ui: { widget: 'template-long' } }),
  }),
  output: z.object({
    title: z.string(),
    body: z.string().nullable(),
    /** Where it was shown. */
    shownOn: z.array(z.enum(['desktop', 'screens'])),
  }),
  sample: { title: 'A large order came in', body: null, shownOn: ['desktop', 'screens'] },
  async run({ input, notify }) {
    const title = textOf(input.title)
    const body = textOf(input.body ?? null)
    const shownOn = await notify(body === '' ? { title } : { title, body })
    if (shownOn.length === 0) {
      // Not tried again: shown hours later, it would pass for news.
      const message =
        'The notification was shown nowhere: this computer has no desktop that shows any, and no screen of Hookline is open. Open one, or tell it another way.'
      throw new StepError({ code: 'not-shown', message, retryable: false })
    }
    return { output: { title, body: body === '' ? null : body, shownOn: [...shownOn] } }
  },
})
