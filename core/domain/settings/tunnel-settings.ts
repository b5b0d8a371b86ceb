import { z } from 'zod'
import { withoutTrailing } from '../templates/trailing.ts'

/** A public address, as somebody types it; kept without a trailing slash. */
const baseUrlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
  .max(2_000)
  .transform((url) => withoutTrailing(url, '/'))

const hostSchema = z
  .string()
  .trim()
  .max(300)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'must be the name or address of a computer, such as example.com')

/** How webhooks reach this computer from the internet: one of the ways, with what it needs to know. */
export const tunnelWaySchema = z.discriminatedUnion('provider', [
  /** Cloudflare's quick tunnels: a new address at every start, no account. */
  z.strictObject({ provider: z.literal('cloudflared') }),
  z.strictObject({
    provider: z.literal('ssh'),
    host: hostSchema,
    port: z.int().min(1).max(65_535).default(22),
    user: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, 'must be a user name')
      .optional(),
    /** Absolute path of a private key; the SSH agent and the usual keys when absent. */
    identityFile: z.string().trim().min(1).optional(),
    /** Port that the server listens on for us. */
    remotePort: z.int().min(1).max(65_535).default(8080),
    /** What the server is reached by; `http://host:remotePort` when absent. */
    url: baseUrlSchema.optional(),
  }),
  z.strictObject({
    provider: z.literal('localtunnel'),
    server: baseUrlSchema.default('https://localtunnel.me'),
    subdomain: z
      .string()
      .trim()
      .regex(/^[a-z0-9][a-z0-9-]{3,62}$/, 'must have 4 to 63 small letters, digits or "-"')
      .optional(),
  }),
  z.strictObject({
    provider: z.literal('ngrok'),
    /** A domain of the account; one that ngrok chooses when absent. */
    domain: hostSchema.optional(),
  }),
  /** A channel that keeps what is sent to it and hands it on, as smee.io does. It knows no paths: all goes to one webhook. */
  z.strictObject({
    provider: z.literal('relay'),
    channel: baseUrlSchema,
    path: z
      .string()
      .trim()
      .regex(/^\/hooks\/\S+$/, 'must be the path of a webhook, such as /hooks/orders'),
  }),
  /** Something that the user runs: a reverse proxy, a router, a tunnel of another kind. */
  z.strictObject({
    provider: z.literal('manual'),
    url: baseUrlSchema,
    /** The header in which it puts the sender's address; none that can be trusted when absent. */
    addressHeader: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]+$/, 'is not the name of a header')
      .transform((name) => name.toLowerCase())
      .optional(),
  }),
])
export type TunnelWay = z.infer<typeof tunnelWaySchema>

/** Whether a tunnel is wanted, and which; `way` is null until one was chosen. */
export const tunnelSettingsSchema = z.strictObject({ isOn: z.boolean(), way: tunnelWaySchema.nullable() })
export type TunnelSettings = z.infer<typeof tunnelSettingsSchema>

/** How the world reaches the webhook listener by an open tunnel. */
export type TunnelAccess = {
  /** What senders call in place of the listener's own address, without a trailing slash. */
  readonly url: string
  /** The only path that it leads to; null when it leads to all of them. */
  readonly onlyPath: string | null
  /** The header (lower case) in which it puts the sender's own address; null when it does not. */
  readonly addressHeader: string | null
}
