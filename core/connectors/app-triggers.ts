import { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import { hostTouches } from '../domain/trust/touches.ts'
import { type Json, jsonSchema } from '../domain/values/json.ts'
import { clientOf, fieldsOf, partOf, takeAccount, touchesOf, type Unbound, withAccount } from './app-parts.ts'
import type { AppClient } from './app-request.ts'
import { type CredentialFields, type CredentialRef, credentialRefSchema } from './credential.ts'
import { defineTrigger, type Trigger } from './define.ts'
import type { AppAction } from './define-app.ts'
import { everyField, firstField, POLL_TIMES } from './kit/poll-fields.ts'
import type { SenderProof } from './kit/verify-options.ts'
import { openJsonSocket, type SocketTerms } from './kit/web-socket.ts'
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

/** What a message of a {@link AppStream} says. */
export type StreamSaid = {
  /** What is sent back first. */
  readonly sends?: Json
  /** Whether the service is ready by that. */
  readonly isReady?: boolean
  readonly events?: readonly { readonly key: string; readonly data: Json }[]
  /** What tells the service that the events are stored. */
  readonly confirms?: Json
  /** Up to where it has told: kept with the events, and handed back when it is connected to again, also after a restart. */
  readonly place?: Json
  /** The service wants to hear of us every so many milliseconds from now on. */
  readonly beatsEveryMs?: number
  /** The service has heard of us. */
  readonly isHeard?: boolean
  /** It is to be connected to anew. */
  readonly isOver?: boolean
}

/** A trigger of an app whose service tells by a connection that is kept, so that no address of this computer is needed. */
type AppStream<Input extends z.ZodObject, Output extends z.ZodType> = Pick<
  AppAction<Input, Output>,
  'name' | 'title' | 'description' | 'keywords' | 'summary' | 'input' | 'output' | 'sample' | 'scopes'
> & {
  /** Where is connected to, and how: asked before each connection. `place` is null where nothing was told yet. */
  open(context: {
    readonly input: z.output<Input>
    readonly http: AppClient
    readonly place: Json
    account(): Promise<CredentialFields>
  }): Promise<{ readonly url: string } & SocketTerms>
  /** What a message says; null for nothing. Throws a StepError for a refusal. */
  read(
    message: Json,
    context: { readonly input: z.output<Input>; readonly account: CredentialFields; readonly place: Json },
  ): StreamSaid | null
  /** What is sent at each beat. */
  readonly beat?: (place: Json) => Json
  /** Whether a service is ready from when it is connected to; else {@link read} says when. */
  readonly isReadyAtOnce?: boolean
  /** Addresses that it connects to beside those of the app. */
  readonly alsoAt?: readonly string[]
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

/** The code of a StepError after which a place is good for nothing: the service begins anew. */
export const PLACE_GONE = 'place-gone'

/** Declares a trigger of an app whose service tells by a WebSocket. What came while there was no connection is told later only where the service can go on from a place. */
export function appStream<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: AppStream<Input, Output>,
): Unbound<Trigger> {
  return (app) => {
    const { name, input, open, read, beat, isReadyAtOnce = false, alsoAt = [], ...rest } = trigger
    return defineTrigger({
      ...rest,
      ...partOf(app, name),
      touches: (given) => [...touchesOf(app, given, 'reads'), ...alsoAt.flatMap((one) => hostTouches(one, 'reads'))],
      input: withAccount(input, app),
      source: {
        from: 'connection',
        subject: (given) => jsonSchema.parse(JSON.parse(JSON.stringify(given))),
        words: () => `what ${app.title} tells`,
        async keep({ input: parsed, ...context }) {
          const { account, own } = takeAccount(app, parsed)
          const given = own as z.output<Input> // as above
          const fields = await streamFields(app, context, account)
          const http = clientOf(app, context, account, own)
          let place = context.cursor === NO_PLACE ? null : context.cursor
          const take = (events: StreamSaid['events'] = []): Promise<void> => context.take(events, place ?? NO_PLACE)
          const { url, ...terms } = await open({ input: given, http, place, account: async () => fields })
          const socket = await openJsonSocket(url, context, terms)
          let isHeard = true
          let stopBeating = (): void => undefined
          const beatIn = (ms: number, everyMs: number): void => {
            stopBeating = context.clock.after(ms, () => {
              if (!isHeard) return socket.giveUp('the service does not answer')
              isHeard = false
              if (beat !== undefined) socket.send(beat(place))
              beatIn(everyMs, everyMs)
            })
          }
          try {
            if (context.cursor === null) await take()
            if (isReadyAtOnce) await context.ready()
            for await (const message of socket.messages()) {
              const said = read(message, { input: given, account: fields, place })
              if (said === null) continue
              if (said.place !== undefined) place = said.place
              if (said.sends !== undefined) socket.send(said.sends)
              isHeard ||= said.isHeard === true
              // The first one at any time, so that not all clients of a service come at once.
              if (said.beatsEveryMs !== undefined) beatIn(Math.random() * said.beatsEveryMs, said.beatsEveryMs)
              if (said.isReady === true) await context.ready()
              const { events = [] } = said
              if (events.length > 0 || (said.isReady === true && place !== null)) await take(events)
              if (said.confirms !== undefined) socket.send(said.confirms)
              if (said.isOver === true) return
            }
          } catch (error) {
            if (!(error instanceof StepError) || error.details.code !== PLACE_GONE) throw error
            place = null
            await take()
            throw error
          } finally {
            stopBeating()
            socket.close()
          }
        },
      },
    })
  }
}

/** The fields of the account, which not all services need; of one that any service takes, `user` and `password`, or `token`. */
async function streamFields(
  app: Parameters<typeof fieldsOf>[0],
  context: Parameters<typeof fieldsOf>[1],
  account: CredentialRef | undefined,
): Promise<CredentialFields> {
  if (account === undefined && app.account !== 'needed') return {}
  const fields = await fieldsOf(app, context, account)
  if (account === undefined || Object.keys(fields).length > 0) return fields
  const { type, secret } = await context.credential(account)
  if (type !== 'basic') return { token: secret }
  const [user = '', ...password] = secret.split(':')
  return { user, password: password.join(':') }
}

/** What stands for no place, as a cursor of a connection that has been made is never null. */
const NO_PLACE = 1

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
