import type { CredentialSummary } from '../../core/contract/values.ts'
import { type Answer, cache, queries, useAnswer } from '../queries/queries.ts'

/** The stored credentials by name, without their secrets, live. */
export function useCredentials(): Answer<readonly CredentialSummary[]> {
  return useAnswer(queries.credentials.list.queryOptions())
}

/** Reads them again, after one was changed here. */
export function reloadCredentials(): Promise<void> {
  return cache.invalidateQueries({ queryKey: queries.credentials.list.key() })
}

/** A name for a new credential: the one that is wanted, or with a number behind it where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let number = 2, name = wanted; ; number++) {
    if (!taken.includes(name)) return name
    name = `${wanted}-${number}`
  }
}
