import { z } from 'zod'

/** A name that this computer is called by, without scheme and port. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/i

/** What the user may set about all webhooks. */
export const webhookSettingsSchema = z.object({
  /** Days after which a request leaves the inbox; its event and run stay. 0: never. */
  keepDays: z.int().min(0).max(3_650).default(30),
  /** Requests a minute that one address may send; 0: as many as it likes. */
  perAddress: z.int().min(0).max(1_000_000).default(3_000),
  /** Connections that one address may have, or requests under way behind a tunnel that tells senders apart; 0: as many as it likes. */
  connectionsPerAddress: z.int().min(0).max(10_000).default(200),
  /** Gigabytes that the database and the large values may take before webhooks are answered 507; 0: as many as the disk has. */
  maxDataGb: z.number().min(0).max(100_000).default(20),
  /** Names beside those of this computer and of the tunnel by which webhooks are called, as behind a proxy with a name of its own. */
  hosts: z
    .array(z.string().regex(HOST_NAME, { error: 'must be the name of a computer, such as hooks.example.com' }))
    .max(50)
    .default([]),
})
export type WebhookSettings = z.output<typeof webhookSettingsSchema>
