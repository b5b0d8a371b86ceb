import { z } from 'zod'

/** What a field of a page may ask for. */
export const FORM_FIELD_TYPES = [
  'text',
  'long',
  'number',
  'date',
  'choice',
  'choices',
  'file',
  'email',
  'checkbox',
] as const

/** A field of a page that a person fills in, with everything said. */
export const formFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(FORM_FIELD_TYPES),
  required: z.boolean(),
  /** Of `choice` and `choices`. */
  options: z.array(z.string()).readonly(),
  help: z.string().nullable(),
})
export type FormField = Readonly<z.infer<typeof formFieldSchema>>

/** Who sees a question as the next page: see {@link Question.follows}. */
export const FOLLOWS = ['unless-sent', 'always', 'never'] as const

/** What a run asks a person, beside its words: what there is to fill in, and the answers to choose from. */
export const questionSchema = z.object({
  fields: z.array(formFieldSchema.extend({ value: z.array(z.string()).readonly() })).readonly(),
  /** The buttons, in their order; an `id` is the decision that it stands for. */
  answers: z.array(z.object({ id: z.string(), label: z.string() })).readonly(),
  /**
   * Whether the person who has answered a question of the same run by its link is led on to this one: `unless-sent` when the zap sends this one's
   * own link to nobody, `always` the sender of a form too.
   */
  follows: z.enum(FOLLOWS),
})
export type Question = Readonly<z.infer<typeof questionSchema>>

/** A question as approval steps asked it before they could ask for more. */
export const PLAIN_QUESTION: Question = {
  fields: [],
  answers: [
    { id: 'approved', label: 'Approve' },
    { id: 'declined', label: 'Decline' },
  ],
  follows: 'unless-sent',
}

/** Reads what is stored of a question; nothing is of those that were asked before there was more to ask. */
export function storedQuestion(form: string | null): Question {
  return form === null ? PLAIN_QUESTION : questionSchema.parse(JSON.parse(form))
}

/** What an answer decides, as it is stored; null when the question has no such answer. */
export function decisionOf(
  { answers }: Question,
  id: string,
): { readonly decision: 'approved' | 'declined' | 'chosen'; readonly choice: string | null } | null {
  if (!answers.some((answer) => answer.id === id)) return null
  return id === 'approved' || id === 'declined' ? { decision: id, choice: null } : { decision: 'chosen', choice: id }
}
