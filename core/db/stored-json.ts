import type { z } from 'zod'
import { issueWords } from '../domain/zap/issue-words.ts'
import { DatabaseError } from './database-error.ts'

/**
 * Reads JSON text of a column. `what` begins the sentence that an error is: it names the row, such as `The draft of the zap "Orders" (zap_1)`.
 *
 * @throws DatabaseError `unreadable` when another program, or a fault, left something there that Hookline does not write.
 */
export function readStored<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let stored: unknown
  try {
    stored = JSON.parse(text)
  } catch (error) {
    throw unreadable(what, 'it is no JSON', error)
  }
  const parsed = schema.safeParse(stored, { error: issueWords })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? 'it' : `"${issue.path.map(String).join('.')}"`
  throw unreadable(what, `${place} ${(issue?.message ?? 'does not fit').replace(/\.$/, '')}`, parsed.error)
}

function unreadable(what: string, why: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    'unreadable',
    `${what} cannot be read (${why}), as another program changed the database: put a backup in its place with "hookline restore FILE", ` +
      'which keeps the present one beside it.',
    { cause },
  )
}
