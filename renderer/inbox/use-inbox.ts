import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Verdict } from '../../core/domain/trust/verdict.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { cache, queries } from '../queries/queries.ts'
import { type InboxPages, withNewest, withOlder } from './inbox-pages.ts'

const PAGE = 100

export type InboxFilter = Verdict | 'refused' | undefined

/** The requests that match, newest first and live. `text` is looked for in all that was sent. */
export function useInbox(
  verdict: InboxFilter,
  text: string,
): {
  pages: InboxPages | null
  failure: Failure | null
  reload: () => void
  loadOlder: () => void
} {
  const input = { ...(verdict !== undefined && { verdict }), ...(text !== '' && { text }), limit: PAGE }
  const queryKey = queries.inbox.list.queryKey({ input })
  const { data, error, refetch } = useQuery({
    queryKey,
    // Only the newest page is read again; it is laid over those that were scrolled to.
    queryFn: async (): Promise<InboxPages> => {
      const newest = await api.inbox.list(input)
      return withNewest(cache.getQueryData<InboxPages>(queryKey) ?? null, newest)
    },
  })
  const [older, setOlder] = useState<{ isAsked: boolean; failure: Failure | null }>({ isAsked: false, failure: null })
  const loadOlder = async (): Promise<void> => {
    const cursor = data?.next ?? null
    if (cursor === null || older.isAsked) return
    setOlder({ isAsked: true, failure: null })
    try {
      const page = await api.inbox.list({ ...input, cursor })
      cache.setQueryData<InboxPages>(queryKey, (shown) => (shown === undefined ? page : withOlder(shown, page)))
      setOlder({ isAsked: false, failure: null })
    } catch (thrown) {
      setOlder({ isAsked: false, failure: describeFailure(thrown) })
    }
  }
  return {
    pages: data ?? null,
    failure: error === null ? older.failure : describeFailure(error),
    reload: () => void refetch(),
    loadOlder: () => void loadOlder(),
  }
}
