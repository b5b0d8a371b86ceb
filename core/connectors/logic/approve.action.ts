import { z } from 'zod'
import { durationSchema, parseDuration } from '../../domain/time/duration.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineLogic } from '../define.ts'

/** What a person answered; `decidedAt` as ISO 8601 or in milliseconds since 1970 UTC. */
const answerSchema = z.object({
  decision: z.enum(['approved', 'declined']),
  note: z.string().nullish(),
  decidedAt: z.union([z.string(), z.number()]),
})

/** Asks a person, and goes on with the answer. */
export const logicApprove = defineLogic({
  id: 'logic.approve',
  title: 'Ask for approval',
  description: 'Asks you, and continues when you approve or decline.',
  keywords: ['approval', 'human in the loop', 'confirm', 'ask', 'review', 'decision', 'form'],
  icon: 'user-check',
  category: 'logic',
  summary: '{message}',
  // Telling somebody twice that a question waits harms nobody.
  effect: 'idempotent',
  ports: [
    { id: 'approved', label: 'Approved' },
    { id: 'declined', label: 'Declined' },
    { id: 'expired', label: 'Expired' },
  ],
  passThrough: 'approved',
  input: z.strictObject({
    // One template may have a value of any type.
    message: jsonSchema
      .refine((message) => textOf(message) !== '', { error: 'needs a question' })
      .meta({
        title: 'Question',
        ui: { widget: 'template-long', placeholder: 'Refund order {{ hook.body.id }}?' },
      }),
    details: jsonSchema.optional().meta({
      title: 'Details',
      description: 'What to show beside the question, such as {{ hook.body }}.',
      ui: { widget: 'template-long' },
    }),
    expiresIn: durationSchema.optional().meta({
      title: 'Expires after',
      description: 'Then the run goes on along “expired”. Without it, the question waits for as long as it takes.',
      ui: { widget: 'duration', placeholder: '1d' },
    }),
  }),
  output: z.object({
    decision: z.enum(['approved', 'declined', 'expired']),
    note: z.string().nullable(),
    decidedAt: z.string(),
  }),
  sample: { decision: 'approved', note: 'Fine with me', decidedAt: '2026-11-24T09:00:00.000Z' },
  async run({ input, waited, clock, notify }) {
    const now = clock.now()
    if (waited === null) {
      const message = textOf(input.message)
      const expiresIn = input.expiresIn === undefined ? undefined : parseDuration(input.expiresIn)
      // The question stands in the app whether or not the desktop can show it, so nobody waits for the notification.
      void notify({ title: 'Your answer is needed', body: message }).catch(() => undefined)
      return {
        wait: {
          for: 'person',
          until: expiresIn === undefined ? null : now + expiresIn,
          ask: { message, data: input.details ?? null },
        },
      }
    }
    if (waited.answer === null) {
      const decidedAt = new Date(now).toISOString()
      return { output: { decision: 'expired' as const, note: null, decidedAt }, ports: ['expired'] }
    }
    const { decision, note = null, decidedAt } = answerSchema.parse(waited.answer)
    return { output: { decision, note, decidedAt: new Date(decidedAt).toISOString() }, ports: [decision] }
  },
})
