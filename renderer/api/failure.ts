import { ORPCError } from '@orpc/client'
import type { Problem } from '../../core/domain/zap/problem.ts'

/** A failed call in the words that a screen shows. */
export type Failure = {
  /** A code of the contract (`NOT_FOUND`, `INVALID_ZAP` …), or `UNREACHABLE` where the host did not answer. */
  readonly code: string
  /** One sentence for the person at the screen. */
  readonly message: string
  /** What keeps the zap from being published, where that is the reason. */
  readonly problems: readonly Problem[]
  /** Everything known, for "Copy details". */
  readonly details: string
}

/** Makes a {@link Failure} of anything that a call to the host may throw. */
export function describeFailure(thrown: unknown): Failure {
  if (thrown instanceof ORPCError) {
    return {
      code: String(thrown.code),
      message: thrown.message,
      problems: thrown.code === 'INVALID_ZAP' ? problemsIn(thrown.data) : [],
      details: JSON.stringify({ code: thrown.code, message: thrown.message, data: thrown.data }, null, 2),
    }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'UNREACHABLE', message, problems: [], details: message }
}

function problemsIn(data: unknown): readonly Problem[] {
  if (typeof data !== 'object' || data === null || !('problems' in data) || !Array.isArray(data.problems)) return []
  // The host checked the data of its errors against the contract before it sent them.
  return data.problems as Problem[]
}
