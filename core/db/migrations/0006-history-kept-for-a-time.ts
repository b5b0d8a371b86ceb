import type { Migration } from '../migration.ts'

/**
 * What the deletion of old runs looks up: the messages of an event (which its foreign key looks for, too), the replays of a run, what a
 * run called, tests of a version, and events of which only the key is remembered (`data` is then empty). All but the first are empty for
 * what webhooks and schedules start, so they cost the busy path nothing.
 */
export const historyKeptForATime: Migration = {
  version: 6,
  name: 'history kept for a time',
  statements: [
    `CREATE INDEX outbox_of_event ON outbox_message (event_id)`,
    `CREATE INDEX run_replays ON run (replay_of_run_id) WHERE replay_of_run_id IS NOT NULL`,
    `CREATE INDEX run_of_test_version ON run (zap_id, version) WHERE version < 0`,
    `CREATE INDEX trigger_event_called ON trigger_event (parent_run_id) WHERE parent_run_id IS NOT NULL`,
    `CREATE INDEX trigger_event_remembered ON trigger_event (received_at) WHERE data = ''`,
  ],
}
