import { QueryObserver } from '@tanstack/react-query'
import type { BulkJob, LeftOut } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import { cache, queries, useAnswer } from '../../queries/queries.ts'
import { toast } from '../../ui/layers/toast.tsx'
import { hostFilter, type RunFilter } from '../list/run-filter.ts'
import { resultWords } from './bulk-jobs.ts'

/** Jobs over many runs that this host knows of, the newest first. */
export function useBulk(): readonly BulkJob[] {
  return useAnswer(JOBS).data ?? NO_JOBS
}

const JOBS = queries.bulk.list.queryOptions()
const NO_JOBS: readonly BulkJob[] = []

/** Jobs that were begun here or seen under way, and whose end is to be told. */
const followed = new Set<string>()

/** What is to be done with which runs: those named, or all that a filter finds. */
export type BulkRequest = {
  readonly action: BulkJob['action']
  readonly runs: { readonly ids: readonly string[] } | { readonly filter: RunFilter }
  readonly fromFailed?: boolean
  readonly version?: 'same' | 'newest'
  readonly include?: readonly LeftOut[]
}

/** Begins a job, and returns whether it began. Its end is told in a toast. */
export async function startBulk(request: BulkRequest): Promise<boolean> {
  const { action, runs, fromFailed = false, version = 'same', include = [] } = request
  try {
    const job = await api.bulk.start({
      action,
      fromFailed,
      version,
      include: [...include],
      ...('ids' in runs ? { ids: [...runs.ids] } : { filter: hostFilter(runs.filter, Date.now()) }),
    })
    followed.add(job.id)
    await readJobs()
    return true
  } catch (thrown) {
    const title = action === 'replay' ? 'The runs could not be replayed' : 'The runs could not be cancelled'
    toast({ title, detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}

/** Stops a job after what it has in hand, and returns whether the host was told. */
export async function cancelBulk(id: string): Promise<boolean> {
  try {
    await api.bulk.cancel({ id })
    await readJobs()
    return true
  } catch (thrown) {
    toast({ title: 'The job could not be stopped', detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}

function readJobs(): Promise<void> {
  return cache.invalidateQueries({ queryKey: queries.bulk.list.key() })
}

/** Tells the end of each job that was followed, once. */
function tellEnds(jobs: readonly BulkJob[]): void {
  for (const job of jobs) {
    if (job.state === 'running') followed.add(job.id)
    else if (followed.delete(job.id)) toast(resultWords(job))
  }
}

// For as long as the page lives: a job is followed on every screen.
new QueryObserver(cache, JOBS).subscribe(({ data }) => {
  if (data !== undefined) tellEnds(data)
})
