import type { CredentialSummary } from '../../core/contract/values.ts'

/** Whether requests can be signed in with it, as far as that is known: not before a person has signed in, where one has to. */
export function isUsable({ signIn }: Pick<CredentialSummary, 'signIn'>): boolean {
  return signIn === null || signIn === 'good'
}

/** What a step needs of its account and was not granted; nothing where that is not known, or the person has to sign in anyway. */
export function missingScopes(
  needed: readonly string[] | undefined,
  credential: Pick<CredentialSummary, 'signIn' | 'granted'> | undefined,
): readonly string[] {
  const granted = credential?.signIn === 'good' ? credential.granted : null
  return granted === null || needed === undefined ? [] : needed.filter((scope) => !granted.includes(scope))
}
