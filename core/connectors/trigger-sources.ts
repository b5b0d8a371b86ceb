import type { FormField } from '../domain/runs/question.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import type { SenderAnswer } from './action-context.ts'
import type { SenderProof } from './kit/verify-options.ts'
import type { FullServiceContext, ServiceContext } from './service-context.ts'

/**
 * The kinds of source that a trigger's events come from, each with what a trigger says of it. `core/ingress/trigger-kinds.ts` says how a
 * kind is read and worded, and `core/ingress/ingress.ts` which service keeps it.
 */
export type TriggerKinds<Input> = {
  webhook: {
    endpoint(input: Input): WebhookEndpoint
    /** What a call says, where its sender is a service that is known; the call as it came when absent. */
    readonly reads?: Pick<Hook<Input>, 'handshake' | 'events'>
  }
  schedule: { timetable(input: Input, zone: string): Timetable }
  /** Only a person, or a zap that calls it, starts it. */
  person: object
  /** The failed runs of other zaps: ids or names of those that are watched, or null for all. */
  failure: { watches(input: Input): readonly string[] | null }
  /** Rows of a table of one's own that change. */
  table: { watches(input: Input): TableToWatch }
  /** Other zaps to which nothing comes for a while. */
  silence: { watches(input: Input): SilenceWatch }
  /** Something that the trigger itself watches while its zap is switched on. Returns how to end that. */
  watch: { watch(context: WatchContext<Input>): () => void }
  /** A folder whose files come, change and go. */
  folder: { watches(input: Input): FolderToWatch }
  /** A service that is asked again and again what is new. */
  poll: Poll<Input>
  /** A service that tells at once what is new, by a connection that is kept. */
  connection: Connection<Input>
  /** A page that a person fills in. */
  form: { page(input: Input): FormPage }
  /** A service that calls, once it was told where. */
  hook: Hook<Input>
}

export type Connection<Input> = {
  /** What is connected to: when this changes, the cursor says nothing any more, and the next connection is a first one. */
  subject(input: Input): Json
  /**
   * Opens the connection, finds what came since the cursor, and takes what is told until `signal` aborts. Rejects when the connection cannot be opened or
   * breaks, and resolves when the service ends it: it is opened again, with the cursor that was stored last.
   */
  keep(context: ConnectionContext<Input>): Promise<void>
  /** Tells the service that no one listens any more, when the zap goes off; without it the connection just ends. It is tried once. */
  leave?(context: LeaveContext<Input>): Promise<void>
  /** What starts the zap, in a list of zaps: "mail to ada@example.com". */
  words(input: Input): string
}

/** `id` is the same for every connection of a trigger, and of no other: hexadecimal digits. */
export type LeaveContext<Input> = FullServiceContext & { readonly input: Input; readonly id: string }

export type ConnectionContext<Input> = LeaveContext<Input> & {
  /** Where the last `take` ended; null at first. */
  readonly cursor: Json | null
  /** Says that it is connected, so that what failed before is over. */
  ready(): Promise<void>
  /**
   * Stores events, in the order in which runs start, and where they end, both or none. Nothing may be acknowledged to the service before this resolves. An
   * event whose key was there before starts nothing. Rejects when the zap is off by now.
   */
  take(events: readonly { readonly key: string; readonly data: Json }[], cursor: Json): Promise<void>
}

/** What services call by. */
export const HOOK_METHODS = ['POST', 'GET', 'HEAD', 'PUT'] as const

export type Hook<Input> = {
  /** What is subscribed to: when this changes, the subscription is ended and another one made. */
  subject(input: Input): Json
  /** Tells the service to call `url`. It may call at once, to see that the address is ours. */
  subscribe(context: HookContext<Input>): Promise<Subscribed>
  /**
   * Finds the subscription for `url` that was made, though Hookline was ended before it could remember it; null when there is none. Without it a
   * subscription that was cut off is made again, so the service should drop a repeat (`idempotencyKey`, or the same `url`).
   */
  find?(context: HookContext<Input>): Promise<Subscribed | null>
  /** Before it expires; absent where it is made anew then. */
  renew?(context: SubscribedContext<Input>): Promise<Subscribed>
  /** Whether the service still has it; asked once a day. Absent where that cannot be known. */
  isThere?(context: SubscribedContext<Input>): Promise<boolean>
  /** An answer of 404 or 410 means that it is gone already. */
  unsubscribe(context: SubscribedContext<Input>): Promise<void>
  /** How the service proves that a call is its own, with the subscription's secret; null where the unguessable address has to do. */
  readonly verify: Omit<SenderProof, 'secrets'> | null
  /** Asks the service itself whether a call is its own, where it proves that in no other way. Throws for one that cannot be asked now. */
  proves?(context: SubscribedContext<Input> & { readonly call: Omit<HookCall<Input>, 'input'> }): Promise<boolean>
  /** A call by which the service looks whether the address is ours: what to answer. Asked first; null for every other call. */
  handshake?(call: HookCall<Input>): HookAnswer | null
  /** What a call that proved itself says. An event with a key that was there before starts nothing. */
  events(call: HookCall<Input>): readonly { readonly key: string | null; readonly data: Json }[]
  /** How to ask what is new while the service cannot reach this computer. */
  readonly poll?: Poll<Input>
}

/** What is answered to a look whether the address is ours. */
export type HookAnswer = SenderAnswer & {
  /** The service says by what it will prove itself; taken only while it is being told to call. */
  readonly secret?: string
}

export type HookContext<Input> = ServiceContext & {
  readonly input: Input
  /** Where the service is to call. */
  readonly url: string
  /** A secret that is made for this subscription, for services that take one. */
  readonly secret: string
}

export type SubscribedContext<Input> = HookContext<Input> & { readonly subscription: Json }

export type Subscribed = {
  /** What is needed to renew and to end it, such as its id. */
  readonly subscription: Json
  /** The secret, where the service makes it. */
  readonly secret?: string
  /** In milliseconds since 1970 UTC; absent when it does not expire. */
  readonly expiresAt?: number
}

export type HookCall<Input> = {
  readonly input: Input
  readonly method: string
  readonly query: { readonly [name: string]: Json }
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
}

export type FormPage = {
  /** Path below `/forms/`, or null for an unguessable one. */
  readonly path: string | null
  readonly title: string
  readonly intro: string | null
  readonly fields: readonly FormField[]
  /** What the button says. */
  readonly send: string
  /** What is shown when it is sent, with templates over the event, or where the browser goes then. */
  readonly done: { readonly message: string } | { readonly redirect: string }
}

/** What can happen to a row of a table. */
export const TABLE_EVENTS = ['created', 'changed', 'removed'] as const
export type TableEvent = (typeof TABLE_EVENTS)[number]

export type TableToWatch = { readonly table: string; readonly events: readonly TableEvent[] }

export type SilenceWatch = {
  /** Ids or names of the zaps that are watched; null for all others that are switched on. */
  readonly zaps: readonly string[] | null
  readonly forMs: number
}

/** What can happen to a file in a folder. */
export const FOLDER_EVENTS = ['created', 'changed', 'removed'] as const
export type FolderEvent = (typeof FOLDER_EVENTS)[number]

export type FolderToWatch = {
  /** As it is written: absolute, or relative to the first allowed folder. */
  readonly folder: string
  /** Which files in it count; see `core/files/glob.ts`. */
  readonly glob: string
  readonly events: readonly FolderEvent[]
  /** Milliseconds for which nothing must happen to a file until it counts. */
  readonly settleMs: number
  /** Whether files that are there when it is watched for the first time start runs. */
  readonly existing: 'ignore' | 'run'
}

export type Poll<Input> = {
  /** Milliseconds from one poll to the next. */
  everyMs(input: Input): number
  /** What the first poll finds: whether all of it starts runs, or only what comes after it. */
  first(input: Input): 'ignore' | 'all'
  /** What is polled: when this changes, the cursor says nothing any more, and the next poll is a first one. */
  subject(input: Input): Json
  /** Asks the service. Throws a StepError for a poll that failed; then cursor and events stay as they were. */
  poll(context: PollContext<Input>): Promise<Polled>
}

export type PollContext<Input> = ServiceContext & {
  readonly input: Input
  /** What the last poll returned; null at the first one. */
  readonly cursor: Json | null
}

export type Polled = {
  /** In the order in which runs start. An event whose key was there before, in whichever poll, starts none. */
  readonly events: readonly { readonly key: string; readonly data: Json }[]
  /** Where the next poll goes on; stored with the events or not at all. 1 MB at most as JSON. */
  readonly cursor: Json
  /** What was left out, as a sentence for the person whose zap it is. */
  readonly note?: string
}

/** What happens to the computer, as far as a host can tell. */
export const SYSTEM_EVENTS = ['started', 'woke', 'network-up', 'network-down'] as const
export type SystemEventName = (typeof SYSTEM_EVENTS)[number]

export type SystemEvents = {
  /** Calls `listener` at everything that happens; the returned function takes that back. */
  on(listener: (event: SystemEventName) => void): () => void
}

/** What happens on the desktop, as far as a host can tell. Each returned function takes it back. */
export type DesktopEvents = {
  onLink(listener: (link: { readonly name: string; readonly query: Record<string, string> }) => void): () => void
  onHotkey(keys: string, pressed: () => void): () => void
  /** Calls `listener` with each text that is copied. */
  onClipboard(listener: (text: string) => void): () => void
}

/** What a trigger that watches is given. */
export type WatchContext<Input> = {
  readonly input: Input
  readonly clock: Clock
  readonly system: SystemEvents
  readonly desktop: DesktopEvents
  /** Starts a run. An event with the same `key` starts one once; null for one that is never the same. */
  emit(event: { readonly key: string | null; readonly data: Json }): void
}

export type TriggerKind = keyof TriggerKinds<unknown>

/** Where a trigger's events come from. */
export type TriggerSource<Input> = {
  readonly [Kind in TriggerKind]: Readonly<TriggerKinds<Input>[Kind]> & { readonly from: Kind }
}[TriggerKind]

export type WebhookEndpoint = {
  /** Path below `/hooks/` without slashes at its ends, or null for an unguessable one. */
  readonly path: string | null
  readonly methods: readonly string[]
  /** How to check who sent a request; null: everybody who knows the address may. */
  readonly verify: SenderProof | null
  /** Template over the event for the sender's own id; null: the well-known id headers are looked at. */
  readonly dedupeKey: string | null
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Json
    /** Whether a page in the answer may run scripts. */
    readonly allowScripts?: boolean | undefined
  } | null
  /** Origins of web pages that may call, `*` for all; none may where there are none. */
  readonly browsers?: readonly string[] | undefined
  /** Milliseconds that a request is held for the answer of a step of its run, where there is such a step. */
  readonly holdMs: number
  /** Addresses and ranges from which alone requests are taken; all when there are none. */
  readonly allowFrom: readonly string[]
  readonly rateLimit: { readonly max: number; readonly perMs: number } | null
}

export type Timetable = {
  /** The first due time after a moment, both in milliseconds since 1970 UTC; null when there is none any more. */
  next(after: number): number | null
  /** What to do about due times that passed while nothing ran. */
  readonly missed: 'once' | 'skip' | 'all'
}
