import { createHash } from 'node:crypto'
import { StepError } from '../../domain/runs/step-error.ts'
import { canonical, isJsonObject, type Json, textOf } from '../../domain/values/json.ts'
import type { AppClient, AppRequest } from '../app-request.ts'
import { appEndpoint, appHook } from '../app-triggers.ts'
import type { CredentialFields } from '../credential.ts'
import { readPath, valueAt } from '../kit/path.ts'
import type { Hook, HookCall } from '../trigger-sources.ts'
import { text } from './fields.ts'
import { enteredOf, formOf, type NewItems, outputSchema, pollNewItems, type Shown, summaryOf } from './operation.ts'
import { type Pages, readPages } from './pages.ts'
import { textAt } from './parts.ts'
import { bracketed, type Entered, type RequestLine, requestOf, type ServiceFields } from './request.ts'

/** What a service is told: where it is to call, and the secret by which its calls prove themselves. */
type Told = { readonly url: string; readonly secret: string }

/** A trigger of a service that calls, said as the requests by which it is told so. */
export type HookDeclaration = Shown & {
  readonly fields?: ServiceFields
  readonly verify: Hook<Entered>['verify']
  /** Asks the service whether a call is its own: see {@link Hook.proves}. */
  readonly proves?: (context: {
    readonly http: AppClient
    readonly subscription: Json
    readonly call: Omit<HookCall<unknown>, 'input'>
  }) => Promise<boolean>
  /** The request that subscribes, without what the fields say of themselves; `{id}` in its path is the end of our address. */
  readonly subscribe: RequestLine
  readonly body: (told: Told, entered: Entered, before: Json) => Json
  /** A request whose answer the body needs, such as one for whose account it is. */
  readonly before?: RequestLine
  readonly bodyType?: 'form' | 'brackets'
  readonly headers?: Readonly<Record<string, string>>
  /** What of the answer the subscription is known by: a path, or what is made of it. */
  readonly id: string | ((answer: Json) => Json)
  /** Where the secret comes from when it is not ours as it is. */
  readonly secret?:
    | { readonly in: 'answer'; readonly at: string }
    | { readonly in: 'account'; readonly fields: readonly string[]; readonly title: string }
    | { readonly in: 'ours'; readonly as: (secret: string) => string }
    /** The answer to a request of its own, with `{id}` in its path. */
    | { readonly in: 'request'; readonly request: RequestLine; readonly body?: Json; readonly at: string }
    /** The service says it while it looks whether the address is there: see `handshake`. */
    | { readonly in: 'handshake' }
  /** Where in the answer the time stands at which it ends, and the request that goes on with it. */
  readonly ends?: { readonly at: string; readonly renew: RequestLine }
  /** The request that ends it, with `{id}` in its path. */
  readonly unsubscribe: RequestLine
  /** The body of that request, where it says what is ended. */
  readonly endsWith?: (id: string) => Json
  /** The list of all of them, in which one that was made before a crash is found by its address. */
  readonly all?: { readonly request: RequestLine; readonly pages: Pages; readonly url: string; readonly id: string }
  readonly handshake?: NonNullable<Hook<Entered>['handshake']>
  /** What a call says; none for one that is no event, such as a ping. */
  readonly events: Hook<Entered>['events']
  /** How what is new is found while the service cannot call. */
  readonly poll?: NewItems
}

/** A trigger of a service that calls an address which a person enters there. */
type HandDeclaration = Shown & {
  readonly fields?: ServiceFields
  /** Where at the service the address is entered. */
  readonly where: string
  readonly verify: Hook<Entered>['verify']
  /** Where its secret is seen, or how one is made up. */
  readonly secret?: string
  /** The service takes a secret only where a person enters one. */
  readonly isProofOptional?: boolean
  readonly handshake?: NonNullable<Hook<Entered>['handshake']>
  readonly events: Hook<Entered>['events']
}

/** How a service that signs nothing proves itself: by a header with a text of the person's own, where it can send one. */
export const OWN_HEADER = {
  verify: { scheme: 'header', header: 'X-Hookline-Secret' },
  secret: 'Text that you also enter there, as a header X-Hookline-Secret.',
  isProofOptional: true,
} as const

/**
 * What tells an event of a service that signs the body alone: the body. The id of its delivery stands in a header that is not signed, so that a
 * call which was listened in on could be sent again under another one, and would start a second run. It has to say when it happened, so that no
 * two events are alike. `changing` are fields that are others at each attempt to deliver the same.
 */
export function keyOfSigned(body: Json, { changing = [] }: { readonly changing?: readonly string[] } = {}): string {
  const kept = isJsonObject(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !changing.includes(name)))
    : body
  return `signed:${createHash('sha256').update(canonical(kept)).digest('base64url')}`
}

const CHECKED_AT_ONCE = ' Publish the zap before that: the address is checked when it is entered.'

/** Declares a trigger of a service that has no way to be told where to call. */
export function handTrigger(declared: HandDeclaration): ReturnType<typeof appEndpoint> {
  const { name, title, description, keywords, sample, fields = {}, where, verify, secret = '', handshake } = declared
  return appEndpoint({
    name,
    title,
    description: `${description} You enter this trigger’s address ${where}.${handshake ? CHECKED_AT_ONCE : ''}`,
    ...(keywords && { keywords }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    proof: verify === null ? null : { verify, secret },
    ...(declared.isProofOptional === true && { isProofOptional: true }),
    ...(handshake && { handshake: (call) => handshake({ ...call, input: enteredOf(call.input) }) }),
    events: (call) => declared.events({ ...call, input: enteredOf(call.input) }),
  })
}

type HookCaller = {
  readonly http: AppClient
  readonly input: unknown
  readonly url: string
  readonly secret: string
  account(): Promise<CredentialFields>
}

/** Declares a trigger of a service that calls, once it was told where. */
export function hookTrigger(declared: HookDeclaration): ReturnType<typeof appHook> {
  const {
    name,
    title,
    description,
    keywords,
    sample,
    scopes,
    fields = {},
    verify,
    handshake,
    all,
    poll,
    secret,
    ends,
  } = declared
  const line = (request: RequestLine, context: { readonly input: unknown }, id = ''): AppRequest => {
    const inPath = Object.entries({ ...fields, id: text('Id') }).filter(
      ([name]) => request.includes(`{${name}}`) || request.includes(`{+${name}}`),
    )
    const rule = { request, fields: Object.fromEntries(inPath), ...(declared.headers && { headers: declared.headers }) }
    return requestOf(rule, { ...enteredOf(context.input), id })
  }
  const secretOf = async (context: HookCaller, id: Json, answer: Json): Promise<Json | undefined> => {
    const { account, secret: ours, http } = context
    if (secret?.in === 'answer') return valueAt(answer, readPath(secret.at))
    if (secret?.in === 'ours') return secret.as(ours)
    if (secret?.in === 'request') {
      const asked = line(secret.request, context, textOf(id))
      const { body } = await http({ ...asked, ...(secret.body !== undefined && { body: secret.body }) })
      return valueAt(body, readPath(secret.at))
    }
    if (secret === undefined || secret.in === 'handshake') return undefined
    const entered = await account()
    const own = secret.fields.map((field) => entered[field]).find((value) => value !== undefined && value !== '')
    if (own !== undefined) return own
    const message = `The account has no ${secret.title}, by which calls of the service prove themselves: enter it under Credentials.`
    throw new StepError({ code: 'bad-credential', message, retryable: false })
  }
  const endIn = (answer: Json): { readonly expiresAt?: number } => {
    const at = Date.parse(ends === undefined ? '' : textAt(answer, ends.at))
    return Number.isNaN(at) ? {} : { expiresAt: at }
  }
  const subscribed = async (context: HookCaller, id: Json, answer: Json) => {
    const own = (await secretOf(context, id, answer)) ?? null
    return { subscription: { id }, ...(own !== null && { secret: textOf(own) }), ...endIn(answer) }
  }
  return appHook({
    name,
    title,
    description,
    ...(keywords && { keywords }),
    ...(scopes && { scopes }),
    summary: declared.summary ?? summaryOf(fields),
    input: formOf(fields),
    output: outputSchema,
    sample,
    verify,
    ...(declared.proves && { proves: declared.proves }),
    ...(handshake && { handshake: (call) => handshake({ ...call, input: enteredOf(call.input) }) }),
    events: (call) => declared.events({ ...call, input: enteredOf(call.input) }),
    async subscribe(context) {
      const { url, secret: ours, input } = context
      // Without what proves calls nothing is told.
      if (secret?.in === 'account') await secretOf(context, null, null)
      const before = declared.before === undefined ? null : (await context.http(line(declared.before, context))).body
      const told = declared.body({ url, secret: ours }, enteredOf(input), before)
      const { bodyType } = declared
      const { body } = await context.http({
        ...line(declared.subscribe, context, url.slice(url.lastIndexOf('/') + 1)),
        body: bodyType === 'brackets' ? bracketed(told) : told,
        bodyType: bodyType === undefined ? 'json' : 'form',
      })
      const id = typeof declared.id === 'string' ? valueAt(body, readPath(declared.id)) : declared.id(body)
      return subscribed(context, id ?? null, body)
    },
    ...(all && {
      async find(context: HookCaller) {
        const { items } = await readPages(context.http, line(all.request, context), all.pages, 1_000)
        const found = items.find((item) => valueAt(item, readPath(all.url)) === context.url)
        if (found === undefined) return null
        // A secret that is only in the answer to the subscription is lost with it.
        if (secret?.in === 'answer' && valueAt(found, readPath(secret.at)) === undefined) return null
        if (secret?.in === 'handshake') return null
        return subscribed(context, valueAt(found, readPath(all.id)) ?? null, found)
      },
    }),
    ...(ends && {
      async renew(context: HookCaller & { readonly subscription: Json }) {
        const { subscription } = context
        const { body } = await context.http(line(ends.renew, context, textAt(subscription, 'id')))
        return { subscription, ...endIn(body) }
      },
    }),
    async unsubscribe(context) {
      const { subscription } = context
      const id = textAt(subscription, 'id')
      const { endsWith } = declared
      await context.http({ ...line(declared.unsubscribe, context, id), ...(endsWith && { body: endsWith(id) }) })
    },
    ...(poll && { poll: (context) => pollNewItems({ ...poll, fields }, context) }),
  })
}
