import { useQuery } from '@tanstack/react-query'
import type { Status, SystemInfo } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { cache, queries } from './queries.ts'

/** A part of what the host says of itself, null until it has. The stream of changes begins with it, so it is never asked for. */
export function useStatus<Part>(select: (status: Status | null) => Part): Part {
  const { data } = useQuery(
    queries.system.status.queryOptions({ enabled: false, select: (status) => ({ part: select(status) }) }),
  )
  return data === undefined ? select(null) : data.part
}

/** What does not change while the host runs, but for the folders that steps may use; null until it was told. */
export function useInfo(): SystemInfo | null {
  return useQuery(queries.system.info.queryOptions()).data ?? null
}

/** Asks the host again what it is: a keychain may have been unlocked. */
export async function reloadInfo(): Promise<SystemInfo> {
  return cache.fetchQuery(queries.system.info.queryOptions({ staleTime: 0 }))
}

/** Stops or restarts intake and runs of the whole host. */
export async function setPaused(paused: boolean): Promise<void> {
  cache.setQueryData<Status>(queries.system.status.queryKey(), await api.system.setPaused({ paused }))
}
