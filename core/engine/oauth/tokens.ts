import type { Catalogue } from '../../connectors/catalogue.ts'
import { type CredentialFields, enteredFields } from '../../connectors/credential.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { OpenCredential } from '../open-credential.ts'
import type { TokenRequests, Tokens } from './token-requests.ts'

/** Keeps the access tokens of credentials of OAuth good, by getting new ones before the old ones end. */
export type OAuthTokens = {
  /** When a credential has to be renewed, in milliseconds since 1970 UTC; Infinity for one that never has to. */
  dueAt(credential: OpenCredential): number
  /**
   * A credential with a new access token, which is stored before this resolves: a service may have made the old refresh token void. One renewal
   * at a time for each name. Undefined for a credential that cannot be renewed.
   *
   * @throws StepError `reconnect` when the service has withdrawn the sign-in.
   */
  renew(name: string, credential: OpenCredential): Promise<OpenCredential | undefined>
}

/** How long before its end a token is renewed: clocks differ, and a request takes its time. */
const EARLY_MS = 120_000

export function createOAuthTokens(config: {
  readonly catalogue: Pick<Catalogue, 'credentialType' | 'credentialTypeInfo'>
  readonly clock: Clock
  readonly requests: Pick<TokenRequests, 'byItself'>
  /** Stores a secret in the place of another. False when that was changed meanwhile; then the person's word counts. */
  store(name: string, before: string, after: string): Promise<boolean>
  /** The service has withdrawn the sign-in of a secret; resolves when that is stored. False when the secret was changed meanwhile. */
  withdrawn(name: string, secret: string): Promise<boolean>
}): OAuthTokens {
  const { catalogue, clock } = config
  const due = new WeakMap<OpenCredential, number>()
  /** Sign-ins that were withdrawn: to ask again would be refused again, until another is entered. */
  const withdrawn = new WeakMap<OpenCredential, StepError>()
  const renewing = new Map<string, Promise<OpenCredential | undefined>>()

  function dueAt(credential: OpenCredential): number {
    const known = due.get(credential)
    if (known !== undefined) return known
    const made =
      catalogue.credentialTypeInfo(credential.type)?.isOAuth === true
        ? dueAtOf(enteredFields(credential.secret) ?? {})
        : Number.POSITIVE_INFINITY
    due.set(credential, made)
    return made
  }

  async function renewNow(name: string, credential: OpenCredential): Promise<OpenCredential | undefined> {
    const type = await catalogue.credentialType(credential.type)
    const fields = enteredFields(credential.secret)
    if (type?.oauth === undefined || fields === undefined) return undefined
    const tokens = await config.requests.byItself({ name, client: type.oauth(fields), fields })
    if (tokens === null) return undefined
    const secret = withTokens(credential.secret, tokens)
    // What a person entered meanwhile is newer than what we were told.
    if (!(await config.store(name, credential.secret, secret))) return undefined
    return { ...credential, secret }
  }

  return {
    dueAt,
    renew(name, credential) {
      // A person may sign in again meanwhile: what comes of an older secret is not for the new one.
      const key = JSON.stringify([name, credential.secret])
      const under = renewing.get(key)
      if (under !== undefined) return under
      const refusal = withdrawn.get(credential)
      if (refusal !== undefined) return Promise.reject(refusal)
      const renewal = renewNow(name, credential)
        .catch(async (error: unknown) => {
          // The old one is good for a little longer, and the next request tries again.
          const isGood = clock.now() < dueAt(credential) + EARLY_MS
          if (error instanceof StepError && error.details.retryable && isGood) return credential
          if (error instanceof StepError && error.details.code === 'reconnect') {
            // Signing in again withdraws the sign-in before at some services.
            if (!(await config.withdrawn(name, credential.secret))) return undefined
            withdrawn.set(credential, error)
          }
          throw error
        })
        .finally(() => renewing.delete(key))
      renewing.set(key, renewal)
      return renewal
    },
  }
}

/** The secret of a credential with new tokens in it. */
export function withTokens(secret: string, { accessToken, refreshToken, expiresAt, kept }: Tokens): string {
  const tokens = { accessToken, ...(refreshToken === undefined ? {} : { refreshToken }), expiresAt }
  return JSON.stringify({ ...enteredFields(secret), ...kept, ...tokens })
}

function dueAtOf({ accessToken, expiresAt }: CredentialFields): number {
  if (!accessToken) return 0
  if (!expiresAt) return Number.POSITIVE_INFINITY
  const ends = endOf(expiresAt)
  return ends === undefined ? Number.POSITIVE_INFINITY : ends - EARLY_MS
}

/** The end of a token as it is written: an ISO time, or seconds or milliseconds since 1970. */
function endOf(text: string): number | undefined {
  const count = Number(text)
  if (Number.isFinite(count)) return count < 1e11 ? count * 1_000 : count
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
