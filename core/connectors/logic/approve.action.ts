import { z } from 'zod'
import { FOLLOWS, PLAIN_QUESTION, type Question } from '../../domain/runs/question.ts'
import { durationSchema, parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { ERROR_PORT, MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { fieldsSchema, filledFieldSchema, formField } from '../kit/form-field.ts'

/** What a person answered; `decidedAt` as ISO 8601 or in milliseconds since 1970 UTC. `decision` is the id of a choice, too. */
const answerSchema = z.object({
  decision: z.string(),
  note: z.string().nullish(),
  decidedAt: z.union([z.string(), z.number()]),
  via: z.enum(['app', 'link']).default('app'),
  // Very much text makes it a reference.
  fields: jsonSchema.default({}),
})

const [APPROVE, DECLINE] = PLAIN_QUESTION.answers.map(({ label }) => label)

/** Decisions and ports that mean something already. */
const TAKEN = ['approved', 'declined', 'expired', 'withdrawn', ERROR_PORT, MAIN_PORT]

const choiceSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
      'must begin with a letter and hold only letters, digits, "-" and "_" (64 at most)',
    )
    .refine((id) => !TAKEN.includes(id), { error: `must not be one of ${TAKEN.join(', ')}` })
    .meta({
      title: 'Name',
      description: 'Of its port, and the decision that later steps read.',
      ui: { widget: 'text' },
    }),
  name: z
    .string()
    .max(60)
    .optional()
    .meta({ title: 'What the button says', ui: { widget: 'text', placeholder: 'Send a new one' } }),
})

const buttonText = z.string().min(1, { error: 'needs a text' }).max(60)

/** Asks a person, and goes on with the answer. */
export const logicApprove = defineLogic({
  id: 'logic.approve',
  title: 'Ask for approval',
  description: 'Asks a person to decide or to fill something in, and continues with the answer.',
  keywords: [
    'approval',
    'human in the loop',
    'confirm',
    'ask',
    'review',
    'decision',
    'form',
    'send and wait',
    'wait for response',
    'next page',
  ],
  icon: 'user-check',
  category: 'logic',
  summary: '{message}',
  // To tell a person twice that a question waits harms no one.
  effect: 'idempotent',
  ports: [
    { id: 'approved', label: 'Approved' },
    { id: 'declined', label: 'Declined' },
    { id: 'expired', label: 'Expired' },
  ],
  portsFrom: 'choices',
  passThrough: 'approved',
  input: z
    .strictObject({
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
      fields: fieldsSchema(filledFieldSchema)
        .optional()
        .meta({
          title: 'To fill in',
          description: 'Later steps read what was filled in, such as {{ ask.fields.amount }}.',
          ui: { widget: 'form-fields' },
        }),
      choices: z
        .array(choiceSchema)
        .max(20, { error: 'takes 20 choices at most' })
        .superRefine((choices, check) => {
          const known = new Set<string>()
          for (const [index, { id }] of choices.entries()) {
            if (known.has(id)) {
              const message = `is "${id}", as that of an earlier choice; give it another one`
              check.addIssue({ code: 'custom', path: [index, 'id'], message })
            }
            known.add(id)
          }
        })
        .optional()
        .meta({
          title: 'Further answers',
          description: 'Each is a button, and a way on of its own.',
          ui: { widget: 'rows', noun: 'answer' },
        }),
      buttons: z
        .enum(['both', 'approve', 'none'])
        .default('both')
        .meta({
          title: 'Ordinary answers',
          ui: {
            labels: {
              both: 'Approve and decline',
              approve: 'One button, for a page to fill in',
              none: 'Only the further answers',
            },
          },
        }),
      expiresIn: durationSchema.optional().meta({
        title: 'Expires after',
        description: 'Then the run goes on along “expired”. Without it, the question waits for as long as it takes.',
        ui: { widget: 'duration', placeholder: '1d' },
      }),
      follows: z
        .enum(FOLLOWS)
        .default('unless-sent')
        .meta({
          title: 'As the next page',
          description: 'For whom it opens by itself: the person who has answered the page before by its link.',
          ui: {
            advanced: true,
            labels: {
              'unless-sent': 'After another question of this run, unless its own link is sent',
              always: 'After every page of this run, a form too',
              never: 'For no one: only by its own link',
            },
          },
        }),
      linkFor: pauseSchema.default('30d').meta({
        title: 'The link works for',
        description:
          'From when the question is asked, and never longer than the question. Then it is answered here alone.',
        ui: { widget: 'duration', advanced: true },
      }),
      approve: buttonText
        .default(APPROVE ?? '')
        .meta({ title: 'The button to approve', ui: { widget: 'template', advanced: true } }),
      decline: buttonText
        .default(DECLINE ?? '')
        .meta({ title: 'The button to decline', ui: { widget: 'template', advanced: true } }),
    })
    .superRefine(({ buttons, choices = [] }, check) => {
      if (buttons !== 'none' || choices.length > 0) return
      check.addIssue({ code: 'custom', path: ['choices'], message: 'needs an answer, as there is no ordinary one' })
    }),
  output: z.object({
    /** `approved`, `declined`, `expired`, or the id of a choice. */
    decision: z.string(),
    note: z.string().nullable(),
    decidedAt: z.string(),
    /** Where it was answered: in the app (or by its command line), or by the link. Null when it was not. */
    via: z.enum(['app', 'link']).nullable(),
    fields: jsonSchema,
  }),
  sample: {
    decision: 'approved',
    note: 'Fine with me',
    decidedAt: '2026-11-24T09:00:00.000Z',
    via: 'link',
    fields: {},
  },
  async run({ input, waited, clock, notify }) {
    const now = clock.now()
    if (waited === null) {
      const message = textOf(input.message)
      const expiresIn = input.expiresIn === undefined ? undefined : parseDuration(input.expiresIn)
      // The question stands in the app whether or not the desktop can show it, so the notification is not waited for.
      const question = questionOf(input)
      const answers = question.fields.length === 0 ? question.answers : []
      void notify({ title: 'Your answer is needed', body: message, answers }).catch(() => undefined)
      const until = expiresIn === undefined ? null : now + expiresIn
      const linkUntil = Math.min(until ?? Number.POSITIVE_INFINITY, now + (parseDuration(input.linkFor) ?? 0))
      return {
        wait: {
          for: 'person',
          until,
          ask: { message, data: input.details ?? null, question, linkUntil },
        },
      }
    }
    if (waited.answer === null) {
      const decidedAt = new Date(now).toISOString()
      return { output: { decision: 'expired', note: null, decidedAt, via: null, fields: {} }, ports: ['expired'] }
    }
    const { decision, note = null, decidedAt, via, fields } = answerSchema.parse(waited.answer)
    return {
      output: { decision, note, decidedAt: new Date(decidedAt).toISOString(), via, fields },
      ports: [decision],
    }
  },
})

function questionOf(input: {
  readonly fields?: readonly z.output<typeof filledFieldSchema>[] | undefined
  readonly choices?: readonly z.output<typeof choiceSchema>[] | undefined
  readonly buttons: 'both' | 'approve' | 'none'
  readonly approve: string
  readonly decline: string
  readonly follows: Question['follows']
}): Question {
  const { fields = [], choices = [], buttons } = input
  return {
    fields: fields.map((field) => ({ ...formField(field), value: firstTexts(field.type, field.value) })),
    answers: [
      ...(buttons === 'none' ? [] : [{ id: 'approved', label: input.approve }]),
      ...choices.map(({ id, name }) => ({ id, label: name === undefined || name.trim() === '' ? id : name })),
      ...(buttons === 'both' ? [{ id: 'declined', label: input.decline }] : []),
    ],
    follows: input.follows,
  }
}

/** What stands in a field at first, as a browser would send it. */
function firstTexts(type: Question['fields'][number]['type'], value: Json | undefined): readonly string[] {
  if (value === undefined || value === null || type === 'file') return []
  if (type === 'checkbox') return value === true || value === 'true' || value === 'yes' ? ['yes'] : []
  return (Array.isArray(value) ? value : [value]).map(textOf)
}
