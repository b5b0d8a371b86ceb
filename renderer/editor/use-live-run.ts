import { useCallback, useEffect, useState } from 'react'
import { isTerminal, runTransitions } from '../../core/domain/states.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure } from '../api/failure.ts'
import { toast } from '../ui/toast.tsx'
import { useDraftStore } from './draft-store.ts'
import type { ZapSession } from './zap-session.ts'

/** The host tells of every change of a run; this often we look by ourselves, in case that a message was lost. */
const SAFETY_NET_MS = 2_000

/** Runs the draft and shows on the canvas what becomes of it. */
export function useLiveRun(session: ZapSession) {
  const store = useDraftStore()
  const [runId, setRunId] = useState<string | null>(null)
  const [isStarting, setStarting] = useState(false)

  const start = useCallback(async () => {
    setStarting(true)
    try {
      if (!(await session.save())) return
      const { host, setRun } = store.getState()
      setRun(null)
      setRunId((await api.zaps.run({ id: host.id, source: 'draft' })).runId)
    } catch (thrown) {
      toast({ title: 'The draft could not be run', detail: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setStarting(false)
    }
  }, [session, store])

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

  return { start, isRunning: isStarting || runId !== null }
}
