/**
 * The state machines of Hookline as transition tables. `docs/state-machines.md` draws them, the CHECK constraints
 * in `core/db/migrations` repeat their words, and `states.test.ts` holds them together: change them as one.
 */

/** A machine's states, each with the states that may follow it. A state without followers is terminal. */
type Transitions<S extends string> = { readonly [state in S]: readonly S[] }

export const OUTBOX_STATES = ['pending', 'leased', 'outgoing', 'relayed', 'delivered', 'dead', 'cancelled'] as const
/**
 * `pending` waits for its `available_at`; `leased` is being worked on until its lease ends; `delivered` is done with;
 * `dead` used up its attempts and waits for a person; `cancelled` was taken back before it was worked on. Only in a fleet: `outgoing` is pending
 * until the log has it, `relayed` is in the log or at a host that works on it, whose word that the run has ended is not here yet.
 */
export type OutboxState = (typeof OUTBOX_STATES)[number]

export const outboxTransitions: Transitions<OutboxState> = {
  pending: ['leased', 'cancelled'],
  leased: ['delivered', 'pending', 'dead'],
  outgoing: ['relayed', 'pending', 'delivered'],
  relayed: ['delivered', 'pending', 'outgoing'],
  delivered: [],
  dead: [],
  cancelled: [],
}

export const RUN_STATES = ['running', 'waiting', 'succeeded', 'failed', 'cancelled', 'needs-review'] as const
/**
 * `running` has a step to do; `waiting` waits for a time or an answer; `needs-review` stopped because only a person can
 * tell what to do. The others are terminal and never change.
 */
export type RunState = (typeof RUN_STATES)[number]

export const runTransitions: Transitions<RunState> = {
  running: ['succeeded', 'failed', 'cancelled', 'needs-review', 'waiting'],
  waiting: ['running', 'cancelled', 'failed', 'needs-review'],
  'needs-review': ['running', 'failed'],
  succeeded: [],
  failed: [],
  cancelled: [],
}

export const RUN_OUTCOMES = ['filtered', 'replayed'] as const
/**
 * What became of an ended run beside its state. `filtered`: it succeeded without reaching an end, as a step let nothing through;
 * `replayed`: it failed or was cancelled, and was run again.
 */
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

/** What lists call a run: its outcome where it has one, else its state. */
export const SHOWN_RUN_STATES = [...RUN_STATES, ...RUN_OUTCOMES] as const
export type ShownRunState = (typeof SHOWN_RUN_STATES)[number]

export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'waiting'] as const
/**
 * `pending` has not begun (and is not stored); `running` is in an attempt, and begins another when the process crashed
 * during one; `waiting` waits for its next attempt, or a test stands before it; `skipped` lies behind a port that was not taken, or was still open
 * when its run ended. A step that is done before its `running` was written is stored in its final state at once.
 */
export type StepState = (typeof STEP_STATES)[number]

export const stepTransitions: Transitions<StepState> = {
  pending: ['running', 'skipped', 'waiting'],
  running: ['succeeded', 'failed', 'waiting', 'running', 'skipped'],
  waiting: ['running', 'skipped'],
  succeeded: [],
  failed: [],
  skipped: [],
}

export const SUBSCRIPTION_STATES = ['pending', 'active', 'ending'] as const
/**
 * `pending` is wanted, and the service was not told yet, or it is not known whether it was; `active` stands at the service; `ending` is not
 * wanted any more, and the service has to be told. One that it was told of is deleted.
 */
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number]

export const subscriptionTransitions: Transitions<SubscriptionState> = {
  pending: ['active', 'ending'],
  active: ['pending', 'ending'],
  ending: [],
}

/** Whether a machine may go from one state to another. */
export function canMove<S extends string>(transitions: Transitions<S>, from: S, to: S): boolean {
  return transitions[from].includes(to)
}

/** Whether nothing can follow a state. */
export function isTerminal<S extends string>(transitions: Transitions<S>, state: S): boolean {
  return transitions[state].length === 0
}

/** The states from which `to` may be entered: what a guarded UPDATE names in its WHERE. */
export function sourcesOf<S extends string>(transitions: Transitions<S>, to: S): readonly S[] {
  const states = Object.keys(transitions) as S[] // the keys of a Transitions<S> are exactly S
  return states.filter((from) => transitions[from].includes(to))
}

/**
 * What a step, and with it its run, may wait for. `retry`: its next attempt; `network`: that there is a network again; `account`: that a person
 * signs in again where a service has withdrawn that.
 */
export const WAITS = ['retry', 'time', 'person', 'run', 'network', 'account'] as const
export type WaitFor = (typeof WAITS)[number]

/** The time at which a wait without a limit would end: the last one that a `Date` can hold. */
export const NEVER = 8_640_000_000_000_000
