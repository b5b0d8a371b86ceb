/**
 * The log that joins the hosts of a fleet: what Hookline needs of it, whichever it is. `nats/` and `kafka/` are adapters, and
 * `test-log-promises.ts` holds both to what is promised here. Nothing in here knows what the bytes mean (`records.ts` does).
 *
 * For all of it:
 * - What is asked for is done or rejected with a {@link LogError} within {@link OPERATION_MS}, unless another time is said. A rejected
 *   publish, put, swap or send may have been done all the same, so the caller repeats it.
 * - What was begun (`consume`, `watch`, `receive`, `answer`) outlives a lost connection: the adapter connects again by itself and goes on.
 * - No two hosts' clocks are compared. Times in here are the broker's, or spans on one host's clock.
 */
export type FleetLog = {
  readonly kind: LogKind
  /** Where it is, for people: no name, password or token in it. */
  readonly address: string
  /** The largest record that it takes, at most 1 MB; a larger one is rejected as `too-large` before it is sent. */
  readonly maxBytes: number
  readonly events: EventLog
  readonly state: SharedState
  readonly registers: Registers
  readonly mail: Mail
  /** What is known of the brokers now. */
  facts(): Promise<LogFacts>
  /** Calls `listener` at once and on each change: null while the log answers, else what keeps it from that. Returns what ends this. */
  watchHealth(listener: (problem: LogError | null) => void): () => void
  /** Ends what was begun and lets go of what is held; nothing is acknowledged by that. Never rejects. */
  close(): Promise<void>
}

export type LogKind = 'nats' | 'kafka'

/**
 * Opens a log and makes in it what is missing (topics, streams, buckets) where the account may do so.
 *
 * Rejects with a LogError when it cannot be used; nothing is left open then, and the caller tries again later.
 */
export type OpenLog = (options: OpenLogOptions) => Promise<FleetLog>

export type OpenLogOptions = {
  /** `nats://…`, `tls://…`, `kafka://…` or `kafkas://…`; several brokers by commas, user and password in front of the `@`, settings behind the `?`. */
  readonly url: string
  /** Names of topics and streams begin with it, so that fleets can share brokers. Letters, digits and `-`. */
  readonly fleet: string
  /** This host's name in the fleet; letters, digits and `-`, at most 63. What is sent to it by `mail` reaches this host. */
  readonly host: string
  /** How long a delivery may be without a sign of its consumer before it is given to another. The adapter gives the signs itself. Milliseconds. */
  readonly deliveryMs: number
  readonly log: { warn(message: string): void }
}

/** The most that an operation takes before it is rejected as `unreachable`. */
export const OPERATION_MS = 5_000

/** Events on their way from the host that took them in to one that works on them. */
export type EventLog = {
  /**
   * Resolves with where it stands when the log has it for good (all replicas that it waits for). The log may drop what repeats an `id`
   * that it has seen lately, and then resolves as if it had stored it; it need not.
   */
  publish(record: EventRecord): Promise<Position>
  /**
   * Whether the log still has a record that no consumer has acknowledged. False: it was acknowledged, or the log has lost it. Asked
   * about records of which nothing was heard for long, one at a time.
   */
  isWaiting(position: Position): Promise<boolean>
  /**
   * Takes part in the one group of consumers, to which each record goes once, and again until one acknowledges it.
   *
   * - `take` is called with one delivery at a time; its unacknowledged ones are never more than `room()` says when more are fetched.
   *   With `room()` 0 nothing is fetched until `wake()` is called.
   * - Of records with the same `order`, deliveries come in the order of publishing, and are at one host at a time: one is given out
   *   when every earlier one was acknowledged, or is held by this very host. A delivery is held until its consumer acknowledges it,
   *   passes it on or is gone for `deliveryMs`.
   * - Records without `order` go to any host that has room, in no order.
   */
  consume(consumer: { room(): number; take(delivery: Delivery): void }): Promise<Consumption>
  /** Records that no consumer has acknowledged yet: of all, and of those that were given out. */
  lag(): Promise<{ readonly waiting: number; readonly held: number }>
}

/** Where a record stands in the log, in the log's own words. */
export type Position = string

export type EventRecord = {
  /** Known again by this when it is published twice for one reason; a deliberate repeat has another. At most 200 characters. */
  readonly id: string
  /** What it is about, such as the id of a zap: a log with partitions spreads by it. */
  readonly key: string
  /** Those of the same order are worked on one after the other, see `consume`; null where there is none. */
  readonly order: string | null
  readonly bytes: Uint8Array
}

export type Delivery = EventRecord & {
  readonly position: Position
  /** 1 for the first time, as far as the log counts. */
  readonly delivery: number
  /** Aborted when the log gives it, or may have given it, to another host: acknowledging it has no effect from then on. */
  readonly lost: AbortSignal
  /** Done with: it is not given out again. Repeats do nothing. Rejects when the log could not be told; then it comes again. */
  ack(): Promise<void>
  /** This host cannot take it: it comes again, after `afterMs` at the earliest, at this or another host, and those of its order behind it wait. */
  pass(afterMs: number): Promise<void>
}

export type Consumption = {
  /** There is room again. */
  wake(): void
  /** Fetches nothing more; what was given out can still be acknowledged until the log is closed. */
  stop(): Promise<void>
}

/**
 * Values by key that every host has: of each key the newest counts, for ever. Keys are `[A-Za-z0-9_=/-]`, at most 200 characters, no `/` at
 * either end.
 */
export type SharedState = {
  /** Resolves when the log has it for good. Null takes the key away. */
  put(key: string, bytes: Uint8Array | null): Promise<void>
  /**
   * Calls `listener` with what every key has now, then with each change in the order of the log; one may be seen twice. Resolves when
   * everything that was there at the call has been seen. A key that was taken away is seen as null, by those that watched meanwhile.
   */
  watch(listener: (entry: StateEntry) => void): Promise<Watch>
}

export type StateEntry = {
  readonly key: string
  readonly bytes: Uint8Array | null
  /** When the broker stored it, by its clock. Milliseconds since 1970 UTC. */
  readonly storedAt: number
}

export type Watch = { stop(): Promise<void> }

/**
 * Values of which one can be replaced only by a host that knows it: what leases are made of. One that was not swapped for an hour may be
 * forgotten. (NATS: a KV bucket and its revisions. Kafka has no such thing, but one partition has an order: a swap is a record that names
 * the revision it replaces, and every reader drops those that name another than the one in force.) Keys as in {@link SharedState}.
 */
export type Registers = {
  /**
   * Replaces a value if its revision is still `expected`, 0 for a key that has none. Resolves with the revision of the new value, or with
   * null when another host was first; then `watch` tells what is there.
   */
  swap(key: string, expected: Revision, bytes: Uint8Array | null): Promise<Revision | null>
  /** As `watch` of the state, for values with their revisions. Every swap that succeeded is seen by all watchers, in one order. */
  watch(listener: (entry: RegisterEntry) => void): Promise<Watch>
}

/** Grows with every swap of its key. */
export type Revision = number

export type RegisterEntry = StateEntry & { readonly revision: Revision }

/** What one host says to another. */
export type Mail = {
  /** Leaves a letter for a host, which need not be there. Resolves when the log has it; it is kept for a week. */
  send(to: string, bytes: Uint8Array): Promise<void>
  /**
   * Calls `read` with the letters to this host, those that came while it was away first, in the order of sending, one at a time. One is done
   * with when `read` resolves; when it rejects, or the host ends meanwhile, it comes again.
   */
  receive(read: (bytes: Uint8Array) => Promise<void>): Promise<Watch>
  /** Throws away what waits for a host that does not come back. */
  discard(host: string): Promise<void>
  /** Asks a host that is there, and resolves with its answer. Rejects as `no-answer` after `timeoutMs`, or at once where the log knows that the host is not there. */
  ask(to: string, question: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  /** Answers what other hosts ask. One question does not wait for another. An `answer` that rejects is a `no-answer` there. */
  answer(answer: (question: Uint8Array) => Promise<Uint8Array>): Promise<Watch>
}

export type LogFacts = {
  /** Brokers that answer, of all that are known. */
  readonly brokersUp: number
  readonly brokers: number
  /** The broker's own name and version, such as `nats-server 2.9.10`; null where it does not say. */
  readonly version: string | null
  /** Where the log has partitions. */
  readonly partitions: number | null
  /** Milliseconds there and back. */
  readonly roundTripMs: number
}

/** Why a log cannot be used. `message` is a sentence for a person, with the remedy. */
export class LogError extends Error {
  override readonly name = 'LogError'
  readonly code: LogErrorCode

  constructor(code: LogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  /** Whether only a person can change it; otherwise trying again may help. */
  get isLasting(): boolean {
    return this.code !== 'unreachable' && this.code !== 'no-answer'
  }
}

/**
 * `address`: the URL cannot be read. `unreachable`: no broker answers, or not in time. `sign-in`: name, password or token is refused, or
 * missing. `tls`: the broker wants TLS, or none, or its certificate is not trusted. `not-allowed`: the account may not do what is needed.
 * `missing`: a topic or stream is not there, or JetStream is off, and it cannot be made from here. `partitions`: a topic has fewer than are
 * needed. `too-large`: a record is larger than the log takes. `too-old`: the broker lacks what is needed. `no-answer`: the other host does not. `copy`: another host works
 * with a copy of this one's folder.
 */
export type LogErrorCode =
  | 'address'
  | 'unreachable'
  | 'sign-in'
  | 'tls'
  | 'not-allowed'
  | 'missing'
  | 'partitions'
  | 'too-large'
  | 'too-old'
  | 'no-answer'
  | 'copy'
