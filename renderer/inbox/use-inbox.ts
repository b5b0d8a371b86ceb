import { useEffect, useMemo, useRef, useState } from 'react'
import type { Verdict } from '../../core/domain/verdict.ts'
import { api } from '../api/client.ts'
import { onAppEvent, onResumed } from '../api/events.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { throttle } from '../stores/throttle.ts'
import { type InboxPages, withNewest, withOlder } from './inbox-pages.ts'

const PAGE = 100

export type InboxFilter = Verdict | 'refused' | undefined

/** The requests that match, newest first and live, as long as somebody looks. `text` is looked for in all that was sent. */
export function useInbox(
  verdict: InboxFilter,
  text: string,
): {
  pages: InboxPages | null
  failure: Failure | null
  reload: () => void
  loadOlder: () => void
} {
  const [pages, setPages] = useState<InboxPages | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const older = useRef(false)
  const reader = useMemo(() => {
    let gone = false
    const filter = { ...(verdict === undefined ? {} : { verdict }), ...(text === '' ? {} : { text }) }
    const guarded = async (work: () => Promise<void>) => {
      try {
        await work()
        if (!gone) setFailure(null)
      } catch (thrown) {
        if (!gone) setFailure(describeFailure(thrown))
      }
    }
    return {
      newest: throttle(500, () => {
        if (gone) return
        void guarded(async () => {
          const newest = await api.inbox.list({ ...filter, limit: PAGE })
          if (!gone) setPages((shown) => withNewest(shown, newest))
        })
      }),
      async older(cursor: number) {
        if (older.current) return
        older.current = true
        await guarded(async () => {
          const page = await api.inbox.list({ ...filter, limit: PAGE, cursor })
          if (!gone) setPages((shown) => (shown === null ? page : withOlder(shown, page)))
        })
        older.current = false
      },
      open() {
        gone = false
      },
      close() {
        gone = true
      },
    }
  }, [verdict, text])

  useEffect(() => {
    reader.open()
    setPages(null)
    reader.newest()
    const stopEvents = onAppEvent((event) => {
      if (event.type === 'inbox') reader.newest()
    })
    const stopResumed = onResumed(reader.newest)
    return () => {
      reader.close()
      stopEvents()
      stopResumed()
    }
  }, [reader])

  const next = pages?.next ?? null
  return {
    pages,
    failure,
    reload: reader.newest,
    loadOlder: () => {
      if (next !== null) void reader.older(next)
    },
  }
}
