import { randomBytes } from 'node:crypto'
import type { Catalogue } from '../../connectors/catalogue.ts'
import { type CredentialType, enteredFields, RETURN_PATH, toldFields } from '../../connectors/credential.ts'
import type { SignInFacts } from '../../db/credentials.ts'
import type { Log } from '../../domain/host/log.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { OpenCredential } from '../open-credential.ts'
import { openLoopback } from './loopback.ts'
import { type ReturnedPage, returnedPage } from './returned-page.ts'
import type { Asker, DeviceCode, TokenRequests, Tokens } from './token-requests.ts'
import { withTokens } from './tokens.ts'

/** How far a sign-in is. Times are milliseconds since 1970 UTC. */
export type SignIn = {
  readonly id: string
  /** The credential that it is for. */
  readonly name: string
  /** The address that a person opens. */
  readonly url: string
  /** What is typed there, where another device signs in. */
  readonly userCode: string | null
  /** Where the browser comes back to; null where another device signs in. */
  readonly redirectUri: string | null
  /** When it is given up. */
  readonly until: number
  readonly end: SignInEnd | null
}

export type SignInEnd =
  | {
      readonly ok: true
      readonly account: string | null
      /** Scopes that were asked for and not granted; empty too where the service does not say. */
      readonly missing: readonly string[]
    }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Lets a person sign in at services, for credentials of OAuth that have a client id. */
export type SignIns = {
  /**
   * Begins one, in place of one for the same credential. `origin` is where the screens are, if a browser may come back there; else a
   * listener on this computer waits for it. Throws a {@link StepError} that says why it cannot.
   */
  begin(asked: {
    readonly name: string
    readonly by: 'browser' | 'device'
    readonly origin: string | null
    /** What the zaps need, beside what the credential itself says. */
    readonly scopes: readonly string[]
  }): Promise<SignIn>
  /** Undefined for one that is not known (any more). */
  find(id: string): SignIn | undefined
  /** As it is when it ends, or when so many milliseconds have passed. */
  wait(id: string, ms: number): Promise<SignIn | undefined>
  cancel(id: string): void
  /** A browser came back: what it is shown. */
  returned(query: URLSearchParams): Promise<ReturnedPage>
  close(): void
}

/** How long a person may take. */
const PATIENCE_MS = 300_000
/** How long the end of a sign-in can be asked for. */
const REMEMBERED_MS = 600_000

type Pending = {
  signIn: SignIn
  readonly state: string
  /** Takes the code that comes back, once; null where it was taken, or another device signs in. */
  take: ((returned: URLSearchParams) => Promise<void>) | null
  close(): void
  readonly ended: PromiseWithResolvers<void>
}

export function createSignIns(config: {
  readonly catalogue: Pick<Catalogue, 'credentialType'>
  readonly clock: Clock
  readonly log: Log
  readonly requests: TokenRequests
  open(name: string): Promise<OpenCredential>
  /** Stores the tokens and what is known of them. False when a person has changed the credential meanwhile. */
  store(name: string, before: string, after: string, facts: SignInFacts): Promise<boolean>
  /** The credential is signed in, and stored. */
  signedIn(name: string): void
}): SignIns {
  const { catalogue, clock, requests } = config
  const pending = new Map<string, Pending>()

  async function askerOf(
    name: string,
    scopes: readonly string[],
  ): Promise<{ asker: Asker; opened: OpenCredential; type: CredentialType }> {
    const opened = await config.open(name)
    const type = await catalogue.credentialType(opened.type)
    const fields = enteredFields(opened.secret)
    if (type?.oauth === undefined || fields === undefined) {
      throw refusal(`The credential "${name}" is not one that a person signs in with.`)
    }
    const client = type.oauth(fields)
    const all = [...new Set([...client.scopes, ...scopes])]
    return { opened, type, asker: { name, fields, client: { ...client, scopes: all } } }
  }

  function end(entry: Pending, result: SignInEnd): void {
    if (entry.signIn.end !== null) return
    entry.signIn = { ...entry.signIn, end: result }
    entry.close()
    entry.ended.resolve()
    clock.after(REMEMBERED_MS, () => pending.delete(entry.signIn.id))
  }

  async function keep(entry: Pending, { asker, opened }: Awaited<ReturnType<typeof askerOf>>, tokens: Tokens) {
    const { name } = asker
    const { scopes, account } = tokens
    const facts = { account, granted: scopes ?? asker.client.scopes, withdrawnAt: null }
    let before = opened
    while (!(await config.store(name, before.secret, withTokens(before.secret, tokens), facts))) {
      const now = await config.open(name)
      // Zaps go on meanwhile, and renew the tokens of the sign-in before this one.
      const isRenewed = now.secret !== before.secret && textOfAsker(now, asker) === textOfAsker(opened, asker)
      if (!isRenewed) throw refusal(`The credential "${name}" was changed meanwhile: sign in again.`)
      before = now
    }
    config.signedIn(name)
    const missing = scopes === null ? [] : asker.client.scopes.filter((scope) => !scopes.includes(scope))
    end(entry, { ok: true, account, missing })
  }

  function fail(entry: Pending, thrown: unknown): void {
    const { code, message } = StepError.from(thrown)
    if (!(thrown instanceof StepError)) config.log.error('A sign-in failed.', { error: String(thrown) })
    end(entry, { ok: false, code, message })
  }

  function add(signIn: SignIn, rest: Omit<Pending, 'signIn' | 'ended'>): Pending {
    // One at a time: the page of an older one would overwrite what the newer one gets.
    for (const other of pending.values()) {
      if (other.signIn.name === signIn.name) fail(other, refusal('Another sign-in of this credential took its place.'))
    }
    const entry: Pending = { ...rest, signIn, ended: Promise.withResolvers() }
    pending.set(signIn.id, entry)
    return entry
  }

  async function beginInBrowser(name: string, origin: string | null, scopes: readonly string[]): Promise<SignIn> {
    const whole = await askerOf(name, scopes)
    const { client } = whole.asker
    const isOnlyPort = whole.type.returnsTo === 'one-address'
    const address = URL.parse(client.authorizeUrl ?? '')
    if (address === null || !/^https?:$/.test(address.protocol)) {
      throw refusal(`The credential "${name}" has no address at which a person signs in: enter it.`)
    }
    const state = randomBytes(24).toString('base64url')
    const id = randomBytes(12).toString('base64url')
    // A port that the service knows is not that of the screens.
    const isOwnPage = origin !== null && !isOnlyPort
    const loopback = isOwnPage ? null : await openLoopback(isOnlyPort, returned)
    const redirectUri = loopback?.redirectUri ?? `${origin}${RETURN_PATH}`
    const { calculatePKCECodeChallenge, generateRandomCodeVerifier } = await import('oauth4webapi')
    const verifier = client.pkce === false ? null : generateRandomCodeVerifier()
    const separator = client.scopeSeparator ?? ' '
    const parameters: Record<string, string> = {
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: redirectUri,
      state,
      ...(client.scopes.length === 0 ? {} : { [client.scopeParam ?? 'scope']: client.scopes.join(separator) }),
      ...(verifier === null
        ? {}
        : { code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
      ...client.authorizeParams,
    }
    for (const [key, value] of Object.entries(parameters)) address.searchParams.set(key, value)
    const until = clock.now() + PATIENCE_MS
    const stopWaiting = clock.after(PATIENCE_MS, () =>
      fail(entry, refusal('The browser never came back. Sign in again, and agree in the page that opens.')),
    )
    const entry = add(
      { id, name, url: address.href, userCode: null, redirectUri, until, end: null },
      {
        state,
        take: async (query) => {
          const code = { returned: query, state, redirectUri, verifier }
          await keep(entry, whole, await requests.byCode(whole.asker, code))
        },
        close() {
          stopWaiting()
          loopback?.close()
        },
      },
    )
    return entry.signIn
  }

  async function beginOnDevice(name: string, scopes: readonly string[]): Promise<SignIn> {
    const whole = await askerOf(name, scopes)
    if (!whole.asker.client.deviceUrl) {
      throw refusal(`The service of the credential "${name}" has no sign-in by a code: sign in with a browser.`)
    }
    const code = await requests.deviceCode(whole.asker)
    let cancel = (): void => undefined
    const entry = add(
      {
        id: randomBytes(12).toString('base64url'),
        name,
        url: code.urlWithCode ?? code.url,
        userCode: code.userCode,
        redirectUri: null,
        until: code.until,
        end: null,
      },
      { state: '', take: null, close: () => cancel() },
    )
    function askIn(ms: number): void {
      cancel = clock.after(ms, () => {
        ask(ms).catch((error: unknown) => fail(entry, error))
      })
    }
    async function ask(ms: number): Promise<void> {
      if (entry.signIn.end !== null) return
      if (clock.now() >= code.until) throw refusal('The code was not typed in time. Sign in again.')
      const tokens = await askedOnDevice(whole.asker, code)
      // RFC 8628, section 3.5.
      if (tokens === 'slower') return askIn(ms + 5_000)
      if (tokens === null) return askIn(ms)
      await keep(entry, whole, tokens)
    }
    askIn(code.intervalMs)
    return entry.signIn
  }

  /** A service that is down for a moment is asked again. */
  async function askedOnDevice(asker: Asker, { deviceCode }: DeviceCode): Promise<Tokens | null | 'slower'> {
    try {
      return await requests.byDeviceCode(asker, deviceCode)
    } catch (error) {
      if (error instanceof StepError && error.details.retryable) return null
      throw error
    }
  }

  async function returned(query: URLSearchParams): Promise<ReturnedPage> {
    const state = query.get('state') ?? ''
    const entry = [...pending.values()].find((one) => one.take !== null && one.state === state)
    const take = entry?.take
    if (entry === undefined || take == null) {
      return returnedPage(404, 'This sign-in is over', 'Go back to Hookline, and sign in again if you need to.')
    }
    entry.take = null
    await take(query).catch((error: unknown) => fail(entry, error))
    const { end: result } = entry.signIn
    if (result?.ok === true) {
      const as = result.account === null ? '' : ` as ${result.account}`
      return returnedPage(200, `Signed in${as}`, 'Hookline has it. You can close this page.')
    }
    return returnedPage(400, 'Not signed in', `${result?.message ?? ''} Go back to Hookline and try again.`.trim())
  }

  return {
    begin: ({ name, by, origin, scopes }) =>
      by === 'device' ? beginOnDevice(name, scopes) : beginInBrowser(name, origin, scopes),
    find: (id) => pending.get(id)?.signIn,
    async wait(id, ms) {
      const entry = pending.get(id)
      if (entry === undefined) return undefined
      const late = Promise.withResolvers<void>()
      const cancel = clock.after(ms, late.resolve)
      await Promise.race([entry.ended.promise, late.promise])
      cancel()
      return entry.signIn
    },
    cancel(id) {
      const entry = pending.get(id)
      if (entry !== undefined)
        fail(entry, new StepError({ code: 'cancelled', message: 'Cancelled.', retryable: false }))
    },
    returned,
    close() {
      for (const entry of pending.values()) fail(entry, refusal('Hookline was stopped.'))
    },
  }
}

/** What a person entered of a credential, without what its service told. */
function textOfAsker({ type, secret }: OpenCredential, { client }: Asker): string {
  const told = toldFields(client)
  const entered = Object.entries(enteredFields(secret) ?? {}).filter(([field]) => !told.has(field))
  return JSON.stringify([type, ...entered.sort()])
}

function refusal(message: string): StepError {
  return new StepError({ code: 'sign-in', message, retryable: false })
}
