import { z } from 'zod'
import { timeSchema } from './states.ts'

/** A browser that may control this host. */
export const sessionSchema = z.object({
  id: z.string(),
  /** The browser in words, such as "Firefox on Linux". */
  browser: z.string(),
  openedAt: timeSchema,
  lastSeenAt: timeSchema,
  /** Screens that are connected with it now. */
  screens: z.int(),
  /** Whether this very call came through it. */
  isThis: z.boolean(),
})
export type Session = z.infer<typeof sessionSchema>

/** An address that opens the screens in one more browser: once, and until then. */
export const freshAddressSchema = z.object({ ui: z.string(), expiresAt: timeSchema })
