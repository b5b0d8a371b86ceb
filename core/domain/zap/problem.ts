import { z } from 'zod'

/**
 * Something that keeps a zap from being published. `structure` problems (an unknown connector, a cycle, a dangling edge …)
 * also keep a file from being imported; `field` problems are those of an unfinished draft.
 */
export const problemSchema = z.object({
  severity: z.enum(['structure', 'field']),
  code: z.string(),
  /** Id of the step, or null where the problem is the zap's as a whole. */
  step: z.string().nullable(),
  /** Path inside the step (`input.url`, `settings.timeoutMs`) or the zap (`edges.2.to`), or null. */
  field: z.string().nullable(),
  /** One sentence that names the thing and the remedy. */
  message: z.string(),
  /** The folder that would have to be allowed, where that is the remedy. */
  allowFolder: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>
