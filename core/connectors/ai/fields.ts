import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { credentialRefSchema } from '../credential.ts'
import type { OptionsSource } from '../field-options.ts'
import { appClient } from '../kit/app-client.ts'
import { numberField, switchField } from '../kit/from-text.ts'
import { readSecret } from './ai-account.ts'

/** Which model is asked. */
export const modelFields = {
  account: credentialRefSchema.meta({
    title: 'Account',
    description: 'At a maker of models, or a server of your own.',
    ui: { widget: 'credential', types: ['ai'] },
  }),
  model: z
    .string()
    .trim()
    .min(1, { error: 'needs the name of a model' })
    .max(200)
    .meta({
      title: 'Model',
      ui: { widget: 'service-choice', options: { from: 'models', needs: ['account'] }, placeholder: 'Choose a model…' },
    }),
}

/** How it is asked. */
export const askFields = {
  temperature: numberField(z.number().min(0).max(2))
    .optional()
    .meta({
      title: 'Temperature',
      description: '0 is always much the same, 1 is freer. Some models take none.',
      ui: { advanced: true },
    }),
  maxTokens: numberField(z.int().min(1).max(1_000_000))
    .optional()
    .meta({
      title: 'Tokens at most',
      description: 'Of the answer; a token is some four letters.',
      ui: { advanced: true },
    }),
  cache: switchField()
    .prefault(false)
    .meta({
      title: 'Answer the same question once',
      description: 'For 30 days the same question gets the same answer, and costs nothing.',
      ui: { advanced: true },
    }),
  dailyTokens: numberField(z.int().min(1).max(1e12))
    .optional()
    .meta({
      title: 'Tokens a day',
      description: 'That all AI steps of this zap may use up together; then they fail until tomorrow (UTC).',
      ui: { advanced: true },
    }),
}

const inputSchema = z.object({ account: credentialRefSchema })

/** The models that an account can ask. */
export const models: OptionsSource = async ({ input }, context) => {
  const parsed = inputSchema.safeParse(input)
  if (!parsed.success)
    throw new StepError({ code: 'no-account', message: 'Choose an account first.', retryable: false })
  const { account } = parsed.data
  const { maker, address } = readSecret((await context.credential(account)).secret)
  const found = await maker.models(appClient(context, { address, account, title: maker.title, answers: maker.answers }))
  return {
    options: found.map(({ id, title }) => ({ value: id, label: title, ...(title === id ? {} : { hint: id }) })),
    next: null,
  }
}

export const textField = (title: string, placeholder: string) =>
  jsonSchema.meta({ title, ui: { widget: 'template-long', placeholder } })
