import { z } from 'zod'
import { fillableSchema, sectionSchema } from '../../domain/settings/settings.ts'
import { tunnelSettingsSchema } from '../../domain/settings/tunnel-settings.ts'
import { VERDICTS } from '../../domain/trust/verdict.ts'
import { inboxRequestDetailSchema, inboxRequestSchema } from '../values.ts'
import { done, procedure } from './procedure.ts'

/** What may be asked of what comes in. */
export const intakeContract = {
  inbox: {
    /**
     * What reached the webhook listener, newest first. `refused`: all that was turned away. `text` is looked for in address, headers, body
     * and note; one call looks through 20,000 requests at most, so a page may be short, or empty, and still have a `next`.
     */
    list: procedure
      .input(
        z.object({
          verdict: z.union([z.enum(VERDICTS), z.literal('refused')]).optional(),
          text: z.string().max(500).optional(),
          limit: z.int().min(1).max(500).default(50),
          cursor: z.int().optional(),
        }),
      )
      .output(z.object({ requests: z.array(inboxRequestSchema), next: z.int().nullable() })),
    get: procedure.input(z.object({ id: z.int() })).output(inboxRequestDetailSchema),
    /**
     * Runs a zap with what was sent, also if that failed or was refused then: the zap that it came for, or `zapId`, through its live version or any
     * other. CONFLICT when that version has no webhook trigger, or when the inbox does not have all of the body.
     */
    replay: procedure
      .input(z.object({ id: z.int(), zapId: z.string().optional(), version: z.int().min(1).optional() }))
      .output(z.object({ runId: z.string() })),
    /** Makes a request the example of a webhook trigger: that of its own zap, or of `zapId`. */
    pin: procedure
      .input(z.object({ id: z.int(), zapId: z.string().optional(), step: z.string().optional() }))
      .output(z.object({ zapId: z.string(), step: z.string() })),
    /**
     * Waits for the next request at the address of a draft's webhook trigger, and makes it the trigger's example. While it waits, a request
     * there is answered 200 also when the zap is not switched on; it makes a run only when it is.
     */
    capture: procedure.input(z.object({ zapId: z.string(), step: z.string() })).output(inboxRequestDetailSchema),
    settings: procedure.output(sectionSchema('webhooks')),
    setSettings: procedure.input(fillableSchema('webhooks')).output(sectionSchema('webhooks')),
  },
  tunnel: {
    settings: procedure.output(tunnelSettingsSchema),
    /** Opens another tunnel, or none; how it goes, the status tells. */
    configure: procedure.input(tunnelSettingsSchema).output(tunnelSettingsSchema),
    /** Tries at once to open it again, or looks at once whether it still works. */
    retry: procedure.output(done),
    /** The senders know its new address. */
    acknowledge: procedure.output(done),
  },
}
