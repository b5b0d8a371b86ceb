import { isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'

/** An answer of a token address as RFC 6749 has it. */
export type PlainAnswer = { readonly status: number; readonly body: JsonObject }

/** Characters of an answer that is read as a form; the longest tokens known have some 4,000. */
const LONGEST_FORM = 100_000

/**
 * Puts right what services do otherwise than RFC 6749: answers that are a form (GitHub, unless asked for JSON), errors inside a 200 (GitHub,
 * Slack), no type of token or one of their own (Slack), numbers as text (Facebook), the user's token one level down (Slack),
 * `verification_url` (Google, RFC 8628 has `verification_uri`). An ID token is not checked, as nothing is decided by it: it came from the
 * token address itself, and only tells whose the sign-in is, as `account`. Undefined for an answer that should hold a token and is something else.
 */
export function plainAnswer(text: string, status: number): PlainAnswer | undefined {
  const told = read(text)
  if (told === undefined) return status < 400 ? undefined : { status, body: { error: `http-${status}` } }
  const { id_token: idToken, error, ...rest } = told
  if (typeof error === 'string' && error !== '') {
    const description = told.error_description
    return {
      status: Math.max(status, 400),
      body: { error, ...(typeof description === 'string' && { error_description: description }) },
    }
  }
  // Some answer with an object or a number in place of a word.
  if (status >= 400) return { status, body: { error: `http-${status}` } }
  const user = isJsonObject(told.authed_user) ? told.authed_user : {}
  const body: Record<string, Json> = { ...user, ...rest, token_type: 'bearer' }
  if (body.verification_url !== undefined) body.verification_uri ??= body.verification_url
  for (const name of ['expires_in', 'interval']) {
    const seconds = Number(body[name] ?? Number.NaN)
    if (Number.isFinite(seconds) && seconds > 0 && seconds < 1e9) body[name] = seconds
    else delete body[name]
  }
  if (Array.isArray(body.scope)) body.scope = body.scope.join(' ')
  for (const name of ['refresh_token', 'scope']) {
    const value = body[name]
    if (typeof value !== 'string' || value === '') delete body[name]
  }
  const account = typeof idToken === 'string' ? accountOf(idToken) : undefined
  if (account !== undefined) body.account = account
  else delete body.account
  return { status, body }
}

/** JSON, or a form, as some services answer however they are asked; undefined for neither. */
function read(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // What JSON.parse makes of a text is JSON.
    return isJsonObject(value as Json) ? (value as JsonObject) : undefined
  } catch {
    if (text.length > LONGEST_FORM || !/^[\w.~%+-]+=/.test(text)) return undefined
    return Object.fromEntries(new URLSearchParams(text))
  }
}

/** Whose an ID token is (OpenID Connect Core, section 5.1). */
function accountOf(idToken: string): string | undefined {
  const payload = idToken.split('.')[1]
  if (payload === undefined) return undefined
  const claims = read(Buffer.from(payload, 'base64url').toString('utf8')) ?? {}
  return [claims.email, claims.preferred_username, claims.name].find(
    (value): value is string => typeof value === 'string' && value !== '',
  )
}
