import { z } from 'zod'
import { parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { textOf } from '../../domain/values/json.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { memoryKeySchema } from './memory-key.ts'

const sightingSchema = z.object({ by: z.string(), at: z.number() })

/** Ends a run that brings what an earlier one has brought already. */
export const logicSkipSeen = defineLogic({
  id: 'logic.skip-seen',
  title: 'Skip what was seen',
  description: 'Ends the run when an earlier one came with the same value.',
  keywords: ['dedupe', 'deduplicate', 'remove duplicates', 'once', 'already seen'],
  icon: 'copy-x',
  category: 'logic',
  summary: '{key}',
  // A repeat, and a replay, finds that it was the first itself.
  effect: 'idempotent',
  stopReason: 'an earlier run came with the same value',
  input: z.strictObject({
    key: memoryKeySchema
      .refine((key) => typeof key === 'number' || (typeof key === 'string' && key !== ''), {
        error: 'needs a text or a number, such as {{ hook.body.id }}',
      })
      .meta({
        title: 'Value',
        description: 'What makes two of them the same: an id, an address, a link.',
        ui: { widget: 'template', placeholder: '{{ hook.body.id }}' },
      }),
    ttl: pauseSchema.default('30d').meta({
      title: 'Remembered for',
      description: 'Counted from the first time that a value came.',
      ui: { widget: 'duration' },
    }),
  }),
  output: z.object({ seen: z.boolean(), firstSeenAt: z.string() }),
  sample: { seen: false, firstSeenAt: '2026-11-24T09:00:00.000Z' },
  async run({ input, clock, store, eventKey: by }) {
    const now = clock.now()
    const ttlMs = parseDuration(input.ttl) ?? 0
    const first = await store.update(textOf(input.key), (stored) => {
      const known = sightingSchema.safeParse(stored).data
      const sighting = known !== undefined && now < known.at + ttlMs ? known : { by, at: now }
      return { value: sighting, expiresAt: sighting.at + ttlMs, result: sighting }
    })
    const seen = first.by !== by
    return { output: { seen, firstSeenAt: new Date(first.at).toISOString() }, ports: seen ? [] : [MAIN_PORT] }
  },
})
