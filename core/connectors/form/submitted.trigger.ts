import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { fieldsSchema, formField, writtenFieldSchema } from '../kit/form-field.ts'
import { hookPath } from '../kit/hook-path.ts'
import type { FormPage } from '../trigger-sources.ts'

/** An address whose host is known before anybody has answered: what a visitor writes must not lead elsewhere. */
const REDIRECT = /^https?:\/\/[^\s/?#{}]+([/?#]|$)/i

const redirectSchema = z
  .string()
  .max(2_000)
  .regex(REDIRECT, { error: 'must be an address such as https://example.com/thanks' })
const messageSchema = z.string().min(1, { error: 'needs a text' }).max(2_000)

const THANKS = 'Thank you. It has arrived.'

/** Starts when a person has filled in a form and sent it. */
export const formSubmitted = defineTrigger({
  id: 'form.submitted',
  title: 'Form',
  description: 'Starts when a person fills in a page of yours and sends it.',
  keywords: [
    'form',
    'form trigger',
    'typeform',
    'google forms',
    'survey',
    'questionnaire',
    'contact',
    'signup',
    'input',
  ],
  icon: 'clipboard-list',
  category: 'webhook',
  summary: '{title}',
  input: z
    .strictObject({
      path: hookPath('returns'),
      title: z
        .string()
        .min(1, { error: 'needs a text' })
        .max(200)
        .meta({ title: 'Title', ui: { widget: 'text', placeholder: 'Return an item' } }),
      fields: fieldsSchema(writtenFieldSchema)
        .min(1, { error: 'needs at least one field' })
        .meta({ title: 'Fields', ui: { widget: 'form-fields' } }),
      intro: z
        .string()
        .max(2_000)
        .optional()
        .meta({ title: 'Text above the fields', ui: { widget: 'text', placeholder: 'Tell us what comes back.' } }),
      done: z
        .union([
          z.strictObject({
            message: messageSchema.optional().meta({
              title: 'Message',
              description: 'May read the answers: {{ form.fields.name }}.',
              ui: {
                widget: 'template-long',
                placeholder: THANKS,
                choice: { title: 'What is shown', label: 'A message' },
              },
            }),
            redirect: redirectSchema.optional().meta({
              title: 'Address',
              ui: {
                widget: 'template',
                placeholder: 'https://example.com/thanks',
                choice: { title: 'What is shown', label: 'Another page' },
              },
            }),
          }),
          messageSchema,
        ])
        .optional()
        .meta({ title: 'After sending' }),
      send: z
        .string()
        .min(1)
        .max(60)
        .default('Send')
        .meta({ title: 'What the button says', ui: { widget: 'text', advanced: true } }),
    })
    .superRefine(({ done }, check) => {
      if (typeof done === 'object' && done.message !== undefined && done.redirect !== undefined) {
        check.addIssue({
          code: 'custom',
          path: ['done'],
          message: 'has a message and an address; only one can be shown',
        })
      }
    }),
  output: z.object({ fields: z.record(z.string(), jsonSchema), submittedAt: z.string() }),
  sample: {
    fields: { name: 'Ada Lovelace', email: 'ada@example.org', message: 'It arrived broken.' },
    submittedAt: '2026-11-24T09:00:00.000Z',
  },
  source: {
    from: 'form',
    page: ({ path = null, title, intro = null, fields, done, send }): FormPage => ({
      path,
      title,
      intro,
      send,
      fields: fields.map(formField),
      done: doneOf(done),
    }),
  },
})

/** A text alone is an address when it looks like one. */
function doneOf(done: string | { message?: string | undefined; redirect?: string | undefined } = {}): FormPage['done'] {
  if (typeof done === 'string') return REDIRECT.test(done) ? { redirect: done } : { message: done }
  return done.redirect === undefined ? { message: done.message ?? THANKS } : { redirect: done.redirect }
}
