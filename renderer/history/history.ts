import { create } from 'zustand'
import type { History, HistoryJob, HistorySettings } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { toast } from '../ui/layers/toast.tsx'
import { jobResult } from './history-words.ts'

/** How much history the host has, and what is done about it; null until it said so. */
export const useHistory = create<{ history: History | null; failure: Failure | null }>(() => ({
  history: null,
  failure: null,
}))

/** The job that was seen under way: its end is to be told, once. */
let followed: string | null = null

export async function loadHistory(): Promise<void> {
  try {
    const history = await api.history.get()
    useHistory.setState({ history, failure: null })
    if (history.job !== null) hear(history.job)
  } catch (thrown) {
    useHistory.setState({ failure: describeFailure(thrown) })
  }
}

/** Gives what is wrong, or null when it is saved. */
export async function saveHistorySettings(settings: HistorySettings): Promise<Failure | null> {
  try {
    const saved = await api.history.setSettings(settings)
    useHistory.setState(({ history }) => ({ history: history && { ...history, settings: saved } }))
    return null
  } catch (thrown) {
    return describeFailure(thrown)
  }
}

/** Begins a job; its end is told in a toast. */
export async function startHistoryJob(kind: HistoryJob['kind']): Promise<void> {
  try {
    const job = await (kind === 'prune' ? api.history.prune({}) : api.history.shrink())
    followed = job.startedAt
    hear(job)
    // It may have ended before this answer came.
    await loadHistory()
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

function hear(job: HistoryJob): void {
  const known = useHistory.getState().history?.job
  // Its last word may come before the answer that began it.
  if (known?.startedAt === job.startedAt && known.state !== 'running' && job.state === 'running') return
  useHistory.setState(({ history }) => ({ history: history && { ...history, job } }))
  if (job.state === 'running') followed = job.startedAt
  else if (followed === job.startedAt) {
    followed = null
    toast(jobResult(job))
    void loadHistory()
  }
}

onAppEvent((event) => {
  if (event.type === 'history') hear(event.job)
})
onResumed(() => {
  if (useHistory.getState().history !== null) void loadHistory()
})
