import { oc } from '@orpc/contract'
import { z } from 'zod'
import { problemSchema } from '../../domain/zap/problem.ts'
import { refusedFolderSchema } from '../files.ts'

/** Every procedure may fail in these ways; `message` is always a sentence for the person at the screen. */
export const procedure = oc.errors({
  /** The zap, run or credential does not exist (any more). */
  NOT_FOUND: {},
  /** The state forbids it: the zap is not published, the run has ended, the path belongs to another zap … */
  CONFLICT: {},
  /** The draft is not publishable. */
  INVALID_ZAP: { data: z.object({ problems: z.array(problemSchema) }) },
  /** The zap came from elsewhere, and what it may touch was not approved. */
  REVIEW_FIRST: {},
  /** The draft was changed elsewhere since `baseRevision`. */
  STALE_DRAFT: { data: z.object({ revision: z.int() }) },
  /** The folder holds keys, what starts by itself, or the like: the caller has to say that it is meant. */
  RISKY_FOLDER: {},
  /** What was filled in is not what is asked for; `field` is the name of a field, and `message` a sentence about it. */
  WRONG_ANSWERS: { data: z.object({ problems: z.array(z.object({ field: z.string(), message: z.string() })) }) },
  /** Steps may not use this folder. */
  NOT_ALLOWED: { data: refusedFolderSchema },
})

/** By its id. */
export const byId = z.object({ id: z.string() })
/** That it is done. */
export const done = z.object({ ok: z.literal(true) })
