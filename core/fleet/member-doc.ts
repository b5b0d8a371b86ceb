import { z } from 'zod'
import { FLEET_ROLES } from './options.ts'

/** What a host says of itself with every sign of life. */
export const memberSchema = z.object({
  name: z.string().max(63),
  /** Made when its data folder joined first: another folder under the same name is another host. */
  instance: z.string().max(40),
  /** Made at each start: one folder is used by one process, so another that lives is that of a copy. Absent of hosts that are older. */
  session: z.string().max(40).optional(),
  /** The session that asks whether this one still lives. */
  knock: z.string().max(40).optional(),
  /** It has ended in order, and needs not be asked. */
  hasLeft: z.boolean().optional(),
  /** Counts up each time that the host joins, and when others take over what it had. */
  stay: z.int(),
  /** Others have taken over what it had. */
  isFenced: z.boolean(),
  version: z.string().max(40),
  roles: z.array(z.enum(FLEET_ROLES)),
  address: z.string().max(300),
  isDraining: z.boolean(),
  running: z.int(),
  /** Events that came through the log, and wait for a slot here. */
  lag: z.int(),
  /** Runs that ended in each minute of the last hour, the oldest first. */
  minutes: z.array(z.int()).max(60),
  /** Events taken in a second, of late. */
  takenIn: z.number(),
  outgoing: z.int(),
  relayed: z.int(),
  /** For how many milliseconds the oldest of them waits; null where none does. */
  oldestMs: z.int().nullable(),
  /** Credentials that it lacks, with the zaps that it therefore does not run. */
  lacks: z.array(z.object({ credential: z.string().max(200), zaps: z.array(z.string().max(100)) })),
  shared: z.array(z.string().max(200)),
  /** Milliseconds from the storing of an event to a worker that has it, of late; null where none went. */
  addedMs: z.number().nullable(),
})
export type MemberDoc = z.infer<typeof memberSchema>

export type MemberFacts = Omit<MemberDoc, 'name' | 'instance' | 'session' | 'knock' | 'hasLeft' | 'stay' | 'isFenced'>
