import { ORPCError } from '@orpc/client'
import { z } from 'zod'

const staleSchema = z.object({ revision: z.int() })

/** The revision that a host has in place of the one that a refused save was based on; null for any other failure. */
export function staleRevision(thrown: unknown): number | null {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'STALE_DRAFT') return null
  const data = staleSchema.safeParse(thrown.data)
  return data.success ? data.data.revision : null
}
