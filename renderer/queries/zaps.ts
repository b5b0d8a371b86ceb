import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ZapSummary } from '../../core/contract/values.ts'
import { type Answer, cache, patchAnswer, queries, useAnswer } from './queries.ts'

/** Every zap as the lists show it, live. */
export function useZaps(): Answer<readonly ZapSummary[]> {
  return useAnswer(queries.zaps.list.queryOptions())
}

const NO_NAMES: readonly (readonly [id: string, name: string])[] = []

const namesOf = (zaps: readonly ZapSummary[]) => zaps.map(({ id, name }) => [id, name] as const)

/** The names of all zaps by their ids: the same map as long as no name changes, though the zaps change otherwise. */
export function useZapNames(): ReadonlyMap<string, string> {
  const names = useQuery(queries.zaps.list.queryOptions({ select: namesOf })).data ?? NO_NAMES
  return useMemo(() => new Map(names), [names])
}

/** Reads the list again, and resolves when it is there. */
export function reloadZaps(): Promise<void> {
  return cache.invalidateQueries({ queryKey: queries.zaps.list.key() })
}

/** Shows a change at once, before the host has confirmed it; `reloadZaps` corrects it if it was refused. */
export function patchZap(id: string, change: Partial<ZapSummary>): void {
  changeZaps((zaps) => zaps.map((zap) => (zap.id === id ? { ...zap, ...change } : zap)))
}

export function dropZap(id: string): void {
  changeZaps((zaps) => zaps.filter((zap) => zap.id !== id))
}

function changeZaps(change: (zaps: ZapSummary[]) => ZapSummary[]): void {
  patchAnswer(queries.zaps.list.queryKey(), change)
}
