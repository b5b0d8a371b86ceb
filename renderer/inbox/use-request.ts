import { useEffect, useState } from 'react'
import type { InboxRequestDetail } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'

/** One request with all that is kept of it. It never changes. */
export function useRequest(id: number): {
  request: InboxRequestDetail | null
  failure: Failure | null
  reload: () => void
} {
  const [request, setRequest] = useState<InboxRequestDetail | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads it again
  useEffect(() => {
    let gone = false
    const load = () =>
      api.inbox.get({ id }).then(
        (found) => {
          if (gone) return
          setRequest(found)
          setFailure(null)
        },
        (thrown: unknown) => {
          if (!gone) setFailure(describeFailure(thrown))
        },
      )
    void load()
    const stopResumed = onResumed(() => void load())
    return () => {
      gone = true
      stopResumed()
    }
  }, [id, tries])
  return { request, failure, reload: () => setTries(tries + 1) }
}
