import type { Migration } from '../migration.ts'

/**
 * What a host of a fleet sends on of one zap after the other: the next when the one before has ended, or rests until a person decides about its run. On a
 * host that stands alone the index is empty.
 */
export const turns: Migration = {
  version: 26,
  name: 'turns',
  statements: [
    `ALTER TABLE relayed_message ADD COLUMN is_resting INTEGER NOT NULL DEFAULT 0 CHECK (is_resting IN (0, 1))`,
    `CREATE INDEX outbox_turns ON outbox_message (zap_id, state, id) WHERE state IN ('outgoing', 'relayed')`,
  ],
}
