import { z } from 'zod'
import { connectorManifestSchema } from '../contract/connector-manifest.ts'
import { credentialTypeInfoSchema } from '../contract/values.ts'
import type { StepErrorDetails } from '../domain/runs/step-error.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'

/** Characters of a manifest, as JSON. */
const MOST_MANIFEST = 2_000_000

/** What is known of a file of connectors once it was read: its manifest, and what each connector touches, whatever its input is. */
export const ownFamilySchema = z.object({
  title: z.string().min(1).max(200),
  manifest: z
    .object({
      id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
      connectors: z
        .array(
          connectorManifestSchema.extend({
            id: z
              .string()
              .max(100)
              .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/),
            title: z.string().min(1).max(200),
            isLoop: z.literal(false),
          }),
        )
        .max(200),
      credentials: z.array(credentialTypeInfoSchema).max(0),
    })
    .refine(({ id, connectors }) => connectors.every((one) => one.id.startsWith(`${id}.`)), {
      error: 'an id does not begin with that of the app',
    })
    .refine(({ connectors }) => new Set(connectors.map(({ id }) => id)).size === connectors.length, {
      error: 'two connectors have the same id',
    })
    // It is kept with the settings, and read at each start.
    .refine((manifest) => JSON.stringify(manifest).length <= MOST_MANIFEST, {
      error: `its forms, samples and icons are more than ${MOST_MANIFEST / 1_000_000} million characters together`,
    }),
  touches: z.record(
    z.string(),
    z.array(
      z.object({
        kind: z.literal('host'),
        what: z.string().max(2_000),
        access: z.enum(['reads', 'writes']).optional(),
      }),
    ),
  ),
})
export type OwnFamily = z.infer<typeof ownFamilySchema>

/** What a process of connectors is asked. */
export type OwnWork =
  | { readonly do: 'open'; readonly file: string }
  | { readonly do: 'run' | 'poll'; readonly connector: string; readonly input: JsonObject; readonly facts: OwnFacts }

/** What a connector knows of the run, or of the poll, that it is in. */
export type OwnFacts = { readonly idempotencyKey: string; readonly now: number; readonly cursor?: Json }

/** What the host tells the process: work, an answer to a call of its own, and that a piece of work is not wanted any more. */
export type ToProcess =
  | { readonly id: number; readonly work: OwnWork }
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: StepErrorDetails }
  | { readonly abort: number }

/** What of its context a connector may call: the host does it, under the permissions of the zap. */
export const OWN_CALLS = ['http', 'keep', 'read', 'open'] as const
export type OwnCall = (typeof OWN_CALLS)[number]

/** What the process tells the host. */
export type FromProcess =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: StepErrorDetails }
  | { readonly call: number; readonly of: number; readonly name: OwnCall; readonly value: unknown }
  | { readonly says: string }
