import { z } from 'zod'
import { credentialRefSchema } from '../credential.ts'

/** Ways in which senders prove that a request is theirs. `core/ingress/verify-signature.ts` knows how each is checked. */
export const VERIFY_SCHEMES = [
  'github',
  'meta',
  'standard-webhooks',
  'svix',
  'stripe',
  'slack',
  'shopify',
  'razorpay',
  'twilio',
  'zoom',
  'calendly',
  'gitlab',
  'hmac',
  'basic',
  'bearer',
  'header',
] as const
export type VerifyScheme = (typeof VERIFY_SCHEMES)[number]

const SCHEME_LABELS: Readonly<Record<VerifyScheme, string>> = {
  github: 'GitHub',
  meta: 'Meta (WhatsApp, Messenger, Instagram)',
  'standard-webhooks': 'Standard Webhooks',
  svix: 'Svix',
  stripe: 'Stripe',
  slack: 'Slack',
  shopify: 'Shopify',
  razorpay: 'Razorpay',
  twilio: 'Twilio',
  zoom: 'Zoom',
  calendly: 'Calendly',
  gitlab: 'GitLab',
  hmac: 'Another service, with a signature (HMAC)',
  basic: 'Another service, with user and password',
  bearer: 'Another service, with a bearer token',
  header: 'Another service, with a secret in a header',
}

const onlyFor = (...schemes: VerifyScheme[]) => ({ showIf: { field: 'scheme', in: schemes } })

/** The fields of {@link verifySchema}. `webhook.send` signs with those of the generic HMAC, so that what one sends the other can check. */
export const verifyShape = {
  scheme: z.enum(VERIFY_SCHEMES).meta({ title: 'Sent by', ui: { labels: SCHEME_LABELS } }),
  secrets: z
    .array(credentialRefSchema)
    .min(1, { error: 'needs at least one credential' })
    .max(10)
    .meta({
      title: 'Secrets',
      description: 'Any of them may fit: so one can be replaced without losing a request.',
      ui: { widget: 'credentials' },
    }),
  verifyToken: credentialRefSchema.optional().meta({
    title: 'Verify token',
    description: 'The text that you give to Meta beside the address. Meta asks with it whether the address is yours.',
    ui: { widget: 'credential', ...onlyFor('meta') },
  }),
  header: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: 'is not the name of a header' })
    .optional()
    .meta({
      title: 'Header',
      description: 'That carries the signature or the token.',
      ui: { widget: 'text', placeholder: 'X-Signature', ...onlyFor('hmac', 'header') },
    }),
  algorithm: z
    .enum(['sha1', 'sha256', 'sha512'])
    .optional()
    .meta({
      title: 'Hash',
      ui: {
        ...onlyFor('hmac'),
        labels: { '': 'SHA-256 (usual)', sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' },
      },
    }),
  encoding: z
    .enum(['hex', 'base64'])
    .optional()
    .meta({
      title: 'Written in',
      ui: { ...onlyFor('hmac'), labels: { '': 'Hex (usual)', hex: 'Hex', base64: 'Base64' } },
    }),
  prefix: z
    .string()
    .max(100)
    .optional()
    .meta({
      title: 'Prefix',
      description: 'Text before the signature in its header.',
      ui: { widget: 'text', placeholder: 'sha256=', ...onlyFor('hmac') },
    }),
  signed: z
    .string()
    .max(500)
    .refine((text) => text.includes('{body}'), { error: 'must contain {body}, or anybody could change it' })
    .optional()
    .meta({
      title: 'What is signed',
      description:
        '{body}, {ts} and {id} stand for the raw body and the two headers below, {method} and {url} for how and where it was called.',
      ui: { widget: 'text', placeholder: '{ts}.{body}', ...onlyFor('hmac') },
    }),
  timestampHeader: z
    .string()
    .max(100)
    .optional()
    .meta({
      title: 'Header of the time',
      description: 'In seconds since 1970. Requests more than five minutes off are refused.',
      ui: { widget: 'text', placeholder: 'X-Timestamp', ...onlyFor('hmac') },
    }),
  idHeader: z
    .string()
    .max(100)
    .optional()
    .meta({ title: 'Header of the id', ui: { widget: 'text', placeholder: 'X-Id', ...onlyFor('hmac') } }),
  url: z
    .url()
    .optional()
    .meta({
      title: 'Public address',
      description: 'As the sender calls it. Needed when it differs from the address that arrives here.',
      ui: { widget: 'text', placeholder: 'https://example.com/hooks/calls', ...onlyFor('twilio') },
    }),
}

/** How a webhook checks who sent a request. Everything below `secrets` is for the schemes that it names. */
export const verifySchema = z
  .strictObject(verifyShape)
  .superRefine(({ scheme, header, signed, timestampHeader, idHeader }, check) => {
    const needs = (path: string, message: string) => check.addIssue({ code: 'custom', path: [path], message })
    if ((scheme === 'hmac' || scheme === 'header') && header === undefined)
      needs('header', 'needs the name of a header')
    if (signed?.includes('{ts}') && timestampHeader === undefined) needs('timestampHeader', 'is needed for {ts}')
    if (signed?.includes('{id}') && idHeader === undefined) needs('idHeader', 'is needed for {id}')
    // A time that is not signed can be changed at will, so a check of it would promise what it does not hold.
    if (timestampHeader !== undefined && !signed?.includes('{ts}')) needs('signed', 'must contain {ts}')
  })

export type VerifyOptions = z.output<typeof verifySchema>

/** Ways that only apps know of their services: a person does not choose them. */
type ServiceScheme =
  /** The secret, or a signature, stands in the JSON of the body. */
  | 'in-body'
  /** A signature of a private key (ECDSA with SHA-256); the secret is the public one, as base64 of its DER. */
  | 'ecdsa'

/** How a call is proved to be its sender's: as a person chose it, or as an app knows it of its service. */
export type SenderProof = Omit<VerifyOptions, 'scheme'> & {
  readonly scheme: VerifyScheme | ServiceScheme
  /** `in-body`: where secret or signature stands, and with `signed` the time that is signed; `[*]` is every item of a list. In `signed`, `{body.a.b}` is a field. */
  readonly at?: string
  readonly timeAt?: string
  /** What the secret is kept as: its bytes are the key of an HMAC; text when absent. */
  readonly secretIs?: 'base64'
}
