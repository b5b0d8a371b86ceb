import { MAX_JSON_DEPTH } from '../domain/values/json.ts'
import { type CoreServices, procedures } from './services.ts'

/** Milliseconds in which code is read: what takes longer is not complained about. */
const CHECK_MS = 2_000

/** Looks for mistakes in code where code runs, so that the same is a mistake in both. */
export function codeProcedures({ sandbox }: CoreServices) {
  return {
    check: procedures.code.check.handler(async ({ input: { language, code }, signal }) => {
      const kind = language === 'javascript' ? 'check-code' : 'check-query'
      const job = { kind, source: code, data: [], zone: 'UTC', deadlineMs: CHECK_MS, maxDepth: MAX_JSON_DEPTH } as const
      const { result } = await sandbox.run(job, signal ?? new AbortController().signal)
      if (!('failure' in result)) return []
      const { kind: why, message, place } = result.failure
      return why === 'syntax' || why === 'thrown' ? [{ ...(place ?? { line: 1, column: 1 }), message }] : []
    }),
  }
}
