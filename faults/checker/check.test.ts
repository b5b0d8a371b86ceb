import { rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check } from './check.ts'
import { STATE_RULES } from './check-states.ts'
import type { Evidence } from './evidence.ts'
import { BLOB, NOW, SECRET, soundFolder, tamper } from './test-sound-folder.ts'

const rulesOf = (evidence: Evidence): string[] => [...new Set(check(evidence).map(({ rule }) => rule))]

test('a folder that keeps every promise has no violation', async () => {
  expect(check(await soundFolder())).toEqual([])
})

/** For each rule about rows, a change that breaks it. */
const broken: Record<string, string> = {
  'event-without-run': `DELETE FROM step_run WHERE run_id = 'run_3'; DELETE FROM attempt; DELETE FROM run WHERE id = 'run_3'`,
  'event-with-two-first-runs': `INSERT INTO run (id, zap_id, version, event_id, state, started_at, finished_at)
    VALUES ('run_6', 'zap', 2, 'evt_4', 'cancelled', 0, 1)`,
  'sender-id-with-two-events': `DROP INDEX trigger_event_dedupe;
    UPDATE trigger_event SET dedupe_key = 'idempotency-key:a' WHERE id = 'evt_2'`,
  'open-run-without-message': `DELETE FROM outbox_message WHERE run_id = 'run_5'`,
  'run-with-two-open-messages': `INSERT INTO outbox_message
      (kind, state, zap_id, version, event_id, run_id, available_at, deliveries, created_at)
    VALUES ('resume-run', 'pending', 'zap', 1, 'evt_5', 'run_5', ${NOW + 1}, 1, 0)`,
  'ended-run-with-open-message': `UPDATE outbox_message SET state = 'pending', settled_at = NULL, available_at = ${NOW + 1}
    WHERE run_id = 'run_1'`,
  'message-done-and-run-not': `UPDATE outbox_message SET state = 'cancelled' WHERE run_id = 'run_1'`,
  'dead-letter-of-a-run-that-did-not-fail': `UPDATE outbox_message SET state = 'dead' WHERE run_id = 'run_4'`,
  'table-with-other-rows-than-it-counts': `INSERT INTO data_table (id, name, name_key, columns, row_count, created_at, changed_at)
    VALUES (1, 'T', 't', '[]', 2, 0, 0); INSERT INTO data_row VALUES (4294967297, '[]', 0, 0, NULL, NULL)`,
  'row-that-its-key-does-not-find': `INSERT INTO data_table (id, name, name_key, columns, row_count, created_at, changed_at)
    VALUES (1, 'T', 't', '[]', 1, 0, 0); INSERT INTO data_row VALUES (4294967297, '[]', 0, 0, NULL, NULL);
    INSERT INTO data_key (table_id, columns) VALUES (1, '[0]')`,
  'past-its-lease': `UPDATE outbox_message SET state = 'leased', lease_token = 'x.1', leased_until = ${NOW - 1}
    WHERE run_id = 'run_5'`,
  'due-and-left-lying': `UPDATE outbox_message SET available_at = ${NOW - 1} WHERE run_id = 'run_5'`,
  'begins-in-the-future': `UPDATE outbox_message SET deliveries = 0 WHERE run_id = 'run_5'`,
  'run-still-running': `UPDATE run SET state = 'running', waits_for = NULL WHERE id = 'run_5'`,
  'waits-for-nothing': `DELETE FROM step_run WHERE run_id = 'run_5'`,
  'paused-test-that-does-not-stand-still': `INSERT INTO test_run VALUES ('run_5', '{}', 'every-step', '[]', ${NOW + 1})`,
  'paused-test-that-stands-before-nothing': `UPDATE step_run SET wait_for = 'retry' WHERE run_id = 'run_7'`,
  'paused-test-past-its-end': `UPDATE test_run SET paused_until = ${NOW - 1}`,
  'stands-still-and-is-no-paused-test': 'DELETE FROM test_run',
  'stands-before-a-step-that-was-begun': `UPDATE step_run SET attempt_no = 1 WHERE run_id = 'run_7'`,
  'waits-for-a-person-whom-nobody-asks': 'DELETE FROM approval',
  'waits-without-a-time': `UPDATE outbox_message SET available_at = 8640000000000000 WHERE run_id = 'run_5'`,
  'question-of-an-ended-run': `UPDATE run SET state = 'cancelled', finished_at = 1, waits_for = NULL WHERE id = 'run_2'`,
  'open-step-of-an-ended-run': `UPDATE step_run SET state = 'running', finished_at = NULL WHERE run_id = 'run_3'`,
  'failed-step-without-its-error': 'DELETE FROM attempt',
  'run-that-ended-otherwise-than-its-step-said': `UPDATE step_run SET ends_run = '{"as":"failed","message":null}' WHERE run_id = 'run_1'`,
  'begun-behind-the-end': `UPDATE step_run SET step_id = 'late', attempt_no = 1 WHERE run_id = 'run_1'`,
  'dead-letter-of-a-plain-failure': `UPDATE outbox_message SET reason_code = 'step-failed' WHERE run_id = 'run_3'`,
  'webhook-event-without-inbox-line': `DELETE FROM webhook_request WHERE event_id = 'evt_2'`,
}

test('there is a broken database for every rule about rows', () => {
  expect(Object.keys(broken).sort()).toEqual([...STATE_RULES].sort())
})

test.each(Object.entries(broken))('%s is found', async (rule, sql) => {
  const evidence = await soundFolder()
  tamper(evidence.dataDir, sql)
  expect(rulesOf(evidence)).toContain(rule)
})

test('a row that points at nothing is found', async () => {
  const evidence = await soundFolder()
  tamper(evidence.dataDir, `UPDATE run SET zap_id = 'nowhere' WHERE id = 'run_4'`)
  expect(rulesOf(evidence)).toEqual(['foreign-keys'])
})

test('a database whose index does not fit its table is found', async () => {
  const evidence = await soundFolder()
  tamper(
    evidence.dataDir,
    `PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE INDEX run_shown ON run (id, shown)' WHERE name = 'run_shown'`,
  )
  expect(rulesOf(evidence)).toContain('integrity')
})

test('an event that was acknowledged and is not stored is found', async () => {
  const evidence = await soundFolder()
  const lost = { eventId: 'evt_9', path: 'in', n: 9, senderId: null }
  expect(rulesOf({ ...evidence, acknowledged: [...evidence.acknowledged, lost] })).toEqual(['lost-event'])
})

test('an event that holds something else than was sent is found', async () => {
  const evidence = await soundFolder()
  tamper(evidence.dataDir, `UPDATE trigger_event SET data = replace(data, '"n":2', '"n":3') WHERE id = 'evt_2'`)
  expect(rulesOf(evidence)).toEqual(['changed-event'])
})

test('a repeat that was taken for something new is found', async () => {
  const evidence = await soundFolder()
  const repeat = { eventId: 'evt_2', path: 'in', n: 2, senderId: 'a' }
  expect(rulesOf({ ...evidence, acknowledged: [...evidence.acknowledged, repeat] })).toEqual(['repeat-not-recognised'])
})

test('an effect that no run asked for is found', async () => {
  const evidence = await soundFolder()
  const effects = new Map([...evidence.effects, ['run_9:post', { key: 'run_9:post', path: '/', body: '9' }]])
  expect(rulesOf({ ...evidence, effects })).toEqual(['effect-without-run'])
})

test('a step that is said to be done and was not is found, unless a person said so', async () => {
  const evidence = await soundFolder()
  expect(rulesOf({ ...evidence, effects: new Map() })).toEqual(['done-without-effect'])
  expect(rulesOf({ ...evidence, effects: new Map(), markedDone: new Set(['run_1']) })).toEqual([])
})

test('a step that was done while its test stood before it is found', async () => {
  const evidence = await soundFolder()
  const effects = new Map([...evidence.effects, ['run_7:post', { key: 'run_7:post', path: '/', body: '7' }]])
  expect(rulesOf({ ...evidence, effects })).toEqual(['done-while-it-stood-before-it'])
})

test('an unsafe step that was repeated without a word from a person is found', async () => {
  const evidence = await soundFolder()
  expect(rulesOf({ ...evidence, runAgain: new Map() })).toEqual(['unsafe-step-repeated'])
})

test.each([
  ['gone', (file: string) => rmSync(file)],
  ['changed', (file: string) => writeFileSync(file, 'y'.repeat(1_000))],
])('a large value whose file is %s is found', async (_how, change) => {
  const evidence = await soundFolder()
  change(join(evidence.dataDir, 'blobs', BLOB))
  expect(rulesOf(evidence)).toEqual(['large-value-missing'])
})

test('a large value that was left half written is found', async () => {
  const evidence = await soundFolder()
  writeFileSync(join(evidence.dataDir, 'blobs', 'half.part'), 'x')
  expect(rulesOf(evidence)).toEqual(['half-a-large-value'])
})

test.each([
  ['as it is', SECRET],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in hex', Buffer.from(SECRET).toString('hex')],
])('a secret is found %s, wherever it is', async (_how, text) => {
  const evidence = await soundFolder()
  const log = join(evidence.dataDir, '..', `${NOW}-${text.slice(-8).replaceAll('/', '')}.log`)
  const handle = await open(log, 'w')
  // Across the border of what is read at once.
  await handle.write(text, 8_388_608 - 5)
  await handle.close()
  try {
    expect(rulesOf({ ...evidence, logFiles: [log] })).toEqual(['secret-in-a-file'])
  } finally {
    rmSync(log)
  }
  tamper(evidence.dataDir, `UPDATE zap SET name = '${text}'`)
  expect(rulesOf(evidence)).toEqual(['secret-in-a-file'])
})
