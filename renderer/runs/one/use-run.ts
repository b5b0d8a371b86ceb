import { useEffect, useState } from 'react'
import type { RunDetail } from '../../../core/contract/values.ts'
import { isTerminal, runTransitions } from '../../../core/domain/states.ts'
import { api } from '../../api/client.ts'
import { onAppEvent, onResumed } from '../../api/events.ts'
import { describeFailure, type Failure } from '../../api/failure.ts'
import { throttle } from '../../stores/throttle.ts'

/** A run with its steps, read again whenever the host says that it changed. */
export function useRun(id: string): { detail: RunDetail | null; failure: Failure | null; reload: () => void } {
  const [detail, setDetail] = useState<RunDetail | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [reload, setReload] = useState<() => void>(() => () => undefined)

  useEffect(() => {
    let gone = false
    let asked = 0
    let ended = false
    const load = async () => {
      asked += 1
      const question = asked
      try {
        const found = await api.runs.get({ id })
        // An older answer that comes late must not take the screen back.
        if (gone || question !== asked) return
        ended = isTerminal(runTransitions, found.run.status)
        setDetail(found)
        setFailure(null)
      } catch (thrown) {
        if (!gone && question === asked) setFailure(describeFailure(thrown))
      }
    }
    const loadSoon = throttle(250, () => {
      if (!gone) void load()
    })
    setReload(() => loadSoon)
    loadSoon()
    const stopEvents = onAppEvent((event) => {
      if (event.type !== 'runs') return
      if (event.runs.some((run) => run.id === id) || (event.more && !ended)) loadSoon()
    })
    const stopResumed = onResumed(loadSoon)
    return () => {
      gone = true
      stopEvents()
      stopResumed()
    }
  }, [id])

  return { detail, failure, reload }
}
