import { z } from 'zod'
import type { Catalogue } from '../connectors/catalogue.ts'
import { type CredentialFields, enteredFields, type OAuthClient } from '../connectors/credential.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import { shownAddress } from '../domain/values/address-text.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import type { OutgoingFetch } from './guarded-fetch.ts'
import type { OpenCredential } from './open-credential.ts'
import { secretsFor } from './step-secrets.ts'

/** Gets new access tokens for credentials of OAuth (RFC 6749), before the old ones end. */
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
const TIMEOUT_MS = 30_000
const MAX_BYTES = 1_048_576

export function createOAuthTokens(config: {
  readonly catalogue: Pick<Catalogue, 'credentialType' | 'credentialTypeInfo'>
  readonly clock: Clock
  readonly fetch: OutgoingFetch
  /** Stores a secret in the place of another. False when that was changed meanwhile; then the person's word counts. */
  store(name: string, before: string, after: string): Promise<boolean>
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
    const client = type.oauth(fields)
    const grant = grantOf(client, fields)
    if (grant === null) return undefined
    const tokens = await ask(name, client, grant, fields)
    const secret = JSON.stringify({ ...fields, ...tokens })
    // What a person entered meanwhile is newer than what we were told.
    if (!(await config.store(name, credential.secret, secret))) return undefined
    return { ...credential, secret }
  }

  async function ask(
    name: string,
    client: OAuthClient,
    grant: Readonly<Record<string, string>>,
    fields: CredentialFields,
  ): Promise<Tokens> {
    const { tokenUrl } = client
    // None of these goes along when the service redirects to another one.
    const known = [client.clientSecret, fields.refreshToken, fields.accessToken].flatMap((value) =>
      value ? [{ name, value }] : [],
    )
    const guard = { ...NO_GUARD, secrets: secretsFor(known) }
    const post = (secretIn: 'body' | 'basic') => postTo(client, grant, secretIn, guard)
    let answer = await post('body')
    // Some take the client's secret in the header alone.
    if (answer.error === 'invalid_client' && client.clientSecret !== undefined) answer = await post('basic')
    if (answer.status >= 500 || answer.status === 429) {
      throw new StepError({
        code: `http-${answer.status}`,
        message: `${shownAddress(tokenUrl)} answered ${answer.status} when asked for a new token.`,
        retryable: true,
      })
    }
    if (answer.error === 'invalid_grant') throw reconnect(name, answer.says)
    const parsed = tokensSchema.safeParse(answer.body)
    if (answer.status >= 400 || !parsed.success) {
      const says = answer.says === '' ? `it answered ${answer.status}` : answer.says
      const message = `${shownAddress(tokenUrl)} gave no new token for the credential "${name}" (${says}): look at its client id, secret and token address.`
      throw new StepError({ code: 'sign-in', message, retryable: false })
    }
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = parsed.data
    // One that is the same as before was hidden on its way in, as every secret that comes back.
    const isNew = (token: string): boolean => !token.startsWith('[secret: ')
    return {
      ...(isNew(accessToken) ? { accessToken } : {}),
      ...(refreshToken !== undefined && isNew(refreshToken) ? { refreshToken } : {}),
      expiresAt: seconds === undefined ? '' : new Date(clock.now() + seconds * 1_000).toISOString(),
    }
  }

  async function postTo(
    client: OAuthClient,
    grant: Readonly<Record<string, string>>,
    secretIn: 'body' | 'basic',
    guard: FetchGuard,
  ) {
    const { tokenUrl, clientId, clientSecret } = client
    const body = new URLSearchParams(grant)
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Hookline',
    }
    if (secretIn === 'basic') {
      const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? '')}`
      headers.authorization = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
    } else {
      body.set('client_id', clientId)
      if (clientSecret !== undefined) body.set('client_secret', clientSecret)
    }
    const deadline = AbortSignal.timeout(TIMEOUT_MS)
    const response = await config.fetch(
      {
        method: 'POST',
        url: tokenUrl,
        headers,
        body: body.toString(),
        signal: deadline,
        maxBytes: MAX_BYTES,
      },
      guard,
    )
    const told = read(Buffer.from(response.body).toString('utf8'))
    const failure = errorSchema.safeParse(told).data
    const says = [failure?.error, failure?.error_description].filter((text) => text !== undefined).join(': ')
    return { status: response.status, body: told, error: failure?.error, says: says.slice(0, 300) }
  }

  return {
    dueAt,
    renew(name, credential) {
      const under = renewing.get(name)
      if (under !== undefined) return under
      const refusal = withdrawn.get(credential)
      if (refusal !== undefined) return Promise.reject(refusal)
      const renewal = renewNow(name, credential)
        .catch((error: unknown) => {
          // The old one is good for a little longer, and the next request tries again.
          const isGood = clock.now() < dueAt(credential) + EARLY_MS
          if (error instanceof StepError && error.details.retryable && isGood) return credential
          if (error instanceof StepError && error.details.code === 'reconnect') withdrawn.set(credential, error)
          throw error
        })
        .finally(() => renewing.delete(name))
      renewing.set(name, renewal)
      return renewal
    },
  }
}

type Tokens = { readonly accessToken?: string; readonly refreshToken?: string; readonly expiresAt: string }

const tokensSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  // Some write it as text.
  expires_in: z.coerce.number().positive().max(1e9).optional().catch(undefined),
})

const errorSchema = z.object({ error: z.string(), error_description: z.string().optional() })

/** JSON, or a form, as some services answer however they are asked. */
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.length > 10_000 ? {} : Object.fromEntries(new URLSearchParams(text))
  }
}

function grantOf({ scopes, clientSecret }: OAuthClient, fields: CredentialFields): Record<string, string> | null {
  if (fields.refreshToken) return { grant_type: 'refresh_token', refresh_token: fields.refreshToken }
  // Without a person who signs in, the client itself is who is asked for.
  if (fields.authorizeUrl || clientSecret === undefined) return null
  return { grant_type: 'client_credentials', ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) }
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

function reconnect(name: string, says: string): StepError {
  const why = says === '' ? '' : ` (${says})`
  const message = `The service has withdrawn the sign-in of the credential "${name}"${why}: connect it again under Credentials.`
  return new StepError({ code: 'reconnect', message, retryable: false })
}
