import type { AuthorizationServer, Client, ClientAuth, TokenEndpointResponse } from 'oauth4webapi'
import { z } from 'zod'
import type { CredentialFields, OAuthClient } from '../../connectors/credential.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import { type KnownSecret, maskValue } from '../../domain/trust/secret-mask.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { NO_GUARD } from '../fetch-guard.ts'
import type { OutgoingFetch } from '../guarded-fetch.ts'
import { secretsFor } from '../step-secrets.ts'
import { plainAnswer } from './plain-answer.ts'
import { bySessionLogin } from './session-login.ts'

/** What a service of OAuth returns for a grant. */
export type Tokens = {
  readonly accessToken: string
  /** Absent where the one before stays good. */
  readonly refreshToken?: string
  /** ISO time, or '' where the service does not say. */
  readonly expiresAt: string
  /** What was granted, as far as the service says; null when it does not. */
  readonly scopes: readonly string[] | null
  /** Whose they are, as a person knows it, as far as the service says with them. */
  readonly account: string | null
  /** Other fields of the credential, see `OAuthClient.keeps`. */
  readonly kept: CredentialFields
}

/** A code that a person types on another device. */
export type DeviceCode = {
  readonly deviceCode: string
  readonly userCode: string
  /** Where it is typed. */
  readonly url: string
  /** The same with the code in it; null where the service has none. */
  readonly urlWithCode: string | null
  readonly intervalMs: number
  /** Milliseconds since 1970 UTC. */
  readonly until: number
}

/** Who asks: the credential's name, and what its fields make of it. */
export type Asker = { readonly name: string; readonly client: OAuthClient; readonly fields: CredentialFields }

/** What came back to the address of a sign-in, and what it was begun with. */
export type ReturnedCode = {
  readonly returned: URLSearchParams
  readonly state: string
  readonly redirectUri: string
  readonly verifier: string | null
}

/**
 * Asks services of OAuth for tokens, by every grant that a credential can have. The library makes and judges the requests; what known
 * services do otherwise than the standard is put right before it sees their answers (see `plain-answer.ts`).
 *
 * All of them throw a {@link StepError}: `reconnect` when the service refuses the grant, `sign-in` when it refuses anything else, and one
 * that may be tried again while the service is down.
 */
export type TokenRequests = {
  /** With the code that came back after a person signed in. */
  byCode(asker: Asker, code: ReturnedCode): Promise<Tokens>
  /** With what the credential holds: its refresh token, its own key, or its secret; null when it holds none of these. */
  byItself(asker: Asker): Promise<Tokens | null>
  deviceCode(asker: Asker): Promise<DeviceCode>
  /** Null while the person has not typed the code; `slower` when the service wants to be asked less often. */
  byDeviceCode(asker: Asker, deviceCode: string): Promise<Tokens | null | 'slower'>
}

const TIMEOUT_MS = 30_000
const MAX_BYTES = 1_048_576
/** Characters of a token: servers take some 16 KB of headers in all. */
const MAX_TOKEN = 65_536
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export function createTokenRequests({
  clock,
  fetch,
}: {
  readonly clock: Clock
  readonly fetch: OutgoingFetch
}): TokenRequests {
  /** Loaded at the first sign-in or renewal. */
  const load = () => import('oauth4webapi')
  type Library = Awaited<ReturnType<typeof load>>

  /** What the library needs for one request that goes out as all of Hookline's do. */
  function optionsOf(library: Library, { name, client, fields }: Asker) {
    // None of these goes along when the service redirects to another one, or is seen in its words. A token is taken as it comes: one that
    // begins as the one before it, as where services count them, would be spoilt by hiding that.
    const known = [client.clientSecret, fields.refreshToken, fields.accessToken].flatMap((value): KnownSecret[] =>
      value ? [{ name, value }] : [],
    )
    const secrets = secretsFor(known)
    const guard = { ...NO_GUARD, secrets, keepsAnswer: true as const }
    return {
      // Addresses are those of the person's own choice, at home also without TLS.
      [library.allowInsecureRequests]: true,
      async [library.customFetch](url: string, init: { headers: Record<string, string>; body: unknown }) {
        const response = await fetch(
          {
            method: 'POST',
            url,
            headers: {
              ...init.headers,
              accept: 'application/json',
              'user-agent': 'Hookline',
              ...(client.asksInJson === true && { 'content-type': 'application/json' }),
            },
            body: client.asksInJson === true ? asJson(String(init.body)) : String(init.body),
            signal: AbortSignal.timeout(TIMEOUT_MS),
            maxBytes: MAX_BYTES,
          },
          guard,
        )
        const { status } = response
        if (status >= 500 || status === 429) {
          const message = `${shownAddress(url)} answered ${status} when asked for a token.`
          throw new StepError({ code: `http-${status}`, message, retryable: true })
        }
        const plain = plainAnswer(Buffer.from(response.body).toString('utf8'), status)
        if (plain === undefined) {
          // A page of a network that wants a sign-in of its own, or of a server that is looked after: no word of the service.
          const message = `${shownAddress(url)} answered ${status} with something else than a token, such as a page: look at the network and at the token address of the credential "${name}".`
          throw new StepError({ code: 'bad-answer', message, retryable: true })
        }
        const body = plain.status < 400 ? plain.body : maskValue(secrets.text, plain.body)
        return Response.json(body, { status: plain.status })
      },
    }
  }

  /** Asks with the client's secret in the body and, as some take it there alone, in the header. */
  async function ask<Result>(
    asker: Asker,
    request: (given: {
      library: Library
      server: AuthorizationServer
      client: Client
      auth: ClientAuth
      options: ReturnType<typeof optionsOf>
    }) => Promise<Result>,
  ): Promise<Result> {
    const { name, client } = asker
    const { clientSecret, tokenUrl, deviceUrl } = client
    const url = URL.parse(tokenUrl)
    if (url === null) {
      const message = `The token address of the credential "${name}" is no address: "${shownAddress(tokenUrl)}".`
      throw new StepError({ code: 'sign-in', message, retryable: false })
    }
    const library = await load()
    const given = {
      library,
      server: {
        issuer: url.origin,
        token_endpoint: tokenUrl,
        ...(deviceUrl === undefined ? {} : { device_authorization_endpoint: deviceUrl }),
      },
      client: { client_id: client.clientId },
      options: optionsOf(library, asker),
    }
    try {
      if (clientSecret === undefined) return await request({ ...given, auth: library.None() })
      if (client.secretInHeader === true)
        return await request({ ...given, auth: library.ClientSecretBasic(clientSecret) })
      return await request({ ...given, auth: library.ClientSecretPost(clientSecret) }).catch((error: unknown) => {
        if (error instanceof library.ResponseBodyError && error.error === 'invalid_client')
          return request({ ...given, auth: library.ClientSecretBasic(clientSecret) })
        throw error
      })
    } catch (error) {
      if (error instanceof library.ResponseBodyError) throw refusal(asker, error)
      if (error instanceof library.AuthorizationResponseError)
        throw refusedByPerson(asker, error.error, error.error_description)
      if (error instanceof library.OperationProcessingError || error instanceof library.UnsupportedOperationError) {
        throw noTokens(asker, error.message)
      }
      throw error
    }
  }

  function tokensOf(asker: Asker, answer: TokenEndpointResponse): Tokens {
    const { client } = asker
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds, scope } = answer
    for (const token of [accessToken, refreshToken ?? '']) {
      if (token.length <= MAX_TOKEN) continue
      throw noTokens(asker, `it sent one of ${token.length} characters, and ${MAX_TOKEN} are the most`)
    }
    const scopes = scope
      ?.split(client.scopeSeparator === undefined ? /[\s,]+/ : client.scopeSeparator)
      .filter((one) => one !== '')
    const kept = Object.entries(client.keeps ?? {}).flatMap(([field, theirs]): [string, string][] => {
      const value = answer[theirs]
      return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : []
    })
    return {
      accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      expiresAt: seconds === undefined ? '' : new Date(clock.now() + seconds * 1_000).toISOString(),
      scopes: scopes === undefined || scopes.length === 0 ? null : scopes,
      account: accountSchema.safeParse(answer.account).data ?? null,
      kept: Object.fromEntries(kept),
    }
  }

  /** What is asked right after a sign-in; its answers are kept with the tokens, and may take the place of one. */
  async function lookedUp(asker: Asker, tokens: Tokens): Promise<Tokens> {
    const { name, client, fields } = asker
    const { accessToken } = tokens
    if (client.afterSignIn === undefined) return tokens
    const known = [accessToken, client.clientSecret].flatMap((value): KnownSecret[] => (value ? [{ name, value }] : []))
    const secrets = secretsFor(known)
    const get = async (url: string): Promise<Json> => {
      const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}`, 'user-agent': 'Hookline' }
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const guard = { ...NO_GUARD, secrets, keepsAnswer: true as const }
      const request = { method: 'GET', url, headers, body: null, signal, maxBytes: MAX_BYTES }
      const { status, body } = await fetch(request, guard)
      const text = Buffer.from(body).toString('utf8')
      const parsed = status < 400 ? jsonSchema.safeParse(parsedOrNull(text)).data : undefined
      if (parsed !== undefined && parsed !== null) return parsed
      const said = String(maskValue(secrets.text, text)).replace(/\s+/g, ' ').slice(0, 200)
      throw noTokens(asker, `after the sign-in ${shownAddress(url)} answered ${status} ${said}`)
    }
    const {
      accessToken: better = accessToken,
      expiresAt = tokens.expiresAt,
      ...kept
    } = await client.afterSignIn({
      accessToken,
      fields,
      get,
    })
    return { ...tokens, accessToken: better, expiresAt, kept: { ...tokens.kept, ...kept } }
  }

  return {
    byCode: (asker, { returned, state, redirectUri, verifier }) =>
      ask(asker, async ({ library, server, client, auth, options }) => {
        // Who answers may name itself (RFC 9207): it must be where the person signed in.
        const issuer = returned.get('iss')
        const { authorizeUrl = '' } = asker.client
        const isOwn = issuer === null || URL.parse(issuer)?.origin === URL.parse(authorizeUrl)?.origin
        if (!isOwn) throw noTokens(asker, `the answer came from ${issuer}, where nobody signed in`)
        const valid = library.validateAuthResponse(
          { ...server, issuer: issuer ?? server.issuer },
          client,
          returned,
          state,
        )
        const response = await library.authorizationCodeGrantRequest(
          server,
          client,
          auth,
          valid,
          redirectUri,
          verifier ?? library.nopkce,
          options,
        )
        const tokens = tokensOf(asker, await library.processAuthorizationCodeResponse(server, client, response))
        return lookedUp(asker, tokens)
      }),

    async byItself(asker) {
      const { client: own, fields } = asker
      if (own.login !== undefined)
        return { scopes: null, account: null, kept: {}, ...(await bySessionLogin(asker, own.login, fetch)) }
      const scope = own.scopes.join(own.scopeSeparator ?? ' ')
      const scoped = scope === '' ? {} : { scope }
      if (own.assertion !== undefined) {
        const assertion = own.assertion(clock.now(), own.scopes)
        return ask(asker, async ({ library, server, client, options }) => {
          const parameters = { assertion }
          const none = library.None()
          const made = library.genericTokenEndpointRequest(server, client, none, JWT_BEARER, parameters, options)
          return tokensOf(asker, await library.processGenericTokenEndpointResponse(server, client, await made))
        })
      }
      const { refreshToken } = fields
      if (refreshToken) {
        return ask(asker, async ({ library, server, client, auth, options }) => {
          const more = own.namesScopesAgain === true ? { additionalParameters: scoped } : {}
          const made = library.refreshTokenGrantRequest(server, client, auth, refreshToken, { ...options, ...more })
          return tokensOf(asker, await library.processRefreshTokenResponse(server, client, await made))
        })
      }
      // Without a person who signs in, the client itself is who is asked for.
      if (own.authorizeUrl || own.deviceUrl || own.clientSecret === undefined) return null
      return ask(asker, async ({ library, server, client, auth, options }) => {
        const made = library.clientCredentialsGrantRequest(server, client, auth, scoped, options)
        return tokensOf(asker, await library.processClientCredentialsResponse(server, client, await made))
      })
    },

    deviceCode: (asker) =>
      ask(asker, async ({ library, server, client, auth, options }) => {
        const scope = asker.client.scopes.join(asker.client.scopeSeparator ?? ' ')
        const parameters = scope === '' ? {} : { scope }
        const made = library.deviceAuthorizationRequest(server, client, auth, parameters, options)
        const code = await library.processDeviceAuthorizationResponse(server, client, await made)
        const { verification_uri: page, verification_uri_complete: whole = null } = code
        // It is opened on a click: what is not a page of the web could be a program.
        const wrong = [page, whole ?? page].find((address) => !/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
        if (wrong !== undefined) throw noTokens(asker, `it leads to "${shownAddress(wrong)}", which is no web page`)
        return {
          deviceCode: code.device_code,
          userCode: code.user_code,
          url: page,
          urlWithCode: whole,
          // RFC 8628, section 3.5: 5 s when the service does not say.
          intervalMs: (code.interval ?? 5) * 1_000,
          until: clock.now() + code.expires_in * 1_000,
        }
      }),

    byDeviceCode: (asker, deviceCode) =>
      ask(asker, async ({ library, server, client, auth, options }) => {
        const made = library.deviceCodeGrantRequest(server, client, auth, deviceCode, options)
        try {
          return tokensOf(asker, await library.processDeviceCodeResponse(server, client, await made))
        } catch (error) {
          if (!(error instanceof library.ResponseBodyError)) throw error
          if (error.error === 'authorization_pending') return null
          if (error.error === 'slow_down') return 'slower'
          throw error
        }
      }),
  }
}

/** A form, as JSON of its fields. */
const asJson = (form: string): string => JSON.stringify(Object.fromEntries(new URLSearchParams(form)))

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const accountSchema = z.string().min(1).max(200)

/** What a service said, in its own words. */
function saidBy(error: string, description: string | undefined): string {
  return [error, description]
    .filter((text) => text !== undefined && text !== '')
    .join(': ')
    .slice(0, 300)
}

function refusal(asker: Asker, error: { readonly error: string; readonly error_description?: string }): StepError {
  const says = saidBy(error.error, error.error_description)
  if (error.error !== 'invalid_grant') return noTokens(asker, says)
  const message = `The service has withdrawn the sign-in of the credential "${asker.name}" (${says}): connect it again under Credentials.`
  return new StepError({ code: 'reconnect', message, retryable: false, needsSignIn: asker.name })
}

function refusedByPerson(asker: Asker, error: string, description: string | undefined): StepError {
  const says = saidBy(error, description)
  const message = `The sign-in of the credential "${asker.name}" was refused (${says}).`
  return new StepError({ code: error === 'access_denied' ? 'access-denied' : 'sign-in', message, retryable: false })
}

function noTokens({ name, client }: Asker, says: string): StepError {
  const message = `${shownAddress(client.tokenUrl)} gave no token for the credential "${name}" (${says}): look at its client id, secret and token address.`
  return new StepError({ code: 'sign-in', message, retryable: false })
}
