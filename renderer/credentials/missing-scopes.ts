import type { CredentialSummary } from '../../core/contract/values.ts'

/** What a step needs of its account and was not granted; nothing where that is not known, or the person has to sign in anyway. */
export function missingScopes(
  needed: readonly string[] | undefined,
  credential: Pick<CredentialSummary, 'signIn' | 'granted'> | undefined,
): readonly string[] {
  const granted = credential?.signIn === 'good' ? credential.granted : null
  return granted === null || needed === undefined ? [] : needed.filter((scope) => !granted.includes(scope))
}
