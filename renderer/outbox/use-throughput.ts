import { useEffect, useState } from 'react'
import type { RunThroughput } from '../../core/contract/outbox-values.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { throttle } from '../stores/throttle.ts'

/** The hour moves on also when nothing happens. */
const TICK_MS = 15_000

/** How many runs ended in each minute of the last hour, for as long as somebody looks; null until the host has told. */
export function useThroughput(): RunThroughput | null {
  const [throughput, setThroughput] = useState<RunThroughput | null>(null)
  useEffect(() => {
    let gone = false
    const load = throttle(1_000, () => {
      if (gone) return
      api.outbox.throughput().then(
        (told) => {
          if (!gone) setThroughput(told)
        },
        // What was shown stays; that the host does not answer, the page says already.
        () => undefined,
      )
    })
    load()
    const timer = setInterval(load, TICK_MS)
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'runs') load()
    })
    const stopResumed = onResumed(load)
    return () => {
      gone = true
      clearInterval(timer)
      stopEvents()
      stopResumed()
    }
  }, [])
  return throughput
}
