import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { holdsLarge } from '../../domain/values/large-value.ts'
import { memoryKeySchema } from '../logic/memory-key.ts'

/** Characters of JSON that one entry may have: what is larger belongs into a file or a table. */
const MAX_VALUE_CHARS = 262_144

export const keyField = memoryKeySchema
  .refine((key) => textOf(key) !== '', { error: 'needs a name' })
  .meta({
    title: 'Name',
    description: 'What it is kept under.',
    ui: { widget: 'template', placeholder: 'last-invoice' },
  })

export const scopeField = z
  .enum(['zap', 'all'])
  .default('zap')
  .meta({ title: 'Kept for', ui: { labels: { zap: 'This zap', all: 'All zaps' } } })

export const ttlField = pauseSchema.optional().meta({
  title: 'Forgotten after',
  description: 'Such as 1d. Without it, it is kept.',
  ui: { widget: 'duration', advanced: true },
})

export const storeOutput = z.object({ value: jsonSchema, existed: z.boolean() })

/** When what is kept now is forgotten: unchanged where the step says nothing. */
export function expiryOf(ttl: string | undefined, now: number): number | undefined {
  return ttl === undefined ? undefined : now + (parseDuration(ttl) ?? 0)
}

/** A value that can be kept. Throws a {@link StepError} `too-large` for one that is too large. */
export function keepable(value: Json, key: Json): Json {
  if (!holdsLarge(value) && JSON.stringify(value).length <= MAX_VALUE_CHARS) return value
  const message = `What would be kept as "${textOf(key)}" has more than ${MAX_VALUE_CHARS / 1_024} KB: keep a part of it, or write it to a file.`
  throw new StepError({ code: 'too-large', message, retryable: false })
}
