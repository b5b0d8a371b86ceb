import { expect, test } from 'vitest'
import {
  canMove,
  OUTBOX_STATES,
  type OutboxState,
  outboxTransitions,
  RUN_STATES,
  type RunState,
  runTransitions,
  STEP_STATES,
  type StepState,
  SUBSCRIPTION_STATES,
  type SubscriptionState,
  stepTransitions,
  subscriptionTransitions,
} from '../domain/runs/states.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { handleDeadLetters, markDead } from './dead-letters.ts'
import type { Tx } from './executor.ts'
import { extendLease, type LeasedMessage, leaseDue, leaseHead, leaseSuspect, reclaimMessage } from './message-leases.ts'
import type { Database } from './open.ts'
import {
  cancelMessage,
  cancelMessages,
  insertMessage,
  returnMessage,
  settleMessage,
  wakeMessage,
} from './outbox-messages.ts'
import {
  endRelayed,
  leaveFleet,
  markRelayed,
  noteWorker,
  runOutgoingHere,
  runRelayedHere,
  sendAgain,
} from './relayed-messages.ts'
import { rowOf, text } from './row.ts'
import { insertRun, moveRun } from './runs.ts'
import { answerStep, endWaits, type StepRunRow, skipOpenSteps, writeStepRun } from './step-runs.ts'
import { getSubscription, type SubscriptionRow, writeSubscription } from './subscriptions.ts'
import { temporaryDatabase } from './test-database.ts'
import { insertEvent } from './trigger-events.ts'
import { insertVersion, insertZap } from './zaps.ts'

const NOW = 1_000_000
const LATER = NOW + 60_000

/** A database with one zap and one event. */
async function setUp(): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    insertEvent(tx, {
      id: 'evt',
      zapId: 'zap',
      triggerStepId: 'hook',
      dedupeKey: null,
      data: '{}',
      receivedAt: NOW,
      parentRunId: null,
      depth: 0,
    })
  })
  return database
}

const pairs = <S extends string>(states: readonly S[]): [S, S][] =>
  states.flatMap((from) => states.map((to): [S, S] => [from, to]))

const isDone = (state: string): boolean => ['succeeded', 'failed', 'cancelled', 'skipped'].includes(state)

/** Brings a new run into a state, by the moves that the app makes. */
function runIn(tx: Tx, state: RunState): void {
  insertRun(tx, { id: 'run', zapId: 'zap', version: 1, eventId: 'evt', now: NOW })
  if (state !== 'running') expect(moveRun(tx, 'run', state, runDetails(state, 'before'))).toBe(true)
}

const runDetails = (state: RunState, message: string) => ({
  reason: { code: 'internal' as const, message },
  finishedAt: isDone(state) ? NOW : null,
  resumesAt: state === 'waiting' ? LATER : null,
})

test.each(pairs(RUN_STATES))('a run that is %s becomes %s exactly when the table says so', async (from, to) => {
  const database = await setUp()
  const { before, isMoved, after } = await database.write((tx) => {
    runIn(tx, from)
    const look = () => tx.get(rowOf({ state: text }), 'SELECT * FROM run')
    const before = look()
    return { before, isMoved: moveRun(tx, 'run', to, runDetails(to, 'after')), after: look() }
  })
  expect(isMoved).toBe(canMove(runTransitions, from, to))
  if (isMoved) expect(after).toMatchObject({ state: to, reason_code: 'internal', reason_data: '{"message":"after"}' })
  else expect(after).toEqual(before)
})

/** Brings a new message into a state, by the moves that the app makes. */
function messageIn(tx: Tx, state: OutboxState): LeasedMessage {
  const ids = { zapId: 'zap', version: 1, eventId: 'evt', runId: 'run' }
  const isSentOn = state === 'outgoing' || state === 'relayed'
  insertMessage(tx, { kind: 'start-run', ...ids, availableAt: NOW, now: NOW, state: isSentOn ? 'outgoing' : 'pending' })
  const held: LeasedMessage = {
    id: 1,
    kind: 'start-run',
    ...ids,
    deliveries: 1,
    crashes: 0,
    failures: 0,
    leaseToken: 'host.1',
  }
  if (state === 'relayed') expect(markRelayed(tx, 1, '7', NOW)).toBe(true)
  if (state === 'pending' || state === 'outgoing' || state === 'relayed') return held
  if (state === 'cancelled') {
    cancelMessage(tx, 1, NOW)
    return held
  }
  leaseDue(tx, { zapId: 'zap', limit: 1, now: NOW, until: LATER, token: 'host.1', maxCrashes: 9 })
  if (state !== 'leased') expect(settleMessage(tx, held, state, NOW)).toBe(true)
  return held
}

/** Everything that the app can do with a message: where that leads from where, or null when it keeps its state. */
const messageMoves: Record<
  string,
  { from: OutboxState | readonly OutboxState[]; to: OutboxState | null; move(tx: Tx, message: LeasedMessage): unknown }
> = {
  leaseDue: {
    from: 'pending',
    to: 'leased',
    move: (tx) => leaseDue(tx, { zapId: 'zap', limit: 9, now: NOW, until: LATER, token: 'new.1', maxCrashes: 9 }),
  },
  leaseHead: {
    from: 'pending',
    to: 'leased',
    move: (tx) => leaseHead(tx, { zapId: 'zap', now: NOW, until: LATER, token: 'new.1', maxCrashes: 9 }),
  },
  leaseSuspect: {
    from: 'pending',
    to: 'leased',
    move: (tx) => leaseSuspect(tx, { now: NOW, until: LATER, token: 'new.1', minCrashes: 0 }),
  },
  cancelMessage: { from: 'pending', to: 'cancelled', move: (tx) => cancelMessage(tx, 1, NOW) },
  cancelMessages: { from: 'pending', to: 'cancelled', move: (tx) => cancelMessages(tx, 'run', NOW) },
  deliver: { from: 'leased', to: 'delivered', move: (tx, message) => settleMessage(tx, message, 'delivered', NOW) },
  giveUp: { from: 'leased', to: 'dead', move: (tx, message) => settleMessage(tx, message, 'dead', NOW) },
  returnMessage: { from: 'leased', to: 'pending', move: (tx, message) => returnMessage(tx, message, LATER) },
  reclaimMessage: { from: 'leased', to: 'pending', move: (tx) => reclaimMessage(tx, { id: 1, crashes: 1 }, NOW) },
  markDead: {
    from: 'leased',
    to: 'dead',
    move: (tx) => markDead(tx, { id: 1, crashes: 3 }, NOW, { code: 'stood-still' }),
  },
  extendLease: { from: 'leased', to: null, move: (tx, message) => extendLease(tx, message, LATER + 1) },
  handleDeadLetters: { from: 'dead', to: null, move: (tx) => handleDeadLetters(tx, 'zap', 'run', LATER) },
  markRelayed: { from: 'outgoing', to: 'relayed', move: (tx) => markRelayed(tx, 1, '7', NOW) },
  noteWorker: { from: ['outgoing', 'relayed'], to: 'relayed', move: (tx) => noteWorker(tx, 'evt', 'office', NOW) },
  endRelayed: { from: ['outgoing', 'relayed'], to: 'delivered', move: (tx) => endRelayed(tx, 'evt', NOW) },
  sendAgain: { from: 'relayed', to: 'outgoing', move: (tx) => sendAgain(tx, 1, NOW) },
  runRelayedHere: { from: ['outgoing', 'relayed'], to: 'pending', move: (tx) => runRelayedHere(tx, 'evt', NOW) },
  leaveFleet: { from: ['outgoing', 'relayed'], to: 'pending', move: (tx) => leaveFleet(tx, NOW) },
  runOutgoingHere: { from: 'outgoing', to: 'pending', move: (tx) => runOutgoingHere(tx, [1], NOW) },
  // Only one that has been worked on before can be woken.
  wakeMessage: { from: 'pending', to: null, move: (tx) => wakeMessage(tx, 'run', NOW - 1) },
}

test('what can be done with messages makes every transition of the table, and no other', () => {
  const made = Object.values(messageMoves).flatMap(({ from, to }) =>
    to === null ? [] : [from].flat().flatMap((one) => (one === to ? [] : [`${one} → ${to}`])),
  )
  const drawn = pairs(OUTBOX_STATES).filter(([from, to]) => canMove(outboxTransitions, from, to))
  expect([...new Set(made)].sort()).toEqual(drawn.map(([from, to]) => `${from} → ${to}`).sort())
})

test.each(
  Object.keys(messageMoves).flatMap((name) => OUTBOX_STATES.map((state): [string, OutboxState] => [name, state])),
)('%s of a message that is %s changes it only when it may', async (name, state) => {
  const database = await setUp()
  const { from, to, move } = messageMoves[name] ?? { from: [], to: null, move: () => undefined }
  const { before, after } = await database.write((tx) => {
    const message = messageIn(tx, state)
    const look = () => tx.get(rowOf({ state: text }), 'SELECT * FROM outbox_message')
    const before = look()
    move(tx, message)
    return { before, after: look() }
  })
  if (![from].flat().includes(state)) expect(after).toEqual(before)
  else expect(after?.state).toBe(to ?? state)
})

test.each(['deliver', 'giveUp', 'returnMessage', 'extendLease'])(
  '%s needs the lease, and not just any',
  async (name) => {
    const database = await setUp()
    const { before, after } = await database.write((tx) => {
      const message = messageIn(tx, 'leased')
      const look = () => tx.get(rowOf({}), 'SELECT * FROM outbox_message')
      const before = look()
      messageMoves[name]?.move(tx, { ...message, leaseToken: 'another.1' })
      return { before, after: look() }
    })
    expect(after).toEqual(before)
  },
)

const stepRow = (state: StepState): StepRunRow => ({
  stepId: 'step',
  scope: '',
  state,
  ports: isDone(state) ? '["main"]' : null,
  input: null,
  output: null,
  attemptNo: 1,
  attemptStartedAt: NOW,
  finishedAt: isDone(state) ? NOW : null,
  nextAttemptAt: state === 'waiting' ? LATER : null,
  exhausted: false,
  endsRun: null,
  wait: state === 'waiting' ? { for: 'retry', since: NOW } : null,
})

/** A `running` in between need not be written: a step that is done at once, or goes on after a wait, has only its end journaled. */
const mayFollow = (from: StepState, to: StepState): boolean =>
  canMove(stepTransitions, from, to) ||
  (canMove(stepTransitions, from, 'running') && canMove(stepTransitions, 'running', to))

// A step without a line is pending: nobody writes that it is.
test.each(pairs(STEP_STATES).filter((pair) => pair.join() !== 'pending,pending'))(
  'a step that is %s becomes %s exactly when the table says so',
  async (from, to) => {
    const database = await setUp()
    const { before, error, after } = await database.write((tx) => {
      runIn(tx, 'running')
      if (from !== 'pending') writeStepRun(tx, 'run', stepRow(from))
      const look = () => tx.get(rowOf({ state: text }), 'SELECT * FROM step_run')
      const before = look()
      let error: unknown
      try {
        writeStepRun(tx, 'run', stepRow(to))
      } catch (thrown) {
        error = thrown
      }
      return { before, error, after: look() }
    })
    if (mayFollow(from, to)) {
      expect(error).toBeUndefined()
      expect(after?.state).toBe(to)
    } else {
      expect(error).toBeInstanceOf(Error)
      expect(after).toEqual(before)
    }
  },
)

test.each(STEP_STATES.filter((state) => state !== 'pending'))(
  'the end of its run closes a step that is %s only when it is open, and only a waiting one is hastened or answered',
  async (state) => {
    const database = await setUp()
    const moved = async (move: (tx: Tx) => unknown) =>
      database.write((tx) => {
        tx.run('DELETE FROM step_run')
        tx.run('DELETE FROM run')
        runIn(tx, 'running')
        writeStepRun(tx, 'run', stepRow(state))
        const look = () => JSON.stringify(tx.get(rowOf({}), 'SELECT * FROM step_run'))
        const before = look()
        move(tx)
        return look() !== before
      })
    expect(await moved((tx) => skipOpenSteps(tx, 'run', LATER))).toBe(state === 'running' || state === 'waiting')
    expect(await moved((tx) => endWaits(tx, 'run', ['retry'], NOW))).toBe(state === 'waiting')
    expect(
      await moved((tx) => answerStep(tx, { runId: 'run', stepId: 'step', scope: '', waitFor: 'retry' }, '1')),
    ).toBe(state === 'waiting')
  },
)

function subscriptionIn(state: SubscriptionState): SubscriptionRow {
  const told = state === 'active' ? { url: 'https://example.com/hooks/x', data: '{}' } : { url: null, data: null }
  const times = { sealed: null, expiresAt: null, nextAt: NOW, triedAt: null }
  const calm = { failures: 0, failingSince: null, error: null }
  return { id: 'sub', zapId: 'zap', stepId: 'hook', version: 1, subject: 'one', state, ...told, ...times, ...calm }
}

test.each(pairs(SUBSCRIPTION_STATES))(
  'a subscription that is %s becomes %s exactly when the table says so',
  async (from, to) => {
    const database = await setUp()
    const [isMoved, after] = await database.write((tx) => {
      writeSubscription(tx, subscriptionIn(from))
      return [writeSubscription(tx, subscriptionIn(to)), getSubscription(tx, 'sub')?.state]
    })
    const isAllowed = from === to || canMove(subscriptionTransitions, from, to)
    expect([isMoved, after]).toEqual([isAllowed, isAllowed ? to : from])
  },
)

test.each([
  ['a run in no known state', `UPDATE run SET state = 'lost'`],
  ['a run that ended without a time', `UPDATE run SET state = 'failed'`],
  ['a run that goes on with an end', `UPDATE run SET finished_at = 1`],
  ['a run that does not wait and resumes', `UPDATE run SET resumes_at = 1`],
  ['an outcome that is none', `UPDATE run SET outcome = 'lucky'`],
  ['a run that was filtered and goes on', `UPDATE run SET outcome = 'filtered'`],
  ['a run that was replayed and has not failed', `UPDATE run SET outcome = 'replayed'`],
  ['a message in no known state', `UPDATE outbox_message SET state = 'lost'`],
  ['a message of no known kind', `UPDATE outbox_message SET kind = 'other'`],
  ['a lease without a token', `UPDATE outbox_message SET state = 'leased', leased_until = 1`],
  ['a lease without an end', `UPDATE outbox_message SET state = 'leased', lease_token = 'x'`],
  ['a token without a lease', `UPDATE outbox_message SET lease_token = 'x'`],
  ['a message that is done without a time', `UPDATE outbox_message SET state = 'delivered'`],
  ['a message that is settled and pending', `UPDATE outbox_message SET settled_at = 1`],
  ['a step in no known state', `UPDATE step_run SET state = 'lost'`],
  ['a step that is done without a time', `UPDATE step_run SET state = 'succeeded'`],
  ['a step that goes on with an end', `UPDATE step_run SET finished_at = 1`],
  ['a step that waits for no time', `UPDATE step_run SET state = 'waiting'`],
  ['a step that has a next attempt and does not wait', `UPDATE step_run SET next_attempt_at = 1`],
  ['a subscription in no known state', `UPDATE subscription SET state = 'lost'`],
  ['a subscription that stands nowhere', `UPDATE subscription SET state = 'active'`],
  ['a failure of a subscription without a time', `UPDATE subscription SET failures = 1`],
  ['a decision that is none', `UPDATE approval SET decision = 'maybe', decided_at = 1`],
  ['a decision without a time', `UPDATE approval SET decision = 'approved'`],
  ['a time without a decision', `UPDATE approval SET decided_at = 1`],
])('the database itself refuses %s', async (_what, sql) => {
  const database = await setUp()
  await database.write((tx) => {
    runIn(tx, 'running')
    messageIn(tx, 'pending')
    writeStepRun(tx, 'run', stepRow('running'))
    writeSubscription(tx, subscriptionIn('pending'))
    tx.run(`INSERT INTO approval (run_id, step_id, message, data, requested_at) VALUES ('run', 'step', '?', '1', 1)`)
  })
  await expect(database.write((tx) => tx.run(sql))).rejects.toThrow('CHECK constraint failed')
})
