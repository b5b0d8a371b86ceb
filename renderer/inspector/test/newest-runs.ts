import { useQueries } from '@tanstack/react-query'
import type { RunDetail } from '../../../core/contract/values.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { queries, useAnswer } from '../../queries/queries.ts'

/** The newest `count` runs of a zap with their steps, the newest first and live; null until some of them were read, and while they are not `wanted`. */
export function useNewestRuns(
  zapId: string,
  count: number,
  wanted = true,
): { details: readonly RunDetail[] | null; failure: Failure | null } {
  const { data, failure } = useAnswer(
    queries.runs.list.queryOptions({ input: { zapId, limit: count }, enabled: wanted }),
  )
  // Each on its own, so that only the ones that changed are read again.
  const { known, error } = useQueries({
    queries: (data?.runs ?? []).map(({ id }) => queries.runs.get.queryOptions({ input: { id } })),
    combine: together,
  })
  return {
    details: data === null || (known.length === 0 && data.runs.length > 0) ? null : known,
    failure: failure ?? (error === null ? null : describeFailure(error)),
  }
}

const together = (answers: readonly { data: RunDetail | undefined; error: Error | null }[]) => ({
  known: answers.flatMap((answer) => answer.data ?? []),
  error: answers.find((answer) => answer.error !== null)?.error ?? null,
})
