import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import type { Json } from '../../core/domain/json.ts'
import { isTerminal, runTransitions } from '../../core/domain/states.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { toast } from '../ui/toast.tsx'
import type { ZapSession } from './zap-session.ts'

/** The host tells of every change of a run; this often we look by ourselves, in case that a message was lost. */
const SAFETY_NET_MS = 2_000

/** Runs of the draft, shown on the canvas as they go. */
export type LiveRuns = {
  /** Whether one is being started or under way. */
  readonly isRunning: boolean
  /** Runs the whole draft. */
  start(): Promise<void>
  /** Tests a step: alone, with `outputs` for the steps before it, or with all before it. Gives why it cannot be tested, or null. */
  test(
    stepId: string,
    runs: 'only-step' | 'all-before',
    outputs: Readonly<Record<string, Json>>,
  ): Promise<Failure | null>
}

export const LiveRunsContext = createContext<LiveRuns | null>(null)

/** The runs of the open zap's draft. Must stand inside an editor. */
export function useLiveRuns(): LiveRuns {
  const runs = use(LiveRunsContext)
  if (!runs) throw new Error('useLiveRuns needs an open zap around it')
  return runs
}

/** Starts runs of the draft and shows on the canvas what becomes of the newest. */
export function useRunsOf(session: ZapSession): LiveRuns {
  const { store } = session
  const [runId, setRunId] = useState<string | null>(null)
  const [isStarting, setStarting] = useState(false)

  const begin = useCallback(
    async (ask: (zapId: string) => Promise<{ readonly runId: string }>): Promise<Failure | null> => {
      setStarting(true)
      try {
        if (!(await session.save())) return null
        const { host, setRun } = store.getState()
        setRun(null)
        setRunId((await ask(host.id)).runId)
        return null
      } catch (thrown) {
        return describeFailure(thrown)
      } finally {
        setStarting(false)
      }
    },
    [session, store],
  )

  useEffect(() => {
    if (runId === null) return
    let ended = false
    const look = async (): Promise<void> => {
      try {
        const detail = await api.runs.get({ id: runId })
        if (ended) return
        store.getState().setRun(detail)
        const { status } = detail.run
        if (!isTerminal(runTransitions, status) && status !== 'needs-review') return
        ended = true
        setRunId(null)
      } catch {
        // The next message or look will do.
      }
    }
    void look()
    const timer = setInterval(() => void look(), SAFETY_NET_MS)
    const stopResumed = onResumed(() => void look())
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'runs' && (event.more || event.runs.some((run) => run.id === runId))) void look()
    })
    return () => {
      ended = true
      clearInterval(timer)
      stopResumed()
      stopEvents()
    }
  }, [runId, store])

  const isRunning = isStarting || runId !== null
  return useMemo(
    () => ({
      isRunning,
      start: async () => {
        const failure = await begin((id) => api.zaps.run({ id, source: 'draft' }))
        if (failure !== null) toast({ title: 'The draft could not be run', detail: failure.message, tone: 'error' })
      },
      test: (step, runs, outputs) => begin((id) => api.zaps.test({ id, step, runs, outputs: { ...outputs } })),
    }),
    [isRunning, begin],
  )
}
