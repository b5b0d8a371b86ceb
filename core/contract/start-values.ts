import { z } from 'zod'

/** How far the desktop app is with its start, as it tells its window over a port of its own: the contract can be called only when it is ready. */
export const startStateSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('starting'),
    /** The size of a database that is read from end to end first; null where nothing takes long. */
    checkedBytes: z.number().nullable(),
  }),
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('failed'),
    /** What is wrong and what to do about it, in a sentence. */
    message: z.string(),
    /** The port that cannot be listened on, where another one would help. */
    port: z.int().nullable(),
    /** What a person may look at besides. */
    dataDir: z.string(),
  }),
])
export type StartState = z.infer<typeof startStateSchema>

/** What a person may want of an app that could not start. */
export const startWishSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('try-again') }),
  /** From now on. */
  z.object({ kind: z.literal('use-port'), port: z.int().min(0).max(65_535) }),
  z.object({ kind: z.literal('show-log') }),
  z.object({ kind: z.literal('quit') }),
])
export type StartWish = z.infer<typeof startWishSchema>
