import { z } from 'zod'
import { durationSchema, parseDuration } from '../../domain/time/duration.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'

/** Shortest pause between two polls. */
const MIN_EVERY_MS = 1_000

/** How often a trigger asks; `usual` when its step does not say. */
export const everyField = (usual: string) =>
  durationSchema
    .refine((text) => (parseDuration(text) ?? 0) >= MIN_EVERY_MS, { error: 'must be at least 1s' })
    .default(usual)
    .meta({
      title: 'Every',
      description: 'A pause such as 30s, 5m or 2h.',
      ui: { widget: 'duration', placeholder: usual },
    })

/** What the first poll starts. */
export const firstField = z
  .enum(['ignore', 'all'])
  .default('ignore')
  .meta({
    title: 'What is there already',
    ui: { labels: { ignore: 'Leave it out: only what comes later', all: 'Start a run for each of it' } },
  })

type Timed = { readonly every?: unknown; readonly first?: unknown }

/** What a poll with both fields says of its times: how often is asked, and what the first time starts, change nothing about what is polled. */
export const POLL_TIMES = {
  everyMs: ({ every }: Timed): number => parseDuration(String(every)) ?? 0,
  first: ({ first }: Timed): 'ignore' | 'all' => (first === 'all' ? 'all' : 'ignore'),
  subject({ every, first, ...subject }: Timed): Json {
    return jsonSchema.parse(JSON.parse(JSON.stringify(subject)))
  },
}
