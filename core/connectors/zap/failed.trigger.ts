import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'
import { watchedTouches, watchedZaps } from './watched-zaps.ts'

/** Starts when a run of another zap has failed. */
export const zapFailed = defineTrigger({
  id: 'zap.failed',
  title: 'A zap failed',
  description: 'Starts when a run of another zap fails, with the reason.',
  keywords: ['error trigger', 'catch', 'error handler', 'on error', 'failure'],
  icon: 'triangle-alert',
  category: 'zap',
  summary: 'when a zap fails',
  touches: ({ zaps }) => watchedTouches(zaps),
  input: z.strictObject({
    zaps: watchedZaps,
  }),
  output: z.object({
    zap: z.object({ id: z.string(), name: z.string() }),
    run: z.object({ id: z.string(), startedAt: z.string(), finishedAt: z.string() }),
    /** Why the run failed, in words. */
    reason: z.string(),
    /** The step that failed; null when the run as a whole did, as by its time limit. */
    step: z.object({ id: z.string(), name: z.string() }).nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    /** What the failed run's trigger gave. */
    event: jsonSchema,
  }),
  sample: {
    zap: { id: 'zap_01KB0000000000000000000000', name: 'Paid orders to the ledger' },
    run: {
      id: 'run_01KB0000000000000000000001',
      startedAt: '2026-11-24T09:00:00.000Z',
      finishedAt: '2026-11-24T09:04:12.000Z',
    },
    reason: 'The step "Tell the ledger" failed: POST http://127.0.0.1:8080/ledger answered 500.',
    step: { id: 'post', name: 'Tell the ledger' },
    error: { code: 'http-500', message: 'POST http://127.0.0.1:8080/ledger answered 500' },
    event: { method: 'POST', path: 'orders', body: { id: 42, amount: 1999 } },
  },
  source: { from: 'failure', watches: ({ zaps = [] }) => (zaps.length === 0 ? null : zaps) },
})
