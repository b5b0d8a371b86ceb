import type { Json } from '../../core/domain/values/json.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { toast } from '../ui/layers/toast.tsx'

/** Everything that can be asked of one run. Each tells in a toast why it could not be done, and returns whether it was. */

/** How a run is to be replayed. */
export type ReplayChoice = {
  readonly fromFailed?: boolean
  readonly version?: 'same' | 'newest'
  readonly input?: Json
}

/** Returns the id of the new run, or null. */
export async function replayRun(id: string, choice: ReplayChoice = {}): Promise<string | null> {
  const { input, ...rest } = choice
  let runId: string | null = null
  await tell('The run could not be replayed', async () => {
    runId = (await api.runs.replay({ id, ...rest, ...(input !== undefined && { input }) })).runId
  })
  return runId
}

export function cancelRun(id: string): Promise<boolean> {
  return tell('The run could not be cancelled', () => api.runs.cancel({ id }))
}

export function resumeRun(id: string): Promise<boolean> {
  return tell('The run could not go on', () => api.runs.resumeNow({ id }))
}

/** A person's word on a run that needs review. */
export type Resolution = 'run-again' | 'mark-done' | 'stop'

export function resolveRun(id: string, choice: Resolution, output?: Json): Promise<boolean> {
  return tell('The run could not be resolved', () =>
    api.runs.resolve({ id, choice, ...(output !== undefined && { output }) }),
  )
}

async function tell(title: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (thrown) {
    toast({ title, detail: describeFailure(thrown).message, tone: 'error' })
    return false
  }
}
