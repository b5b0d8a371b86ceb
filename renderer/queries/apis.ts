import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import type { ImportedAppView } from '../../core/contract/app-values.ts'
import { type Answer, queries, useAnswer } from './queries.ts'

/** The APIs that were added, by title, live. */
export function useApis(): Answer<readonly ImportedAppView[]> {
  return useAnswer(queries.apps.list.queryOptions())
}

/** One that was added, or one that is only looked at; null for all that were added. */
export type WhichApi = { readonly app: string } | { readonly look: number } | null

const PAGE = 200

/** Operations that hold all words of a search, page by page. */
export function useOperations(of: WhichApi, search: string, isEnabled = true) {
  const words = useDeferredValue(search.trim())
  const found = useInfiniteQuery(
    queries.apps.find.infiniteOptions({
      input: (offset: number) => ({ of, search: words, offset, limit: PAGE }),
      initialPageParam: 0,
      getNextPageParam: (page, pages) => {
        const read = pages.reduce((sum, { operations }) => sum + operations.length, 0)
        return read < page.total ? read : undefined
      },
      enabled: isEnabled,
    }),
  )
  return {
    operations: found.data?.pages.flatMap(({ operations }) => operations) ?? [],
    total: found.data?.pages[0]?.total ?? null,
    isReading: found.isFetching,
    more: found.hasNextPage ? () => void found.fetchNextPage() : null,
  }
}
