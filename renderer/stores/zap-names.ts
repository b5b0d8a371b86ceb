import { useEffect, useMemo } from 'react'
import { loadZaps, useZaps } from './zaps.ts'

/** The names of all zaps by their ids: the same map as long as no name changes, whatever else the zaps do meanwhile. */
export function useZapNames(): ReadonlyMap<string, string> {
  const isKnown = useZaps((state) => state.zaps !== null)
  useEffect(() => {
    if (!isKnown) void loadZaps()
  }, [isKnown])
  const written = useZaps((state) => JSON.stringify(state.zaps?.map((zap) => [zap.id, zap.name]) ?? []))
  // What was just written is a list of pairs of text.
  return useMemo(() => new Map(JSON.parse(written) as [string, string][]), [written])
}
