import { z } from 'zod'
import { parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { isJsonObject, textOf } from '../../domain/values/json.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { joinBurst, readBursts, replacedBy } from './debounce-bursts.ts'
import { memoryKeySchema } from './memory-key.ts'

/** Milliseconds that a burst is remembered after its end: whoever is still waiting then was asleep for a month. */
const MEMORY_MS = 30 * 86_400_000

/** Lets only the last run of a burst go on, when it has been quiet for a while. */
export const logicDebounce = defineLogic({
  id: 'logic.debounce',
  title: 'Debounce',
  description: 'Lets only the last of a burst of runs continue.',
  keywords: ['debounce', 'burst', 'quiet', 'settle', 'trigger once', 'digest'],
  icon: 'list-end',
  category: 'logic',
  summary: 'quiet for {window}',
  // A repeat finds the burst that it has joined.
  effect: 'idempotent',
  stopReason: 'a newer run of the same burst goes on in its place',
  input: z.strictObject({
    window: pauseSchema.meta({
      title: 'Quiet for',
      description: 'How long nothing may come before the last one goes on: 10s, 5m …',
      ui: { widget: 'duration', placeholder: '30s' },
    }),
    maxWait: pauseSchema.optional().meta({
      title: 'But at least every',
      description: 'Lets the newest one go on after this long, though it has not been quiet.',
      ui: { widget: 'duration', placeholder: '10m' },
    }),
    key: memoryKeySchema.optional().meta({
      title: 'Counted for each',
      description: 'Such as {{ hook.body.customer }}: runs with the same value make a burst. Without it, all do.',
      ui: { widget: 'template', advanced: true },
    }),
  }),
  output: z.object({ passed: z.boolean(), replacedBy: z.string().nullable() }),
  sample: { passed: true, replacedBy: null },
  async run({ input, waited, clock, store, idempotencyKey: by }) {
    const now = clock.now()
    const rule = {
      windowMs: parseDuration(input.window) ?? 0,
      maxWaitMs: input.maxWait === undefined ? Number.POSITIVE_INFINITY : (parseDuration(input.maxWait) ?? 0),
    }
    const key = textOf(input.key ?? null)
    const burst = isJsonObject(waited?.data) ? waited.data.burst : undefined
    if (typeof burst !== 'number') {
      return store.update(key, (stored) => {
        const { bursts, n, goesAt } = joinBurst(readBursts(stored), by, now, rule)
        const wait = { for: 'time' as const, until: goesAt, data: { burst: n } }
        return { value: bursts, expiresAt: Math.max(now, goesAt) + MEMORY_MS, result: { wait } }
      })
    }
    const newer = await store.update(key, (stored) => {
      const bursts = readBursts(stored)
      return { value: bursts, expiresAt: now + MEMORY_MS, result: replacedBy(bursts, by, burst) }
    })
    if (newer === null) return { output: { passed: true, replacedBy: null }, ports: [MAIN_PORT] }
    // An idempotency key begins with the id of its run.
    return { output: { passed: false, replacedBy: newer.split(':')[0] ?? newer }, ports: [] }
  },
})
