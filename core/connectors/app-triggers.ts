import { z } from 'zod'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import { clientOf, fieldsOf, partOf, takeAccount, touchesOf, type Unbound, withAccount } from './app-parts.ts'
import type { AppClient } from './app-request.ts'
import { type CredentialFields, credentialRefSchema } from './credential.ts'
import { defineTrigger, type Trigger } from './define.ts'
import type { AppAction } from './define-app.ts'
import { everyField, firstField, POLL_TIMES } from './kit/poll-fields.ts'
import type { SenderProof } from './kit/verify-options.ts'
import { openJsonSocket } from './kit/web-socket.ts'
import {
  HOOK_METHODS,
  type Hook,
  type HookCall,
  type HookContext,
  type PollContext,
  type Polled,
  type Subscribed,
} from './trigger-sources.ts'

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
          const { account, own } = takeAccount(app, parsed)
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
    const ownOf = (parsed: Readonly<Record<string, unknown>>) => takeAccount(app, parsed).own as z.output<Input>
    function appContext<Context extends HookContext<Readonly<Record<string, unknown>>>>(context: Context) {
      const { account, own } = takeAccount(app, context.input)
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
          const { account, own } = takeAccount(app, parsed)
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
          const { account, own } = takeAccount(app, parsed)
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
