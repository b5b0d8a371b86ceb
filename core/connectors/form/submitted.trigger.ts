import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { hookPath } from '../kit/hook-path.ts'
import { FORM_FIELD_TYPES, type FormPage } from '../trigger-sources.ts'

const fieldSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, {
        error: 'begins with a letter, and takes letters, digits, "_" and "-", 60 at most',
      })
      .meta({ title: 'Name' }),
    label: z
      .string()
      .min(1, { error: 'needs a text' })
      .max(300)
      .refine((text) => text.trim() !== '', { error: 'needs a text' })
      .meta({ title: 'Label' }),
    type: z.enum(FORM_FIELD_TYPES).default('text').meta({ title: 'Type' }),
    required: z.boolean().default(false).meta({ title: 'Must be answered' }),
    options: z.array(z.string().min(1).max(300)).max(200).optional().meta({ title: 'Choices' }),
    help: z.string().max(500).optional().meta({ title: 'Help' }),
  })
  .superRefine(({ type, options = [] }, check) => {
    if (type !== 'choice' && type !== 'choices') return
    if (options.length === 0) {
      check.addIssue({ code: 'custom', path: ['options'], message: 'needs at least one choice' })
    } else if (new Set(options).size < options.length) {
      check.addIssue({ code: 'custom', path: ['options'], message: 'has the same choice twice' })
    }
  })

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
      fields: z
        .array(fieldSchema)
        .min(1, { error: 'needs at least one field' })
        .max(60, { error: 'takes 60 fields at most' })
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
    .superRefine(({ fields, done }, check) => {
      const names = new Set<string>()
      for (const [index, { name }] of fields.entries()) {
        if (names.has(name)) {
          check.addIssue({
            code: 'custom',
            path: ['fields', index, 'name'],
            message: 'is the name of another field too',
          })
        }
        names.add(name)
      }
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
      fields: fields.map(({ options = [], help = null, ...field }) => ({ ...field, options, help })),
      done: doneOf(done),
    }),
  },
})

/** A text alone is an address when it looks like one. */
function doneOf(done: string | { message?: string | undefined; redirect?: string | undefined } = {}): FormPage['done'] {
  if (typeof done === 'string') return REDIRECT.test(done) ? { redirect: done } : { message: done }
  return done.redirect === undefined ? { message: done.message ?? THANKS } : { redirect: done.redirect }
}
