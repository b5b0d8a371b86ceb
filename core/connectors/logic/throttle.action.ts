import { z } from 'zod'
import { parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { textOf } from '../../domain/values/json.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { numberField } from '../kit/from-text.ts'
import { memoryKeySchema } from './memory-key.ts'
import { gateOpensAt, readGate, takeTurn } from './throttle-gate.ts'

/** Milliseconds that a turn is remembered beyond its window, for a step that a crash has cut off. */
const MEMORY_MS = 86_400_000

/** Lets no more than so many runs pass in a while. */
export const logicThrottle = defineLogic({
  id: 'logic.throttle',
  title: 'Throttle',
  description: 'Limits how many runs continue in a period of time.',
  keywords: ['rate limit', 'throttle', 'limit', 'slow down', 'queue', 'per minute'],
  icon: 'gauge',
  category: 'logic',
  summary: '{limit} in {window}',
  // A repeat finds the turn that it was given.
  effect: 'idempotent',
  stopReason: 'as many runs as it allows had passed already',
  input: z.strictObject({
    limit: numberField(z.int().min(1).max(1_000)).prefault(1).meta({ title: 'Runs at most' }),
    window: pauseSchema.meta({
      title: 'In',
      description: 'Such as 1s, 1m or 1h.',
      ui: { widget: 'duration', placeholder: '1m' },
    }),
    mode: z
      .enum(['wait', 'drop'])
      .default('wait')
      .meta({
        title: 'The others',
        ui: { labels: { wait: 'Wait for their turn', drop: 'End here' } },
      }),
    key: memoryKeySchema.optional().meta({
      title: 'Counted for each',
      description:
        'Such as {{ hook.body.customer }}: runs with the same value are counted together. Without it, all are.',
      ui: { widget: 'template', advanced: true },
    }),
  }),
  output: z.object({ passed: z.boolean() }),
  sample: { passed: true },
  async run({ input, waited, clock, store, idempotencyKey }) {
    const now = clock.now()
    const rule = { limit: input.limit, windowMs: parseDuration(input.window) ?? 0 }
    const call = { by: idempotencyKey, now, isBack: waited !== null }
    const at = await store.update(textOf(input.key ?? null), (stored) => {
      const before = readGate(stored)
      const turn = takeTurn(before, call, rule)
      // Whoever is dropped takes no turn.
      const gate = input.mode === 'drop' && turn.at > now ? before : turn.gate
      return { value: gate, expiresAt: Math.max(now, gateOpensAt(gate, rule)) + MEMORY_MS, result: turn.at }
    })
    if (at <= now) return { output: { passed: true }, ports: [MAIN_PORT] }
    if (input.mode === 'drop') return { output: { passed: false }, ports: [] }
    return { wait: { for: 'time', until: at, data: { until: new Date(at).toISOString() } } }
  },
})
