import { z } from 'zod'

/** A file of connectors of a person's own. */
export const ownFileSchema = z.object({
  file: z.string(),
  /** `off` until it is approved; `broken` where it was approved and cannot be read as it is now: what was read before goes on. */
  state: z.enum(['off', 'on', 'broken', 'missing']),
  problem: z.string().nullable(),
  app: z.object({ id: z.string(), title: z.string() }).nullable(),
  connectors: z.array(z.object({ id: z.string(), title: z.string(), kind: z.enum(['trigger', 'action']) })),
})
export type OwnFileView = z.infer<typeof ownFileSchema>

/** All of them, and the folder that they lie in. */
export const ownConnectorsSchema = z.object({ folder: z.string(), files: z.array(ownFileSchema) })
