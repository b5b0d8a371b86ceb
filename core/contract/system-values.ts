import { z } from 'zod'
import { jsonSchema } from '../domain/values/json.ts'
import { incidentSchema, outboxStatsSchema } from './outbox-values.ts'
import { timeSchema } from './states.ts'

/** How the world reaches the webhooks. */
export const tunnelStatusSchema = z.object({
  state: z.enum(['off', 'opening', 'open', 'down']),
  provider: z.string().nullable(),
  /** What senders call in place of the listener's own address; null unless it is open. */
  url: z.string().nullable(),
  since: timeSchema.nullable(),
  /** When something that was sent to it last arrived here. */
  checkedAt: timeSchema.nullable(),
  /** Why it is down, and what to do about it. */
  why: z.string().nullable(),
  retryAt: timeSchema.nullable(),
  /** The address changed: what it was, and the webhooks whose senders still call that. */
  moved: z
    .object({
      from: z.string(),
      webhooks: z.array(z.object({ zapId: z.string(), zapName: z.string(), url: z.string() })),
    })
    .nullable(),
})
export type TunnelStatus = z.infer<typeof tunnelStatusSchema>

/** What the status bar shows. */
export const statusSchema = z.object({
  listener: z.object({ state: z.enum(['listening', 'paused', 'down']), url: z.string() }),
  queue: outboxStatsSchema.omit({ delivered: true }).extend({
    /** Pending messages whose time has not come: retries and delays. */
    waiting: z.int(),
  }),
  nextScheduled: z.object({ at: timeSchema, zapId: z.string(), zapName: z.string() }).nullable(),
  paused: z.boolean(),
  tunnel: tunnelStatusSchema,
  /** Whether this computer has a network besides itself. */
  network: z.enum(['up', 'down']),
  /** Questions that wait for a person. */
  openApprovals: z.int(),
  incidents: z.array(incidentSchema),
  /** Why Hookline started paused, when runs kept ending the process; null else. */
  safeMode: z.string().nullable(),
})
export type Status = z.infer<typeof statusSchema>

export const systemInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  dataDir: z.string(),
  /** Base address of the webhook listener, without a trailing slash. */
  hooksUrl: z.string(),
  /** How stored secrets are protected: by the system's keychain, by a key file beside the data, or hardly at all. `locked`: the keychain was, at the start. */
  secretProtection: z.enum(['keychain', 'key-file', 'weak', 'locked']),
  /** Folders that file steps may write to. */
  allowedFolders: z.array(z.string()),
  /** This computer's time zone, the default of zaps that name none. */
  timezone: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

/** The id of a type of credential: one of those that `credentials.types` lists. */
export const credentialTypeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9.-]{0,60}$/, { error: 'That is no type of credential.' })

/** By which zaps refer to a credential. */
export const credentialNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
  error: 'Name the credential with letters, digits, ".", "_" and "-" (100 at most).',
})

/** A type of credential, as a form asks for it: one `bare` text, or else JSON of the fields. */
export const credentialTypeInfoSchema = z.object({
  id: credentialTypeSchema,
  title: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      help: z.string().optional(),
      placeholder: z.string().optional(),
      isSecret: z.boolean(),
      isOptional: z.boolean().optional(),
      isAdvanced: z.boolean().optional(),
      /** What it may be; the first is the default. Anything when absent. */
      choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
    }),
  ),
  bare: z.object({ title: z.string(), help: z.string() }).optional(),
  /** Where a test asks whether it is good: its own service, an address that a person names, or nowhere. */
  testedAt: z.enum(['its-service', 'an-address']).nullable(),
  /** Its access token is renewed by itself. */
  isOAuth: z.boolean(),
  /** Where its service sends a browser back to on this computer; `isOnly` where it takes no other address. Absent where no person signs in with a browser. */
  redirect: z.object({ address: z.string(), isOnly: z.boolean() }).optional(),
  /** How a person gets at its service what is to be entered. */
  help: z
    .object({
      title: z.string(),
      steps: z.array(
        z.object({
          title: z.string(),
          text: z.string().optional(),
          link: z.object({ title: z.string(), url: z.string() }).optional(),
          /** The address of {@link redirect} is entered there, and so shown with it. */
          showsRedirect: z.boolean().optional(),
        }),
      ),
    })
    .optional(),
})
export type CredentialTypeInfo = z.infer<typeof credentialTypeInfoSchema>

/** A host as people write it: an address is taken for its host, and `*` stands for any text. */
const hostPatternSchema = z
  .string()
  .trim()
  .max(300)
  .transform((text) =>
    text
      .replace(/^https?:[\\/]+/i, '')
      .replace(/[\\/?#].*$/s, '')
      .toLowerCase(),
  )
  .refine((host) => /^(\[[0-9a-f:.]+\]|[\p{L}\p{N}*._-]+)(:(\d{1,5}|\*))?$/u.test(host), {
    error: 'Write a host as api.example.com, *.example.com or 127.0.0.1:8080.',
  })

/** The hosts to which a credential may go, as `name[:port]`; null for all. */
export const credentialHostsSchema = z.array(hostPatternSchema).min(1).max(50).nullable()

/** A credential without its secret, which no procedure ever returns. */
export const credentialSummarySchema = z.object({
  /** By which zaps refer to it; it stays. */
  name: z.string(),
  /** What a person calls it; its name where nothing else was said. */
  title: z.string(),
  type: credentialTypeSchema,
  updatedAt: timeSchema,
  /** Names of the zaps whose draft or live version uses it. */
  usedBy: z.array(z.string()),
  /** Those zaps. */
  zaps: z.array(z.object({ id: z.string(), name: z.string() })),
  /** The hosts to which it may go; null for all. */
  hosts: z.array(z.string()).nullable(),
  /** Whose it is at its service, as far as that is known. */
  account: z.string().nullable(),
  /** Of one that a person signs in with: `never` was signed in, `good`, `withdrawn` by its service, or `unreadable` here (the keychain is locked). Null of all others. */
  signIn: z.enum(['never', 'good', 'withdrawn', 'unreadable']).nullable(),
  /** The scopes that its service granted; null where that is not known. */
  granted: z.array(z.string()).nullable(),
  /** How many runs wait until a person signs in again. */
  waitingRuns: z.int(),
})
export type CredentialSummary = z.infer<typeof credentialSummarySchema>

/** A sign-in of a person at a service, under way or over. */
export const signInSchema = z.object({
  id: z.string(),
  /** The credential that it is for. */
  name: z.string(),
  /** The address that a person opens. */
  url: z.string(),
  /** What is typed there, where another device signs in. */
  userCode: z.string().nullable(),
  /** Where the browser comes back to; null where another device signs in. */
  redirectUri: z.string().nullable(),
  /** When it is given up. */
  until: timeSchema,
  /** Null while it is under way. */
  end: z
    .discriminatedUnion('ok', [
      z.object({
        ok: z.literal(true),
        account: z.string().nullable(),
        /** Scopes that were asked for and not granted. */
        missing: z.array(z.string()),
      }),
      z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
    ])
    .nullable(),
})
export type SignInView = z.infer<typeof signInSchema>

/** How a test of a credential went. */
export const credentialTestSchema = z.object({
  /** Whether a service took it. False also where none could be asked. */
  ok: z.boolean(),
  /** Whether a service could be asked at all. */
  isTestable: z.boolean(),
  /** Whose it is, in the service's words, where it says so. */
  account: z.string().nullable(),
  /** A sentence: who took it, or what is wrong and what to do about it. */
  message: z.string(),
})
export type CredentialTestResult = z.infer<typeof credentialTestSchema>

/** A setting with its value, and what may be chosen in its place. */
export const settingSchema = z.object({
  /** Its section and its name: `webhooks.keepDays`. */
  key: z.string(),
  section: z.string(),
  title: z.string(),
  help: z.string(),
  /** JSON Schema (2020-12) of the value. */
  schema: z.record(z.string(), jsonSchema),
  value: jsonSchema,
  initial: jsonSchema,
})
export type Setting = z.infer<typeof settingSchema>
