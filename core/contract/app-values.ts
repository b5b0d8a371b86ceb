import { z } from 'zod'
import { signInSchema } from '../domain/openapi/api.ts'
import { jsonSchema } from '../domain/values/json.ts'
import { timeSchema } from './states.ts'

const apiFacts = {
  title: z.string(),
  /** `OpenAPI 3.0.3`. */
  kind: z.string(),
  version: z.string(),
  source: z.string(),
  bytes: z.int(),
  address: z.string(),
  servers: z.array(z.string()),
  signIns: z.array(signInSchema),
  operations: z.int(),
  /** What may start zaps: webhooks, and lists that can be asked. */
  events: z.int(),
  polls: z.int(),
  problems: z.array(z.string()),
}

/** An API that was added with its description. */
export const importedAppSchema = z.object({
  /** How zaps name it. */
  id: z.string(),
  ...apiFacts,
  credential: z.string().nullable(),
  changedAt: timeSchema,
  /** Zaps of which a step uses it, with the titles of those operations. */
  usedBy: z.array(z.object({ zapId: z.string(), name: z.string(), operations: z.array(z.string()) })),
})
export type ImportedAppView = z.infer<typeof importedAppSchema>

/** What another description of an app changes. */
const appChangesSchema = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  gone: z.array(z.string()),
  /** Zaps of which a step would do something else, or that use what is gone; published ones go on as they are. */
  zaps: z.array(
    z.object({ zapId: z.string(), name: z.string(), changed: z.array(z.string()), gone: z.array(z.string()) }),
  ),
})

/** A description that was read, and not added yet. */
export const readApiSchema = z.object({ look: z.int(), ...apiFacts, ms: z.int(), changes: appChangesSchema.nullable() })
export type ReadApi = z.infer<typeof readApiSchema>

/** An operation or event, as lists show it. */
export const apiOperationSchema = z.object({
  /** Of the app; null while it is only looked at. */
  app: z.string().nullable(),
  appTitle: z.string(),
  key: z.string(),
  title: z.string(),
  method: z.string(),
  path: z.string(),
  tag: z.string(),
  isEvent: z.boolean(),
  canPoll: z.boolean(),
  isDeprecated: z.boolean(),
  fields: z.int().nullable(),
  /** Fields that must be written as JSON, and why. */
  raw: z.array(z.tuple([z.string(), z.string()])),
  needsJson: z.boolean(),
})
export type ApiOperation = z.infer<typeof apiOperationSchema>

/** All that the form of an operation needs. */
export const operationFormSchema = apiOperationSchema.extend({
  description: z.string(),
  /** JSON Schema of the input, in the order of the form. */
  form: z.record(z.string(), jsonSchema),
  /** An example of what it answers, or of what an event brings. */
  sample: jsonSchema,
  /** Addresses that the description has for this operation alone. */
  servers: z.array(z.string()),
  signIns: z.array(signInSchema),
  effect: z.enum(['none', 'idempotent', 'keyed', 'unsafe']),
  /** Fields whose values another operation lists. */
  choices: z.array(z.string()),
})
export type OperationFormView = z.infer<typeof operationFormSchema>
