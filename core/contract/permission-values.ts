import { z } from 'zod'
import { PERMISSION_KINDS, permissionKeySchema } from '../domain/trust/permissions.ts'
import { problemSchema } from '../domain/zap/problem.ts'
import { zapFileSchema } from '../domain/zap/zap-file.ts'

export { permissionKeySchema } from '../domain/trust/permissions.ts'

/** Something that a zap may touch or wants to, as lists show it. */
export const permissionItemSchema = z.object({
  /** `<kind>:<what>`: what `denied` lists and the command line name. */
  key: z.string(),
  kind: z.enum(PERMISSION_KINDS),
  /** A `*` in it stands for what is only known while the zap runs. */
  what: z.string(),
  /** The steps of the draft that want it; none where only an older version or a person named it. */
  steps: z.array(z.object({ id: z.string(), name: z.string() })),
  writes: z.boolean(),
  /** Of a `local` host: where it is, as far as its name tells. */
  place: z.enum(['this-computer', 'own-network']).nullable(),
  /** Of a credential: the hosts to which its steps go with it. */
  goesTo: z.array(z.string()),
  /** Of a credential: whether there is one of that name. */
  exists: z.boolean(),
  allowed: z.boolean(),
  /** Why to look twice before it is allowed, in a sentence; null for what is ordinary. */
  caution: z.string().nullable(),
})
export type PermissionItem = z.infer<typeof permissionItemSchema>

/** What starts a zap by itself, in words. */
export const startSchema = z.object({ step: z.string(), name: z.string(), words: z.string() })

/** What a zap may touch. `review` is `pending` while it came from elsewhere and was not approved. */
export const zapPermissionsViewSchema = z.object({
  from: z.enum(['owner', 'elsewhere']),
  review: z.enum(['pending', 'done']),
  items: z.array(permissionItemSchema),
  starts: z.array(startSchema),
})
export type ZapPermissionsView = z.infer<typeof zapPermissionsViewSchema>

/** What a zap file says, before anything of it is stored. `zap` is null where it cannot be read. */
export const importPreviewSchema = z.object({
  file: z.string(),
  name: z.string(),
  zap: zapFileSchema.nullable(),
  problems: z.array(problemSchema),
  permissions: zapPermissionsViewSchema,
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

/** A person's word on what a zap from elsewhere may touch: everything that it names, but for these. */
export const approvalOfZapSchema = z.object({ denied: z.array(permissionKeySchema).max(5_000) })
