import { hashKey } from '@tanstack/react-query'
import type { History, HistoryJob } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { type Answer, cache, queries, useAnswer } from '../queries/queries.ts'
import { toast } from '../ui/layers/toast.tsx'
import { jobResult } from './history-words.ts'

const HISTORY = queries.history.get.queryOptions({ staleTime: 0, gcTime: Number.POSITIVE_INFINITY })

/** How much history the host has, and what is done about it. */
export function useHistory(): Answer<History> {
  return useAnswer(HISTORY)
}

/** The job that was seen under way: its end is to be told, once. */
let followed: string | null = null

/** Begins a job; its end is told in a toast. */
export async function startHistoryJob(kind: HistoryJob['kind']): Promise<void> {
  try {
    const job = await (kind === 'prune' ? api.history.prune({}) : api.history.shrink())
    followed = job.startedAt
    // It may have ended before this answer came.
    await cache.invalidateQueries({ queryKey: HISTORY.queryKey })
  } catch (thrown) {
    const title = kind === 'prune' ? 'No run was deleted' : 'The database was not shrunk'
    toast({ title, detail: describeFailure(thrown).message, tone: 'error' })
  }
}

export async function stopHistoryJob(): Promise<void> {
  try {
    await api.history.stop()
  } catch (thrown) {
    toast({ title: 'It could not be stopped', detail: describeFailure(thrown).message, tone: 'error' })
  }
}

function tellEnd({ job }: History): void {
  if (job === null) return
  if (job.state === 'running') followed = job.startedAt
  else if (followed === job.startedAt) {
    followed = null
    toast(jobResult(job))
  }
}

// For as long as the page lives, but only of what was read by a screen: the job goes on when that is left.
cache.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'updated' && query.queryHash === hashKey(HISTORY.queryKey)) {
    const history = cache.getQueryData(HISTORY.queryKey)
    if (history !== undefined) tellEnd(history)
  }
})
