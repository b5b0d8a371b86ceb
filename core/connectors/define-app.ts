import { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import { hostTouches } from '../domain/trust/touches.ts'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { ActionContext } from './action-context.ts'
import type { AppClient, AppRequest } from './app-request.ts'
import {
  type CredentialFields,
  type CredentialRef,
  type CredentialType,
  credentialRefSchema,
  enteredFields,
} from './credential.ts'
import { type Action, type Connector, defineAction, defineTrigger, type Effect, type Trigger } from './define.ts'
import { checkedFamily, type Family } from './family-list.ts'
import type { OptionsPage, OptionsRequest, OptionsSource } from './field-options.ts'
import { appClient } from './kit/app-client.ts'
import { type FileValue, filesTouched, keepFile, openSource, withSource } from './kit/file-value.ts'
import { everyField, firstField, POLL_TIMES } from './kit/poll-fields.ts'
import type { SenderProof } from './kit/verify-options.ts'
import { openJsonSocket } from './kit/web-socket.ts'
import type { AnswerRule } from './service/answers.ts'
import type { ServiceContext } from './service-context.ts'
import {
  HOOK_METHODS,
  type Hook,
  type HookCall,
  type HookContext,
  type PollContext,
  type Polled,
  type Subscribed,
} from './trigger-sources.ts'

/** A service that zaps use, with all that is its own. Its module is loaded when a zap uses it. */
export type App = Family & {
  readonly title: string
  /** A whole `<svg>`, drawn with `currentColor` where it takes the app's hue. */
  readonly icon: string
  /** Of its colour, in degrees of the OKLCH circle; null for a brand without one. */
  readonly hue: number | null
}

/** An app, as the list of all of them names it: its module is not loaded by that. */
export type AppEntry = { readonly id: string; load(): Promise<App> }

/** What an action of an app is given. What needs more than this is no app's, but a step of Hookline itself. */
export type AppContext<Input> = {
  /** Parsed, with templates rendered. */
  readonly input: Input
  /** Calls the service, signed in with the step's account. */
  readonly http: AppClient
  /** The same on every attempt of this step of this run. */
  readonly idempotencyKey: string
  readonly store: ActionContext<Input>['store']
  /** Files that are sent and kept. */
  readonly files: ServiceFiles
  readonly clock: ActionContext<Input>['clock']
  /** Aborts on timeout, cancel and shutdown. {@link http} listens to it by itself. */
  readonly signal: AbortSignal
  /** The fields of the step's account, such as the server that it is at. */
  account(): Promise<CredentialFields>
}

/** How an action of an app reads and keeps files. */
export type ServiceFiles = {
  /** A file value of an earlier step, or the file at a path, as a field was given it. `field` names that in errors. */
  read(given: Json, field: string): Promise<{ filename: string; contentType: string; content: Uint8Array }>
  keep(filename: string, content: Uint8Array, contentType?: string): Promise<FileValue>
}

type AppAction<Input extends z.ZodObject, Output extends z.ZodType> = {
  /** What its id ends with: `publish` for `ntfy.publish`. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly keywords?: readonly string[]
  readonly summary: string
  readonly effect: Effect
  readonly input: Input
  readonly output: Output
  readonly sample: Json
  readonly timeoutMs?: number
  /** What its account must be granted. */
  readonly scopes?: readonly string[]
  /** The fields of it that may hold files. */
  readonly takesFiles?: readonly string[]
  run(ctx: AppContext<z.output<Input>>): Promise<z.output<Output>>
}

/** A trigger of an app that asks its service now and then what is new. */
type AppPoll<Input extends z.ZodObject, Output extends z.ZodType> = Pick<
  AppAction<Input, Output>,
  'name' | 'title' | 'description' | 'keywords' | 'summary' | 'input' | 'output' | 'sample' | 'scopes'
> & {
  /** How often it asks when the step says nothing; `5m` when absent. */
  readonly every?: string
  /** As `Poll.poll`, with a client of the service. */
  poll(
    context: Pick<PollContext<z.output<Input>>, 'input' | 'cursor' | 'clock' | 'signal'> & { readonly http: AppClient },
  ): Promise<Polled>
}

/** A trigger of an app whose service calls, once it was told where. See {@link Hook}; every function has a client of the service. */
type AppHook<Input extends z.ZodObject, Output extends z.ZodType> = Pick<
  AppAction<Input, Output>,
  'name' | 'title' | 'description' | 'keywords' | 'summary' | 'input' | 'output' | 'sample' | 'scopes'
> &
  Pick<Hook<z.output<Input>>, 'verify' | 'handshake' | 'events'> & {
    subscribe(context: AppHookContext<Input>): Promise<Subscribed>
    find?(context: AppHookContext<Input>): Promise<Subscribed | null>
    renew?(context: AppHookContext<Input> & { readonly subscription: Json }): Promise<Subscribed>
    isThere?(context: AppHookContext<Input> & { readonly subscription: Json }): Promise<boolean>
    unsubscribe(context: AppHookContext<Input> & { readonly subscription: Json }): Promise<void>
    proves?(
      context: AppHookContext<Input> & { readonly subscription: Json; readonly call: Omit<HookCall<unknown>, 'input'> },
    ): Promise<boolean>
    /** How to ask while the service cannot call; the form then asks how often, too. */
    poll?: AppPoll<Input, Output>['poll']
  }

/** A trigger of an app at whose service a person enters the address of this computer, as it has no way to be told. */
type AppEndpoint<Input extends z.ZodObject, Output extends z.ZodType> = Pick<
  AppAction<Input, Output>,
  'name' | 'title' | 'description' | 'keywords' | 'summary' | 'input' | 'output' | 'sample'
> &
  Pick<Hook<z.output<Input>>, 'handshake' | 'events'> & {
    /** How the service proves itself by a secret that the form asks for, with words on where that is; null where the unguessable address has to do. */
    readonly proof: { readonly verify: Omit<SenderProof, 'secrets'>; readonly secret: string } | null
    /** Whether the proof may be left out: the service takes a secret only if a person enters one. */
    readonly isProofOptional?: boolean
  }

/** A trigger of an app whose service tells by a connection that is kept, so that no address of this computer is needed. */
type AppStream<Input extends z.ZodObject, Output extends z.ZodType> = Pick<
  AppAction<Input, Output>,
  'name' | 'title' | 'description' | 'keywords' | 'summary' | 'input' | 'output' | 'sample' | 'scopes'
> & {
  /** Where is connected to, with what headers: asked before each connection. */
  open(context: {
    readonly input: z.output<Input>
    readonly http: AppClient
    account(): Promise<CredentialFields>
  }): Promise<{ readonly url: string; readonly headers?: Readonly<Record<string, string>> }>
  /** What a message says: what is sent back first, whether the service is ready by that, events, and what tells it that these are stored. Throws a StepError for a refusal. */
  read(
    message: Json,
    context: { readonly input: z.output<Input>; readonly account: CredentialFields },
  ): {
    readonly sends?: Json
    readonly isReady?: boolean
    readonly events?: readonly { readonly key: string; readonly data: Json }[]
    readonly confirms?: Json
  } | null
  /** Whether a service is ready from when it is connected to; else {@link read} says when. */
  readonly isReadyAtOnce?: boolean
}

type AppHookContext<Input extends z.ZodObject> = Pick<
  HookContext<z.output<Input>>,
  'input' | 'url' | 'secret' | 'clock' | 'signal'
> & {
  readonly http: AppClient
  /** The fields of the trigger's account, such as the secret with which its service signs all calls. */
  account(): Promise<CredentialFields>
}

/** A list of the service, for a field to choose from: as an {@link OptionsSource}, with a client of the service. */
type AppList = (request: OptionsRequest & { readonly http: AppClient }) => Promise<OptionsPage>

/** What of its app a connector has to know. */
type Owner = Omit<AppDeclaration, 'actions' | 'triggers'>

/** An action or trigger before its app is known to it. */
type Unbound<Kind extends Connector> = (app: Owner) => Kind

/** An address that stands in an account: that of a server of one's own, or of the part of a service where the account lives. */
export type AccountAddress = {
  /** Throws a StepError for fields that name none. */
  ofAccount(fields: CredentialFields): string
  /** Addresses that it may be, with `*` for a part of one. Where the account has the whole address in a field, it may go there anyway. */
  readonly known?: readonly string[]
}

type AppDeclaration = Omit<App, 'connectors' | 'credentials'> & {
  /** Where its service is, or how a step's input, as it is written, or its account says so. Absent where it has none and only computes. */
  readonly address?: string | ((input: Step['input']) => string) | AccountAddress
  readonly credentials?: readonly CredentialType[]
  /** Whether a step needs an account, which the form then asks for; `none` when absent. */
  readonly account?: 'none' | 'optional' | 'needed'
  /** Types of credential of Hookline itself that its accounts may have too, such as `basic`. */
  readonly alsoTakes?: readonly string[]
  /** How its service says no, as far as that is not by its status. */
  readonly answers?: AnswerRule
  /** Other addresses of the same service, to which its account may go as well; with `*` for a part of them, only what goes {@link AppRequest.withoutAccount}. */
  readonly alsoAt?: readonly string[]
  /** Whether its service knows the `Idempotency-Key` header, or at least takes no harm of it; true when absent. */
  readonly takesKey?: boolean
  /** What fields of its actions and triggers may hold, by the names that their `ui.options.from` says. */
  readonly lists?: Readonly<Record<string, AppList>>
  readonly actions: readonly Unbound<Action>[]
  readonly triggers?: readonly Unbound<Trigger>[]
}

/** Declares an app. Throws an `Error` when something of it has an id of another app. */
export function defineApp(app: AppDeclaration): App {
  const { id, title, icon, hue, credentials = [], actions, triggers = [] } = app
  const connectors = [...triggers, ...actions].map((unbound) => unbound(app))
  return checkedFamily({ id, title, icon, hue, credentials, connectors })
}

/** Declares an action of an app. `Input` and `Output` come from the two schemas. */
export function appAction<Input extends z.ZodObject, Output extends z.ZodType>(
  action: AppAction<Input, Output>,
): Unbound<Action> {
  return (app) => {
    const { name, run, input, takesFiles = [], ...rest } = action
    return defineAction({
      ...rest,
      ...partOf(app, name),
      actsByFetch: true,
      ...(takesFiles.length > 0 && { takesLarge: true }),
      touches: (given) => [
        ...touchesOf(app, given, action.effect === 'none' ? 'reads' : 'writes'),
        ...takesFiles.flatMap((field) => filesTouched(given[field])),
      ],
      input: withAccount(input, app),
      async run({ input: parsed, store, files, clock, signal, idempotencyKey, http, large, credential }) {
        const { account, own } = takeAccount(parsed)
        const client = clientOf(app, { http, large, clock, idempotencyKey, credential }, account, own)
        // What is left without the account is what the action's own schema made of it.
        const given = own as z.output<Input>
        const ownFiles = filesOf({ files, large })
        return {
          output: await run({
            input: given,
            http: client,
            idempotencyKey,
            store,
            files: ownFiles,
            clock,
            signal,
            account: () => fieldsOf(app, { credential }, account),
          }),
        }
      },
    })
  }
}

/** Declares a trigger of an app that asks its service now and then; the form asks how often, and what the first answer starts. */
export function appPoll<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: AppPoll<Input, Output>,
): Unbound<Trigger> {
  return (app) => {
    const { name, poll, input, every = '5m', ...rest } = trigger
    return defineTrigger({
      ...rest,
      ...partOf(app, name),
      touches: (given) => touchesOf(app, given, 'reads'),
      input: withAccount(input, app).extend({ every: everyField(every), first: firstField }),
      source: {
        from: 'poll',
        ...POLL_TIMES,
        async poll({ input: parsed, ...context }) {
          const { account, own } = takeAccount(parsed)
          const http = clientOf(app, context, account, own)
          const { cursor, clock, signal } = context
          return poll({ input: own as z.output<Input>, cursor, clock, signal, http }) // as above
        },
      },
    })
  }
}

/** Declares a trigger of an app whose service calls. */
export function appHook<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: AppHook<Input, Output>,
): Unbound<Trigger> {
  return (app) => {
    const {
      name,
      input,
      verify,
      handshake,
      events,
      subscribe,
      find,
      renew,
      isThere,
      unsubscribe,
      proves,
      poll,
      ...rest
    } = trigger
    // What is left without the account is what the trigger's own schema made of it.
    const ownOf = (parsed: Readonly<Record<string, unknown>>) => takeAccount(parsed).own as z.output<Input>
    function appContext<Context extends HookContext<Readonly<Record<string, unknown>>>>(context: Context) {
      const { account, own } = takeAccount(context.input)
      return {
        ...context,
        input: own as z.output<Input>, // as above
        http: clientOf(app, context, account, own),
        account: () => fieldsOf(app, context, account),
      }
    }
    const polled = poll && {
      poll: {
        ...POLL_TIMES,
        poll: ({ input: parsed, ...context }: PollContext<Readonly<Record<string, unknown>>>) => {
          const { account, own } = takeAccount(parsed)
          const http = clientOf(app, context, account, own)
          return poll({ ...context, input: own as z.output<Input>, http })
        },
      },
    }
    const whole = withAccount(input, app)
    return defineTrigger({
      ...rest,
      ...partOf(app, name),
      touches: (given) => touchesOf(app, given, 'writes'),
      input: poll === undefined ? whole : whole.extend({ every: everyField('5m'), first: firstField }),
      source: {
        from: 'hook',
        subject: POLL_TIMES.subject,
        verify,
        ...(handshake && { handshake: (call) => handshake({ ...call, input: ownOf(call.input) }) }),
        events: (call) => events({ ...call, input: ownOf(call.input) }),
        subscribe: (context) => subscribe(appContext(context)),
        ...(proves && { proves: (context) => proves(appContext(context)) }),
        ...(find && { find: (context) => find(appContext(context)) }),
        ...(renew && { renew: (context) => renew(appContext(context)) }),
        ...(isThere && { isThere: (context) => isThere(appContext(context)) }),
        unsubscribe: (context) => unsubscribe(appContext(context)),
        ...polled,
      },
    })
  }
}

/** Declares a trigger of an app whose service tells by a WebSocket. What came while there was no connection is not told later. */
export function appStream<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: AppStream<Input, Output>,
): Unbound<Trigger> {
  return (app) => {
    const { name, input, open, read, isReadyAtOnce = false, ...rest } = trigger
    return defineTrigger({
      ...rest,
      ...partOf(app, name),
      touches: (given) => touchesOf(app, given, 'reads'),
      input: withAccount(input, app),
      source: {
        from: 'connection',
        subject: (given) => jsonSchema.parse(JSON.parse(JSON.stringify(given))),
        words: () => `what ${app.title} tells`,
        async keep({ input: parsed, ...context }) {
          const { account, own } = takeAccount(parsed)
          const given = own as z.output<Input> // as above
          const fields = await fieldsOf(app, context, account)
          const http = clientOf(app, context, account, own)
          const { url, headers } = await open({ input: given, http, account: async () => fields })
          const socket = await openJsonSocket(url, context, headers)
          try {
            if (context.cursor === null) await context.take([], 1)
            if (isReadyAtOnce) await context.ready()
            for await (const message of socket.messages()) {
              const said = read(message, { input: given, account: fields })
              if (said === null) continue
              if (said.sends !== undefined) socket.send(said.sends)
              if (said.isReady === true) await context.ready()
              const { events = [] } = said
              if (events.length > 0) await context.take(events, 1)
              if (said.confirms !== undefined) socket.send(said.confirms)
            }
          } finally {
            socket.close()
          }
        },
      },
    })
  }
}

/** Declares a trigger of an app at whose service a person enters the address. */
export function appEndpoint<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: AppEndpoint<Input, Output>,
): Unbound<Trigger> {
  return (app) => {
    const { name, input, proof, isProofOptional = false, handshake, events, ...rest } = trigger
    const field = isProofOptional ? credentialRefSchema.optional() : credentialRefSchema
    const ui = { widget: 'credential', types: ['secret'] }
    const secret = proof === null ? {} : { secret: field.meta({ title: 'Secret', description: proof.secret, ui }) }
    // What is left without the secret is what the trigger's own schema made of it.
    const ownOf = ({ secret: _, ...own }: Readonly<Record<string, unknown>>) => own as z.output<Input>
    return defineTrigger({
      ...rest,
      ...partOf(app, name),
      input: z.strictObject({ ...secret, ...input.shape }),
      source: {
        from: 'webhook',
        endpoint: (given) => ({
          path: null,
          methods: HOOK_METHODS,
          verify:
            proof === null || given.secret === undefined
              ? null
              : { ...proof.verify, secrets: [credentialRefSchema.parse(given.secret)] },
          dedupeKey: null,
          response: null,
          holdMs: 0,
          allowFrom: [],
          rateLimit: null,
        }),
        reads: {
          ...(handshake && { handshake: (call) => handshake({ ...call, input: ownOf(call.input) }) }),
          events: (call) => events({ ...call, input: ownOf(call.input) }),
        },
      },
    })
  }
}

const partOf = (app: Owner, name: string) => ({
  id: `${app.id}.${name}`,
  icon: pictureOf(app),
  category: 'app' as const,
  app: app.title,
  options: Object.fromEntries(Object.entries(app.lists ?? {}).map(([list, read]) => [list, optionsOf(app, read)])),
})

function optionsOf(app: Owner, read: AppList): OptionsSource {
  return (request, context) => {
    const { account, own } = takeAccount(request.input)
    if (account === undefined && app.account === 'needed') {
      const message = 'Choose an account first: the list is that of its service.'
      throw new StepError({ code: 'no-account', message, retryable: false })
    }
    return read({ ...request, http: clientOf(app, context, account, own) })
  }
}

/** What is entered of an account. Throws a {@link StepError} `no-account` where a step has none. */
async function fieldsOf(
  app: Owner,
  { credential }: Pick<ServiceContext, 'credential'>,
  account: CredentialRef | undefined,
): Promise<CredentialFields> {
  if (account === undefined) {
    const message = `Choose an account in this step: it says where ${app.title} is.`
    throw new StepError({ code: 'no-account', message, retryable: false })
  }
  return enteredFields((await credential(account)).secret) ?? {}
}

function filesOf(reach: Pick<ActionContext<unknown>, 'files' | 'large'>): ServiceFiles {
  return {
    read: (given, field) =>
      withSource(openSource(reach, given, field), async ({ filename, contentType, read }) => ({
        filename,
        contentType,
        content: await read(),
      })),
    keep: (filename, content, contentType) => keepFile(reach.large, filename, content, contentType),
  }
}

/** All hosts to which its steps may turn. */
function touchesOf({ address, alsoAt = [] }: Owner, given: Step['input'], how: 'reads' | 'writes') {
  const own =
    typeof address === 'string' ? [address] : typeof address === 'function' ? [address(given)] : (address?.known ?? [])
  return [...own, ...alsoAt].flatMap((one) => hostTouches(one, how))
}

function clientOf(
  app: Owner,
  context: Parameters<typeof appClient>[0] & Pick<ServiceContext, 'credential'>,
  account: CredentialRef | undefined,
  own: Readonly<Record<string, unknown>>,
): AppClient {
  const { title, answers, alsoAt, takesKey, address } = app
  const at = (whole: string): AppClient =>
    appClient(context, {
      address: whole,
      account,
      title,
      ...(answers && { answers }),
      ...(alsoAt && { alsoAt }),
      ...(takesKey !== undefined && { takesKey }),
    })
  if (address === undefined)
    return () => Promise.reject(new Error(`${title} names no service: say where it is with "address".`))
  if (typeof address === 'string') return at(address)
  // Some services have another address for those who have an account.
  if (typeof address === 'function') return at(address(inputSchema.parse({ ...own, ...(account && { account }) })))
  let ready: Promise<AppClient> | undefined
  return async (request) => {
    ready ??= fieldsOf(app, context, account).then((fields) => at(address.ofAccount(fields)))
    return (await ready)(request)
  }
}

const inputSchema = z.record(z.string(), jsonSchema)

/** The fields of a connector with the account of its app before them. */
function withAccount(input: z.ZodObject, app: Owner): z.ZodObject {
  const { account = 'none', credentials = [], alsoTakes = [] } = app
  if (account === 'none') return input
  const field = account === 'needed' ? credentialRefSchema : credentialRefSchema.optional()
  const types = [...credentials.map(({ id }) => id), ...alsoTakes]
  const meta = {
    title: 'Account',
    description: 'Signs you in; it is kept apart from the zap.',
    ui: { widget: 'credential', ...(types.length === 0 ? {} : { types }) },
  }
  return z.strictObject({ account: field.meta(meta), ...input.shape })
}

function takeAccount(input: Readonly<Record<string, unknown>>) {
  const { account, ...own } = input
  return { account: credentialRefSchema.optional().catch(undefined).parse(account), own }
}

/** An app's SVG as screens show it. In a picture `currentColor` would be black; the hue is as light as is seen on white and on black. */
function pictureOf({ icon, hue }: Pick<App, 'icon' | 'hue'>): string {
  const coloured = icon.replaceAll('currentColor', hue === null ? 'oklch(0.6 0 0)' : `oklch(0.65 0.16 ${hue})`)
  return `data:image/svg+xml,${encodeURIComponent(coloured)}`
}
