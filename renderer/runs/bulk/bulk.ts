import { create } from 'zustand'
import type { BulkJob, LeftOut } from '../../../core/contract/values.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure } from '../../api/failure.ts'
import { toast } from '../../ui/layers/toast.tsx'
import { hostFilter, type RunFilter } from '../list/run-filter.ts'
import { resultWords, withJob } from './bulk-jobs.ts'

/** Jobs over many runs that this host knows of, the newest first. */
export const useBulk = create<{ jobs: readonly BulkJob[] }>(() => ({ jobs: [] }))

/** Jobs that somebody at this screen began or saw under way, and whose end is to be told. */
const followed = new Set<string>()
/** Jobs whose end was told: the answer to the call that began one may come after it. */
const told = new Set<string>()

/** What is to be done with which runs: those named, or all that a filter finds. */
export type BulkRequest = {
  readonly action: BulkJob['action']
  readonly runs: { readonly ids: readonly string[] } | { readonly filter: RunFilter }
  readonly fromFailed?: boolean
  readonly version?: 'same' | 'newest'
  readonly include?: readonly LeftOut[]
}

/** Begins a job; gives whether it began. Its end is told in a toast. */
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
    hear(job)
    return true
  } catch (thrown) {
    const title = action === 'replay' ? 'The runs could not be replayed' : 'The runs could not be cancelled'
    toast({ title, detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}

/** Stops a job after what it has in hand; gives whether the host was told. */
export async function cancelBulk(id: string): Promise<boolean> {
  try {
    hear(await api.bulk.cancel({ id }))
    return true
  } catch (thrown) {
    toast({ title: 'The job could not be stopped', detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}

async function loadBulk(): Promise<void> {
  try {
    for (const job of (await api.bulk.list()).toReversed()) hear(job)
  } catch {
    // Its next message tells of a job, too.
  }
}

function hear(job: BulkJob): void {
  useBulk.setState(({ jobs }) => ({ jobs: withJob(jobs, job) }))
  const known = useBulk.getState().jobs.find((one) => one.id === job.id)
  if (known === undefined) return
  if (known.state === 'running') followed.add(known.id)
  else if (followed.has(known.id) && !told.has(known.id)) {
    told.add(known.id)
    toast(resultWords(known))
  }
}

onAppEvent((event) => {
  if (event.type === 'bulk') hear(event.job)
})
onResumed(() => void loadBulk())
// The stream tells of changes only; a page that is opened later asks what goes on already.
void loadBulk()
