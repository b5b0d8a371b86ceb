import { z } from 'zod'
import { parseDuration, pauseSchema } from '../../domain/time/duration.ts'
import { defineTrigger } from '../define.ts'
import { watchedTouches, watchedZaps } from './watched-zaps.ts'

/** Starts when nothing has started another zap for a while: that no backup came is told by nothing else. */
export const zapSilent = defineTrigger({
  id: 'zap.silent',
  title: 'A zap is silent',
  description: 'Starts when nothing came to another zap for a while.',
  keywords: ['heartbeat', 'dead man switch', 'nothing came', 'missing', 'watchdog', 'monitor', 'no data', 'inactive'],
  icon: 'bell-off',
  category: 'zap',
  summary: 'nothing for {for}',
  touches: ({ zaps }) => watchedTouches(zaps),
  input: z.strictObject({
    zaps: watchedZaps,
    for: pauseSchema
      .refine((text) => (parseDuration(text) ?? 0) >= 60_000, { error: 'must be a minute at least' })
      .meta({
        title: 'Silent for',
        description: 'So long nothing came. It starts once for each silence.',
        ui: { widget: 'duration', placeholder: '26h' },
      }),
  }),
  output: z.object({
    zap: z.object({ id: z.string(), name: z.string() }),
    /** When something came last; null when nothing came since the zap was switched on. */
    lastEventAt: z.string().nullable(),
  }),
  sample: {
    zap: { id: 'zap_01KB0000000000000000000000', name: 'Backup of the server' },
    lastEventAt: '2026-11-23T07:00:00.000Z',
  },
  source: {
    from: 'silence',
    watches: (input) => ({ zaps: input.zaps ?? null, forMs: parseDuration(input.for) ?? 86_400_000 }),
  },
})
