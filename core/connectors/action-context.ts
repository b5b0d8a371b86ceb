import type { Duplex } from 'node:stream'
import type { NoticePlace } from '../domain/host/adapters.ts'
import type { OpenTarget } from '../domain/host/desktop.ts'
import type { Question } from '../domain/runs/question.ts'
import type { SandboxAnswer, SandboxWork } from '../domain/runs/sandbox.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'
import type { JsonText } from '../domain/values/json-text.ts'
import type { LargeValue } from '../domain/values/large-value.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import type { Credential, CredentialRef } from './credential.ts'
import type { HeavyWork } from './heavy-work.ts'
import type { TableAccess } from './table-access.ts'

export type FetchRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Names of headers that are for this origin alone, beside those whose names tell it, such as `Authorization`. */
  readonly secretHeaders?: readonly string[]
  /** Names of parameters of the address that are for this origin alone. */
  readonly secretQuery?: readonly string[]
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal
  /** Bytes of the response body beyond which the request fails. */
  readonly maxBytes: number
  /** An answer that leads elsewhere is the answer; without it, it is followed. */
  readonly keepsRedirects?: boolean
  readonly tls?: TlsTerms | undefined
  /** Address of a proxy that the request goes through, with its user and password where it wants one. */
  readonly proxy?: string | undefined
}

/** What a connection trusts, beside the authorities that everything trusts. */
export type TlsTerms = {
  /** A certificate, or several, as PEM text. */
  readonly trust?: string | undefined
  /** Trusts any certificate: somebody between may read and change everything. */
  readonly insecure?: boolean | undefined
}

export type FetchResponse = {
  readonly status: number
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** The values of `Set-Cookie`, which cannot be told apart once they are joined. */
  readonly cookies: readonly string[]
  readonly body: Uint8Array
  /** The address that answered, after redirects. */
  readonly url: string
  /** A redirect led to another origin, and secrets were left behind. */
  readonly isWithoutSecrets: boolean
}

/**
 * The only way out to the network for connectors: http and https, addresses checked at connect time on every hop, redirects
 * followed (10 at most) without taking secrets to another origin, size capped. What comes back never holds a secret of a credential
 * that the zap names. Fails with a {@link StepError}.
 */
export type GuardedFetch = (request: FetchRequest) => Promise<FetchResponse>

/**
 * A request that ends with its step, and that a credential may sign in. A `goodbye` may be sent when that is over, to take away what was begun, and
 * ends by itself after a few seconds.
 */
export type HttpRequest = Omit<FetchRequest, 'signal' | 'secretHeaders' | 'secretQuery'> & {
  readonly credential?: CredentialRef | undefined
  readonly use?: 'step' | 'goodbye' | undefined
}

/** What a file or a folder says of itself. */
export type FileInfo = {
  /** Absolute, with links followed. */
  readonly path: string
  readonly name: string
  /** In lower case and without its dot; empty for a folder and for a name without one. */
  readonly extension: string
  /** 0 for a folder. */
  readonly bytes: number
  /** ISO 8601, in UTC. */
  readonly modifiedAt: string
  readonly isFolder: boolean
}

/** What is done where a name is taken: the old file makes way, the step fails, or the new file is named `name (2).ext`. */
export type IfExists = 'replace' | 'fail' | 'number'

/** What is written into a file: text as UTF-8. Pieces are taken one after the other, so that no large file need be in memory. */
export type FileContent = string | Uint8Array | AsyncIterable<Uint8Array | string>

/** A file that is open for reading, until it is closed. */
export type OpenFile = {
  readonly info: FileInfo
  /** Its content from the beginning, in pieces. Once. */
  stream(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/**
 * The only way to files for connectors. A path is absolute, or relative to the first allowed folder; links are followed before it is checked
 * that it lies in an allowed folder. Fails with a {@link StepError}: `folder-not-allowed`, `no-file`, `file-exists` or `file`.
 */
export type FileAccess = {
  /** Appends to a file, making folders on the way. */
  append(path: string, text: string): Promise<{ path: string; bytes: number }>
  open(path: string): Promise<OpenFile>
  /** Writes a whole file, making folders on the way. Others see the old content or the new one, also after a power cut. */
  write(path: string, content: FileContent, ifExists: IfExists): Promise<{ path: string; bytes: number }>
  /** Copies a file or folder to a path or, where `to` ends with `/` or is a folder, into that folder under its own name. */
  copy(from: string, to: string, ifExists: IfExists): Promise<{ path: string; from: string }>
  /** As {@link copy}; what is at `from` is gone afterwards. A link is moved itself. */
  move(from: string, to: string, ifExists: IfExists): Promise<{ path: string; from: string }>
  /** `trashed`: where it is in the trash, if that is known. What is not there is deleted already. */
  remove(path: string, how: 'trash' | 'forever'): Promise<{ path: string; existed: boolean; trashed: string | null }>
  /** Everything below a folder that fits a glob, in no order. */
  list(folder: string, glob: string, signal?: AbortSignal): Promise<FileInfo[]>
  info(path: string): Promise<FileInfo | { readonly path: string; readonly missing: true }>
  /** Makes a folder and those on the way to it. */
  makeFolder(path: string): Promise<{ path: string; existed: boolean }>
}

/** How a program is run: by itself with its arguments, or a line by the system's shell. */
export type ProgramCall = (
  | { readonly program: string; readonly args: readonly string[] }
  | { readonly line: string }
) & {
  readonly stdin: string | Uint8Array | null
  /** Where it starts: absolute, or relative to the first allowed folder, which it is when absent. */
  readonly folder: string | null
  /** What its environment has beside what nearly every program needs. */
  readonly env: Readonly<Record<string, string>>
  /** Bytes of its output, and of its errors, beyond which it is ended. */
  readonly maxBytes: number
}

export type ProgramEnd = {
  /** Null for one that was ended by a signal. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly ms: number
}

/** How a step runs other zaps. */
export type ZapCalls = {
  /** Starts a zap's live version, by id or name. Called again by the same step of the same run, it returns the same run. */
  start(zap: string, input: Json): Promise<{ readonly runId: string }>
  /** How a started run ended, with the output of its last step; undefined while it is under way. */
  result(
    runId: string,
  ): Promise<
    | { readonly status: 'succeeded' | 'failed' | 'cancelled'; readonly reason: string | null; readonly output: Json }
    | undefined
  >
}

/** What an action is given. It has no other way to touch the world. */
export type ActionContext<Input> = {
  /** The input as it is written in the zap: what is in it here, and not made of what came in, is the author's own word. */
  readonly written: Step['input']
  /** Parsed, with templates rendered (unless the action has `templates: 'own'`). */
  readonly input: Input
  /** The same on every attempt of this step of this run: `<run>:<step>[:<scope>]`. */
  readonly idempotencyKey: string
  /** The same in every run of one event, so also in a replay: `<event>:<step>[:<scope>]`. */
  readonly eventKey: string
  /** What the steps right before this one gave, by step id: of those alone whose connection to this step was taken. */
  readonly taken: Readonly<Record<string, Json>>
  /** What this step waited for, when it is run again after it had returned a {@link Wait}; null at first. */
  readonly waited: Waited | null
  readonly store: StepStore
  readonly memory: Memory
  readonly tables: TableAccess
  /** Aborts on timeout, cancel and shutdown. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly fetch: GuardedFetch
  /** As {@link fetch}, for a request that a credential signs in, where one is named: no connector makes such a header itself. */
  http(request: HttpRequest): Promise<FetchResponse>
  /**
   * Connects to what speaks something else than HTTP, such as mail or a database. Ends with the step; a `goodbye` may be opened when that is over, to
   * tell the other side so, and ends by itself after a few seconds. Fails with a StepError.
   */
  connect(to: { readonly host: string; readonly port: number }, use?: 'step' | 'goodbye'): Promise<Duplex>
  readonly files: FileAccess
  credential(ref: CredentialRef): Promise<Credential>
  /** Keeps in a credential what is learned of its service at first use, such as the key of a server. Does nothing where a person has changed it meanwhile. */
  noteCredential(ref: CredentialRef, fields: Readonly<Record<string, string>>): Promise<void>
  /**
   * Runs a program to its end; when the step ends before, so does the program, with everything that it started. Throws a {@link StepError} for one
   * that cannot be started, may not be, or writes too much.
   */
  program(call: ProgramCall): Promise<ProgramEnd>
  /** Runs code shut in: in a process of its own, with bounds on time and memory, and nothing to touch. Local times are in the zap's zone. */
  sandbox(work: SandboxWork): Promise<SandboxAnswer>
  readonly zaps: ZapCalls
  readonly large: LargeValues
  /** Work that takes long or much memory, done by a thread of its own. */
  readonly heavy: HeavyWork
  /** Answers the request that started this run, if its sender still waits; else returns false. */
  answerSender(answer: SenderAnswer): boolean
  /** Resolves to where it was shown, which may be nowhere. `answers`: those of the question that the step asks, where none of them needs anything to be filled in. */
  notify(message: {
    title: string
    body?: string
    answers?: readonly { readonly id: string; readonly label: string }[]
  }): Promise<readonly NoticePlace[]>
  readonly desktop: DesktopAccess
  /**
   * Renders every template inside `value`. A missing path is a {@link StepError} that names it or, with
   * `missing: 'undefined'`, makes a field that is one expression undefined. `item` is what templates read as `item` and `index`, for
   * fields of {@link ActionBase.itemFields}.
   */
  render(value: Json, options?: RenderChoice): Json | undefined
  /** Does the work of a computation, where it holds up nothing else: see `defineComputation`. */
  compute(work: () => ReturnType<Compute<never>>): Promise<Json>
}

/** The desktop as steps use it. Throws a {@link StepError} `unsupported` on a host without one. */
export type DesktopAccess = {
  copy(text: string): Promise<void>
  open(target: OpenTarget): Promise<void>
}

export type RenderChoice = {
  readonly missing?: 'error' | 'undefined'
  readonly item?: { readonly item: Json; readonly index: number }
}

/** What a computation is given beside its input. */
export type ComputeTools = Pick<ActionContext<unknown>, 'render'> & { readonly lists: Lists }

/**
 * How a computation goes through lists and makes them. Where it works at once or in turns they are in memory; in the thread a long one is a file,
 * which is read and written item by item, so that a list of any length takes little memory.
 */
export type Lists = {
  /** The items of a list of the input, or of one that it holds. May be asked for again. */
  read(list: Json): Iterable<Json>
  make(): MadeList
  /** Characters of items, more or less, that may be in memory at a time before they are put aside. */
  readonly room: number
  /** Puts items where they take no memory. They can be read once. */
  aside(items: Iterable<Json>): Iterable<Json>
}

/** A list that is being made. */
export type MadeList = {
  push(item: Json): void
  /** Adds a row whose member `name` is these items. */
  pushLong(row: JsonObject, name: string, items: Iterable<Json>): void
  readonly count: number
  /** The list, as a member of the output. */
  done(): Json
}

/**
 * Work on values alone, which touches nothing. Each `yield` lets everything else have its turn when the work has taken its time, so it stands in
 * every loop over what came in, once for an item or for a few thousand characters. Throws a {@link StepError} for a value that it cannot
 * work on.
 */
export type Compute<Input, Output extends Json = Json> = (
  input: Input,
  tools: ComputeTools,
) => Generator<undefined, Output, undefined>

/** How an action ends when it neither throws nor waits. */
export type ActionResult<Output> = {
  readonly output: Output
  /** Ports that are taken; `["main"]` when absent, and an empty list ends the branch. */
  readonly ports?: readonly string[]
  /** What the journal shows as the step's input in place of `ctx.input`. */
  readonly shownInput?: Json
  /** Ends the whole run, whatever its other branches are at. */
  readonly endRun?: EndRun
}

/** How a step ends its whole run. `message` is the run's reason; null for one that names the step. */
export type EndRun = { readonly as: 'succeeded' | 'failed'; readonly message: string | null }

/**
 * What a step waits for. The wait is stored, and outlives the process: the step is run again, with `ctx.waited`, when `until` is
 * reached or an answer has come.
 */
export type Wait = TimedWait | PersonWait | RunWait

/** For nothing but a time. `data` is handed back as `ctx.waited.data`, here and below. */
type TimedWait = { readonly for: 'time'; readonly until: number; readonly data?: Json }

/** For a person's decision; `until` null: for as long as it takes. */
type PersonWait = {
  readonly for: 'person'
  readonly until: number | null
  readonly data?: Json
  /** What is shown to the person who decides. */
  readonly ask: {
    readonly message: string
    readonly data: Json
    readonly question: Question
    /** Until when it can be answered by its link, in milliseconds since 1970 UTC. */
    readonly linkUntil: number
  }
}

/** For the end of a run that this step called; at `until` the step looks for itself. */
type RunWait = { readonly for: 'run'; readonly until: number; readonly data: { readonly runId: string } }

/** A wait that is over. */
export type Waited = {
  readonly data: Json
  /** What was answered; null when the time ran out. `person`: `{ decision, note, decidedAt, via, fields }`. */
  readonly answer: Json
  /** When the wait began, in milliseconds since 1970 UTC. */
  readonly since: number
}

/** How one call of `run` ends: with a result, or with something to wait for. */
export type ActionOutcome<Output> = ActionResult<Output> | { readonly wait: Wait; readonly shownInput?: Json }

/** Values that are too large for the journal: they are kept as files, and a reference goes from step to step in their place. */
export type LargeValues = {
  /** Pieces are taken one after the other, so that not all of it need be in memory. */
  keep(content: FileContent, type: LargeValue['type']): Promise<LargeValue>
  /** Rejects with a {@link StepError} `missing-data` when the file is gone. */
  read(value: LargeValue): Promise<Uint8Array>
  /** As {@link read}, in pieces, for what need not be in memory at once. */
  stream(value: LargeValue): AsyncIterable<Uint8Array>
  /** Reads JSON that came from outside. What would hold up everything else becomes a file, of which templates read what they need. */
  readJson(text: string): JsonText | Promise<JsonText>
}

/** What a step remembers from run to run; other steps and zaps have their own. */
export type StepStore = {
  /**
   * Changes an entry in one transaction: `change` gets its value (undefined when there is none or it expired) and returns the
   * new one, which is forgotten at `expiresAt` (milliseconds since 1970 UTC). `change` must be pure, as it may be called twice.
   */
  update<Result>(
    key: string,
    change: (value: Json | undefined) => { value: Json; expiresAt: number; result: Result },
  ): Promise<Result>
}

/** Values that are kept by name from run to run: for the zap, or for all zaps. */
export type Memory = {
  /** Undefined when there is none, or it was forgotten. */
  read(scope: 'zap' | 'all', key: string): Promise<Json | undefined>
  /**
   * Changes an entry, once for each step and run: a repeat gets the result of the first time. `change` gets its value and the time, and returns the
   * new value (undefined to forget it), when that is forgotten (null for never; absent: as before) and a result. It must be pure.
   */
  change(
    scope: 'zap' | 'all',
    key: string,
    change: (
      before: Json | undefined,
      now: number,
    ) => { value: Json | undefined; expiresAt?: number | null | undefined; result: Json },
  ): Promise<Json>
}

/** An answer to the sender of a webhook. A text is sent as it is, bytes too, anything else as JSON. */
export type SenderAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | Uint8Array
  /** Whether a page in the answer may run scripts, with the rights of every other page at the webhooks' address. */
  readonly allowScripts?: boolean | undefined
}
