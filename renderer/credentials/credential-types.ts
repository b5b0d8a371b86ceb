import type { CredentialTypeInfo } from '../../core/contract/values.ts'
import { queries, useAnswer } from '../queries/queries.ts'

const NONE: readonly CredentialTypeInfo[] = []

/** The types of credential, in the order of the form; empty until the host has answered. */
export function useCredentialTypes(): readonly CredentialTypeInfo[] {
  return useAnswer(queries.credentials.types.queryOptions()).data ?? NONE
}

/** What is typed of a credential, by the name of its field; a bare text has the name "". */
export type Entered = Readonly<Record<string, string>>

/** The text in which a credential of this type is stored; null while something is missing. */
export function secretOf(type: CredentialTypeInfo, typed: Entered): string | null {
  const initial = type.fields.flatMap(({ name, choices }): [string, string][] =>
    choices?.[0] ? [[name, choices[0].value]] : [],
  )
  const entered = { ...Object.fromEntries(initial), ...typed }
  if (type.bare !== undefined) return entered[''] ? entered[''] : null
  if (type.fields.some(({ name, isOptional }) => isOptional !== true && !entered[name])) return null
  const filled = type.fields.flatMap(({ name }): [string, string][] => (entered[name] ? [[name, entered[name]]] : []))
  return JSON.stringify(Object.fromEntries(filled))
}
