import type Sqlite from 'better-sqlite3'
import type { Violation } from './evidence.ts'

/** A promise about the rows of a database as a query for those that break it; each row has a `what` for the message. */
type Rule = { readonly rule: string; readonly sql: string }

/** The latest time there is: what waits until then waits for an answer. As in `core/domain/runs/states.ts`. */
const NEVER = 8_640_000_000_000_000

/** Each query gets the time as `@now` and the latest time there is as `@never`. */
const RULES: readonly Rule[] = [
  {
    rule: 'event-without-run',
    sql: `SELECT event.id AS what FROM trigger_event AS event
      WHERE NOT EXISTS (SELECT 1 FROM run WHERE event_id = event.id)
        AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE event_id = event.id AND (state IN ('pending', 'leased', 'outgoing', 'relayed') OR id IN (SELECT message_id FROM relayed_message)))`,
  },
  {
    rule: 'event-with-two-first-runs',
    sql: `SELECT event_id || ' has ' || count(*) AS what FROM run WHERE replay_of_run_id IS NULL
      GROUP BY event_id HAVING count(*) > 1`,
  },
  {
    rule: 'sender-id-with-two-events',
    sql: `SELECT zap_id || ' ' || dedupe_key AS what FROM trigger_event WHERE dedupe_key IS NOT NULL
      GROUP BY zap_id, trigger_step_id, dedupe_key HAVING count(*) > 1`,
  },
  {
    rule: 'open-run-without-message',
    sql: `SELECT id || ' is ' || state AS what FROM run WHERE state IN ('running', 'waiting')
      AND id NOT IN (SELECT run_id FROM test_run WHERE paused_until IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE run_id = run.id AND state IN ('pending', 'leased'))`,
  },
  {
    rule: 'run-with-two-open-messages',
    sql: `SELECT run_id || ' has ' || count(*) AS what FROM outbox_message WHERE state IN ('pending', 'leased')
      GROUP BY run_id HAVING count(*) > 1`,
  },
  {
    rule: 'ended-run-with-open-message',
    sql: `SELECT run.id || ' is ' || run.state || ', message ' || message.id || ' is ' || message.state AS what
      FROM run JOIN outbox_message AS message ON message.run_id = run.id
      WHERE run.state NOT IN ('running', 'waiting') AND message.state IN ('pending', 'leased')`,
  },
  {
    rule: 'message-done-and-run-not',
    sql: `SELECT id || ' is ' || state AS what FROM run WHERE state = 'succeeded'
      AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE run_id = run.id AND state = 'delivered')`,
  },
  {
    rule: 'dead-letter-of-a-run-that-did-not-fail',
    sql: `SELECT message.id || ' of ' || run.id || ', which is ' || run.state AS what
      FROM outbox_message AS message JOIN run ON run.id = message.run_id
      WHERE message.state = 'dead' AND message.handled_at IS NULL AND run.state NOT IN ('failed', 'needs-review')`,
  },
  {
    rule: 'table-with-other-rows-than-it-counts',
    sql: `SELECT name || ' counts ' || row_count AS what FROM data_table
      WHERE row_count <> (SELECT count(*) FROM data_row
        WHERE place >= data_table.id * 4294967296 AND place < (data_table.id + 1) * 4294967296) AND removed_at IS NULL`,
  },
  {
    rule: 'row-that-its-key-does-not-find',
    sql: `SELECT 'key ' || key.id || ' of table ' || key.table_id AS what FROM data_key AS key
      JOIN data_table AS own ON own.id = key.table_id
      WHERE key.indexed_to IS NULL AND own.removed_at IS NULL
        AND own.row_count <> (SELECT count(*) FROM data_key_entry WHERE key_id = key.id)`,
  },
  {
    rule: 'past-its-lease',
    sql: `SELECT 'message ' || id || ' of ' || run_id AS what FROM outbox_message
      WHERE state = 'leased' AND leased_until < @now`,
  },
  {
    rule: 'due-and-left-lying',
    sql: `SELECT 'message ' || message.id || ' of ' || run_id AS what
      FROM outbox_message AS message JOIN zap ON zap.id = zap_id
      WHERE state = 'pending' AND available_at <= @now`,
  },
  {
    rule: 'begins-in-the-future',
    sql: `SELECT 'message ' || id || ' of ' || run_id AS what FROM outbox_message
      WHERE state = 'pending' AND deliveries = 0 AND available_at > @now`,
  },
  {
    rule: 'run-still-running',
    sql: `SELECT id AS what FROM run WHERE state = 'running'`,
  },
  {
    rule: 'waits-for-nothing',
    sql: `SELECT id || ' waits for ' || coalesce(waits_for, 'what nobody says') AS what FROM run WHERE state = 'waiting'
      AND NOT EXISTS (SELECT 1 FROM step_run WHERE run_id = run.id AND state = 'waiting')`,
  },
  {
    rule: 'paused-test-that-does-not-stand-still',
    sql: `SELECT run.id || ' is ' || run.state AS what FROM test_run JOIN run ON run.id = run_id
      WHERE paused_until IS NOT NULL AND (run.state <> 'waiting'
        OR EXISTS (SELECT 1 FROM outbox_message AS message
          WHERE message.run_id = run.id AND message.state IN ('pending', 'leased')))`,
  },
  {
    rule: 'paused-test-that-stands-before-nothing',
    sql: `SELECT run_id AS what FROM test_run WHERE paused_until IS NOT NULL AND NOT EXISTS (SELECT 1 FROM step_run
      WHERE step_run.run_id = test_run.run_id AND state = 'waiting' AND wait_for IS NULL AND next_attempt_at >= @never)`,
  },
  {
    rule: 'paused-test-past-its-end',
    sql: `SELECT run_id AS what FROM test_run WHERE paused_until <= @now`,
  },
  {
    rule: 'stands-still-and-is-no-paused-test',
    sql: `SELECT run_id || ':' || step_id || ':' || scope AS what FROM step_run
      WHERE state = 'waiting' AND wait_for IS NULL AND next_attempt_at >= @never
        AND run_id NOT IN (SELECT run_id FROM test_run WHERE paused_until IS NOT NULL)`,
  },
  {
    rule: 'stands-before-a-step-that-was-begun',
    sql: `SELECT run_id || ':' || step_id || ':' || scope AS what FROM step_run
      WHERE state = 'waiting' AND wait_for IS NULL AND next_attempt_at >= @never
        AND (attempt_started_at IS NOT NULL OR attempt_no > 0 OR EXISTS (SELECT 1 FROM attempt
          WHERE attempt.run_id = step_run.run_id AND attempt.step_id = step_run.step_id AND attempt.scope = step_run.scope))`,
  },
  {
    rule: 'waits-for-a-person-whom-nobody-asks',
    sql: `SELECT run_id || ':' || step_id AS what FROM step_run WHERE state = 'waiting' AND wait_for = 'person'
      AND answer IS NULL AND NOT EXISTS (SELECT 1 FROM approval WHERE approval.run_id = step_run.run_id
        AND approval.step_id = step_run.step_id AND approval.scope = step_run.scope
        AND (decision IS NULL OR decision = 'expired'))`,
  },
  {
    rule: 'waits-without-a-time',
    sql: `SELECT run.id || ' waits for ' || run.waits_for AS what FROM run
      JOIN outbox_message AS message ON message.run_id = run.id AND message.state = 'pending'
      WHERE run.state = 'waiting' AND run.waits_for <> 'person' AND message.available_at >= @never`,
  },
  {
    rule: 'question-of-an-ended-run',
    sql: `SELECT run_id || ':' || step_id AS what FROM approval JOIN run ON run.id = run_id
      WHERE decision IS NULL AND run.state IN ('succeeded', 'failed', 'cancelled')`,
  },
  {
    rule: 'open-step-of-an-ended-run',
    sql: `SELECT run_id || ':' || step_id || ':' || scope || ' is ' || step_run.state AS what
      FROM step_run JOIN run ON run.id = run_id
      WHERE run.state IN ('succeeded', 'failed', 'cancelled') AND step_run.state IN ('pending', 'running', 'waiting')`,
  },
  {
    rule: 'failed-step-without-its-error',
    sql: `SELECT run_id || ':' || step_id || ':' || scope AS what FROM step_run WHERE state = 'failed'
      AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.run_id = step_run.run_id
        AND attempt.step_id = step_run.step_id AND attempt.scope = step_run.scope)`,
  },
  {
    rule: 'run-that-ended-otherwise-than-its-step-said',
    sql: `SELECT run.id || ' is ' || run.state AS what FROM step_run JOIN run ON run.id = run_id
      WHERE ends_run IS NOT NULL AND run.state NOT IN (ends_run ->> '$.as', 'cancelled')`,
  },
  {
    // A test that stops at breakpoints may be stopped before the step that ends it, while the others go on.
    rule: 'begun-behind-the-end',
    sql: `SELECT run_id || ':' || step_id AS what FROM step_run WHERE step_id = 'late' AND attempt_no > 0
      AND run_id NOT IN (SELECT run_id FROM test_run WHERE pauses IS NOT NULL)`,
  },
  {
    rule: 'dead-letter-of-a-plain-failure',
    sql: `SELECT message.id || ' of ' || message.run_id AS what FROM outbox_message AS message
      WHERE state = 'dead' AND reason_code = 'step-failed'
        AND NOT EXISTS (SELECT 1 FROM step_run WHERE run_id = message.run_id AND exhausted = 1)`,
  },
  {
    rule: 'webhook-event-without-inbox-line',
    sql: `SELECT event.id AS what FROM trigger_event AS event
      WHERE json_extract(event.data, '$.remoteAddress') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM webhook_request WHERE event_id = event.id AND verdict = 'accepted')`,
  },
]

/** Broken rows of one rule that are told; of more only how many. */
const TOLD = 5

/** Checks a database for soundness, and its rows against each other. */
export function checkStates(database: Sqlite.Database, now: number): Violation[] {
  return [...checkSoundness(database), ...RULES.flatMap((rule) => checkRule(database, rule, now))]
}

/** The names of all rules about rows, so that a test can show that each is enforced. */
export const STATE_RULES: readonly string[] = RULES.map(({ rule }) => rule)

function checkRule(database: Sqlite.Database, { rule, sql }: Rule, now: number): Violation[] {
  const statement = database.prepare<object, { what: string }>(sql)
  const rows = statement.all({ now, never: NEVER })
  if (rows.length <= TOLD) return rows.map(({ what }) => ({ rule, message: what }))
  const told = rows.slice(0, TOLD).map(({ what }) => what)
  return [{ rule, message: `${rows.length} times: ${told.join(', ')} …` }]
}

function checkSoundness(database: Sqlite.Database): Violation[] {
  const integrity = database.pragma('integrity_check', { simple: true })
  const orphans = database.pragma('foreign_key_check')
  return [
    ...(integrity === 'ok' ? [] : [{ rule: 'integrity', message: String(integrity) }]),
    ...(Array.isArray(orphans) && orphans.length > 0
      ? [{ rule: 'foreign-keys', message: `${orphans.length} rows, the first: ${JSON.stringify(orphans[0])}` }]
      : []),
  ]
}
