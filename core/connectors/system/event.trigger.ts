import { z } from 'zod'
import { defineTrigger } from '../define.ts'
import { SYSTEM_EVENTS } from '../trigger-sources.ts'

/** Starts when something happens to this computer. */
export const systemEvent = defineTrigger({
  id: 'system.event',
  title: 'This computer',
  description: 'Starts when Hookline starts, the computer wakes, or its network comes or goes.',
  keywords: ['startup', 'start', 'boot', 'login', 'wake', 'network', 'wi-fi', 'online', 'offline'],
  icon: 'rotate-cw',
  category: 'schedule',
  summary: '{events}',
  input: z.strictObject({
    events: z
      .array(z.enum(SYSTEM_EVENTS))
      .min(1, { error: 'needs at least one event' })
      .meta({
        title: 'When',
        ui: {
          labels: {
            started: 'Hookline has started',
            woke: 'The computer woke, or its clock was set',
            'network-up': 'The network is there again',
            'network-down': 'The network is gone',
          },
        },
      }),
  }),
  output: z.object({ event: z.enum(SYSTEM_EVENTS), at: z.string() }),
  sample: { event: 'started', at: '2026-11-24T09:00:00.000Z' },
  source: {
    from: 'watch',
    watch: ({ input, clock, system, emit }) =>
      system.on((event) => {
        if (input.events.includes(event)) emit({ key: null, data: { event, at: new Date(clock.now()).toISOString() } })
      }),
  },
})
