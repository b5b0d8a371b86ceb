import { encodedPart } from '../../domain/values/address-text.ts'
import type { ActionContext, FetchRequest, GuardedFetch } from '../action-context.ts'
import type { CredentialRef, SignIn } from '../credential.ts'
import { checkedHeader } from './request-headers.ts'

/** Milliseconds in which the other side can be told that a step is over. */
export const GOODBYE_MS = 5_000

/**
 * Makes `ctx.http` of what a step is given. `signIn` opens a credential; `again` renews one that the service refused, and then the request is
 * sent once more, as a service that refuses has done nothing.
 */
export function httpOver(given: {
  readonly fetch: GuardedFetch
  readonly signal: AbortSignal
  signIn(ref: CredentialRef): Promise<SignIn>
  again?(ref: CredentialRef): Promise<SignIn | null>
}): ActionContext<unknown>['http'] {
  return async ({ credential, use, ...request }) => {
    const whole = { ...request, signal: use === 'goodbye' ? AbortSignal.timeout(GOODBYE_MS) : given.signal }
    if (credential === undefined) return given.fetch(whole)
    const response = await given.fetch(signedIn(whole, await given.signIn(credential)))
    if (response.status !== 401 || response.isWithoutSecrets || given.again === undefined) return response
    const renewed = await given.again(credential)
    return renewed === null ? response : given.fetch(signedIn(whole, renewed))
  }
}

/**
 * A request that carries a credential. Its header takes the place of one of the same name, as it is there to be used; what it adds is named
 * as secret, so that it stays behind when a redirect leads to another origin. Throws a {@link StepError} `bad-input` for what is no header.
 */
function signedIn(request: FetchRequest, { headers = {}, query = {}, path = {}, body = {} }: SignIn): FetchRequest {
  const added = Object.entries(headers).map(([name, value]) => checkedHeader(name, value))
  const names = new Set(added.map(([name]) => name))
  const kept = Object.entries(request.headers).filter(([name]) => !names.has(name.toLowerCase()))
  return {
    ...request,
    url: withQuery(withPath(request.url, path), query),
    body: withFields(request.body, body),
    headers: Object.fromEntries([...kept, ...added]),
    secretHeaders: [...(request.secretHeaders ?? []), ...names],
    secretQuery: [...(request.secretQuery ?? []), ...Object.keys(query)],
  }
}

/** Braces are written as `%7B` and `%7D` in an address. */
function withPath(address: string, path: NonNullable<SignIn['path']>): string {
  let signed = address
  for (const [name, secret] of Object.entries(path)) {
    signed = signed.replaceAll(`%7B${name}%7D`, encodedPart(secret).replaceAll('%3A', ':'))
  }
  return signed
}

function withFields(body: FetchRequest['body'], fields: NonNullable<SignIn['body']>): FetchRequest['body'] {
  if (Object.keys(fields).length === 0 || typeof body !== 'string') return body
  if (!body.startsWith('{'))
    return [body, new URLSearchParams(fields).toString()].filter((part) => part !== '').join('&')
  // What was written as JSON a moment ago is JSON.
  return JSON.stringify({ ...(JSON.parse(body) as object), ...fields })
}

/** An address with parameters. What stands in its query already stays as it is written, but for parameters of the same name. */
export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(query)
  if (added.size === 0) return address
  const url = new URL(address)
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !added.has(new URLSearchParams(part).keys().next().value ?? ''))
  url.search = [...kept, added.toString()].join('&')
  return url.href
}
