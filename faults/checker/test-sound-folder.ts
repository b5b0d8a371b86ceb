import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../../core/db/open.ts'
import type { Evidence } from './evidence.ts'

export const NOW = 1_800_000_000_000
export const SECRET = 'planted-secret-0123456789'

/** The content of the one large value. */
const LARGE = JSON.stringify({ body: 'x'.repeat(1_000), remoteAddress: null })
export const BLOB = createHash('sha256').update(LARGE).digest('hex')

const ROWS = `
  INSERT INTO zap (id, name, enabled, live_version, draft, draft_revision, created_at, updated_at)
    VALUES ('zap', 'A zap', 1, 1, '{}', 1, 0, 0);
  INSERT INTO zap_version (zap_id, number, kind, definition, created_at) VALUES ('zap', 1, 'published', '{}', 0);
  INSERT INTO trigger_event (id, zap_id, trigger_step_id, dedupe_key, data, received_at) VALUES
    ('evt_1', 'zap', 'hook', 'idempotency-key:a', '{"body":{"n":1,"text":""},"remoteAddress":"::1"}', 0),
    ('evt_2', 'zap', 'hook', NULL, '{"body":{"n":2,"text":""},"remoteAddress":"::1"}', 0),
    ('evt_3', 'zap', 'hook', NULL, '{"$blob":"${BLOB}","bytes":${LARGE.length},"type":"json"}', 0),
    ('evt_4', 'zap', 'hook', NULL, '{"dueAt":"never"}', 0),
    ('evt_5', 'zap', 'hook', NULL, '{"body":{"n":5,"text":""}}', 0),
    ('evt_7', 'zap', 'hook', NULL, '{"body":{"n":7,"text":""}}', 0);
  INSERT INTO webhook_request (received_at, method, path, verdict, status, zap_id, event_id) VALUES
    (0, 'POST', '/hooks/in', 'accepted', 200, 'zap', 'evt_1'),
    (0, 'POST', '/hooks/in', 'accepted', 200, 'zap', 'evt_2');
  INSERT INTO run (id, zap_id, version, event_id, state, started_at, finished_at, waits_for) VALUES
    ('run_1', 'zap', 1, 'evt_1', 'succeeded', 0, 1, NULL),
    ('run_2', 'zap', 1, 'evt_2', 'waiting', 0, NULL, 'person'),
    ('run_3', 'zap', 1, 'evt_3', 'failed', 0, 1, NULL),
    ('run_4', 'zap', 1, 'evt_4', 'cancelled', 0, 1, NULL),
    ('run_5', 'zap', 1, 'evt_5', 'waiting', 0, NULL, 'retry'),
    ('run_7', 'zap', 1, 'evt_7', 'waiting', 0, NULL, NULL);
  INSERT INTO test_run VALUES ('run_7', '{}', 'every-step', '[]', ${NOW + 60_000});
  INSERT INTO outbox_message (kind, state, zap_id, version, event_id, run_id, available_at, deliveries, created_at, settled_at)
    VALUES
    ('start-run', 'delivered', 'zap', 1, 'evt_1', 'run_1', 0, 1, 0, 1),
    ('start-run', 'pending', 'zap', 1, 'evt_2', 'run_2', 8640000000000000, 1, 0, NULL),
    ('start-run', 'dead', 'zap', 1, 'evt_3', 'run_3', 0, 1, 0, 1),
    ('start-run', 'cancelled', 'zap', 1, 'evt_4', 'run_4', 0, 0, 0, 1),
    ('start-run', 'pending', 'zap', 1, 'evt_5', 'run_5', ${NOW + 60_000}, 1, 0, NULL);
  INSERT INTO step_run (run_id, step_id, state, output, finished_at, next_attempt_at, wait_for) VALUES
    ('run_1', 'post', 'succeeded', '{"status":200}', 1, NULL, NULL),
    ('run_2', 'ask', 'waiting', NULL, NULL, 8640000000000000, 'person'),
    ('run_3', 'post', 'failed', NULL, 1, NULL, NULL),
    ('run_5', 'post', 'waiting', NULL, NULL, ${NOW + 60_000}, 'retry'),
    ('run_7', 'post', 'waiting', NULL, NULL, 8640000000000000, NULL);
  INSERT INTO attempt (run_id, step_id, n, started_at, finished_at, error_code, error_message)
    VALUES ('run_3', 'post', 1, 0, 1, 'http-500', 'no');
  INSERT INTO approval (run_id, step_id, message, data, requested_at) VALUES ('run_2', 'ask', 'Really?', 'null', 0);
`

/** What a host leaves behind that keeps every promise: a folder of this test, and what the world outside saw. */
export async function soundFolder(): Promise<Evidence> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hookline-checker-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 }))
  await openDatabase(dataDir).close()
  mkdirSync(join(dataDir, 'blobs'))
  writeFileSync(join(dataDir, 'blobs', BLOB), LARGE)
  tamper(dataDir, ROWS)
  return {
    dataDir,
    logFiles: [],
    now: NOW,
    acknowledged: [
      { eventId: 'evt_1', path: 'in', n: 1, senderId: 'a' },
      { eventId: 'evt_1', path: 'in', n: 1, senderId: 'a' },
      { eventId: 'evt_2', path: 'in', n: 2, senderId: null },
      { eventId: 'evt_3', path: 'in', n: 3, senderId: null },
    ],
    effects: new Map([['run_1:post', { key: 'run_1:post', path: '/', body: '1' }]]),
    effectSteps: ['post'],
    unsafeLines: ['run_1', 'run_3', 'run_3'],
    runAgain: new Map([['run_3', 1]]),
    markedDone: new Set(),
    secrets: [SECRET],
  }
}

/** Changes a database behind everybody's back, past every constraint. */
export function tamper(dataDir: string, sql: string): void {
  const database = new Sqlite(join(dataDir, 'hookline.db'))
  // Otherwise its own description would be out of reach.
  database.unsafeMode(true)
  database.pragma('foreign_keys = OFF')
  database.pragma('ignore_check_constraints = ON')
  database.exec(sql)
  database.close()
}
