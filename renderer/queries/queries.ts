import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { type DefaultError, QueryClient, type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'

/** The key and the options of every question that the screens ask: `queries.zaps.get.queryOptions({ input: { id } })`. */
export const queries = createTanstackQueryUtils(api)

/**
 * What the host has answered. An answer is good until an event says otherwise (`invalidate.ts`), so it is never asked for again merely
 * because a screen opens. Questions whose answers no event follows ask with `staleTime: 0`.
 */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      // A call waits for the connection by itself, and what failed meanwhile is asked again when that is back.
      retry: false,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
  },
})

/** An answer as a screen shows it: both may be there, when it could not be read again. */
export type Answer<Data> = {
  /** Null until the host has answered. */
  readonly data: Data | null
  readonly failure: Failure | null
  /** Asks again now. */
  reload(): void
}

/** The answer to a question, asked as long as the component is there and kept up to date. */
export function useAnswer<Output, Failed = DefaultError, Data = Output>(
  options: UseQueryOptions<Output, Failed, Data, QueryKey>,
): Answer<Data> {
  const { data, error, refetch } = useQuery(options)
  return {
    data: data ?? null,
    failure: error === null ? null : describeFailure(error),
    reload: () => void refetch(),
  }
}

/** Changes a kept answer, if there is one. One that was stale stays so: the change says nothing about the rest of it. */
export function patchAnswer<Data>(queryKey: QueryKey, change: (data: Data) => Data): void {
  const query = cache.getQueryCache().find<Data>({ queryKey, exact: true })
  if (query?.state.data === undefined) return
  const wasStale = query.state.isInvalidated
  cache.setQueryData<Data>(queryKey, change(query.state.data))
  if (wasStale) query.invalidate()
}
