import { z } from 'zod'

/** What the user may set about all webhooks. */
export const webhookSettingsSchema = z.object({
  /** Days after which a request leaves the inbox; its event and run stay. 0: never. */
  keepDays: z.int().min(0).max(3_650).default(30),
  /** Requests a minute that one address may send; 0: as many as it likes. */
  perAddress: z.int().min(0).max(1_000_000).default(3_000),
  /** Base address under which senders reach the webhooks, where the user runs a tunnel or proxy; null: none. */
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'must be an address, such as https://hooks.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  /** The header in which that tunnel or proxy puts the sender's address; null: none that can be trusted. */
  addressHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, { error: 'is not the name of a header' })
    .transform((name) => name.toLowerCase())
    .nullable()
    .default(null),
})
export type WebhookSettings = z.output<typeof webhookSettingsSchema>
