import { z } from 'zod'
import { historyJobSchema } from './history-values.ts'
import { bulkJobSchema } from './outbox-values.ts'
import { runSummarySchema } from './run-values.ts'
import { statusSchema } from './system-values.ts'

/** What the event stream says. Changes are gathered for 100 ms, so a host sends at most ten of each a second; one that runs hundreds gathers for up to half a second. */
export const appEventSchema = z.discriminatedUnion('type', [
  /** The newest state of runs that changed; `more` when only a part of them is listed. */
  z.object({ type: z.literal('runs'), runs: z.array(runSummarySchema), more: z.boolean() }),
  /**
   * Zaps that were created, changed or removed: ask for them again. Of those in `drafts` nothing but the draft was saved, as the revision
   * that stands there: the window that saved it knows all that is new.
   */
  z.object({
    type: z.literal('zaps'),
    ids: z.array(z.string()),
    drafts: z.record(z.string(), z.int()).default({}),
  }),
  z.object({ type: z.literal('status'), status: statusSchema }),
  z.object({ type: z.literal('bulk'), job: bulkJobSchema }),
  /** A work on the history went on. */
  z.object({ type: z.literal('history'), job: historyJobSchema }),
  /** Requests came in: ask for them. */
  z.object({ type: z.literal('inbox') }),
  /** Services were asked what is new, or will be at another time: ask how that went. */
  z.object({ type: z.literal('polls') }),
  /** Backups were made, deleted or set otherwise, or one went on: ask for them. */
  z.object({ type: z.literal('backups') }),
  /** Settings have other values, for all that is told of them: ask for them. */
  z.object({ type: z.literal('settings') }),
  /** Credentials were stored, bound otherwise or deleted: ask for them. */
  z.object({ type: z.literal('credentials') }),
  /** Steps may use other folders: ask for them. */
  z.object({ type: z.literal('folders') }),
  /** Tables, or rows of them, changed: ask for them. */
  z.object({ type: z.literal('tables') }),
  /** Connectors of a person's own came, went, or are others: ask for all connectors. */
  z.object({ type: z.literal('connectors') }),
  /** Imported APIs were added, updated or taken away: ask for them. */
  z.object({ type: z.literal('apps') }),
  /** Hosts of the fleet came, went, or say something else of themselves: ask for it. */
  z.object({ type: z.literal('fleet') }),
  /** Browsers came, went or were shut out: ask for them. */
  z.object({ type: z.literal('sessions') }),
  /** The tunnel is to be opened otherwise: ask for its settings. How it is doing is in the status. */
  z.object({ type: z.literal('tunnel') }),
  /** What the desktop app has around its screens is otherwise, or something was opened with it: ask. */
  z.object({ type: z.literal('shell') }),
  /** Something to be told to the person at this screen, now. */
  z.object({ type: z.literal('notice'), title: z.string(), body: z.string().nullable() }),
])
export type AppEvent = z.infer<typeof appEventSchema>
