import { z } from 'zod'

/** What the user may set about all webhooks. */
export const webhookSettingsSchema = z.object({
  /** Days after which a request leaves the inbox; its event and run stay. 0: never. */
  keepDays: z.int().min(0).max(3_650).default(30),
  /** Requests a minute that one address may send; 0: as many as it likes. */
  perAddress: z.int().min(0).max(1_000_000).default(3_000),
})
export type WebhookSettings = z.output<typeof webhookSettingsSchema>
