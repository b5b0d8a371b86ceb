import { useQuery } from '@tanstack/react-query'
import type { Fleet } from '../../core/contract/fleet-values.ts'
import { queries } from './queries.ts'

/** The hosts that this one is joined with; null where it stands alone, and until that is known. */
export function useFleet(): Fleet | null {
  return useQuery(queries.fleet.get.queryOptions()).data ?? null
}
