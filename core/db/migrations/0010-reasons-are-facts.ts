import type { Migration } from '../migration.ts'

/**
 * Why a run is in its state, and why a message was given up, as facts: a code and the JSON of its parameters, of which sentences are
 * made when they are shown. `reason` and `last_error` keep what older versions stored as sentences; nothing is written there any more.
 */
export const reasonsAreFacts: Migration = {
  version: 10,
  name: 'reasons are facts',
  statements: [
    `ALTER TABLE run ADD COLUMN reason_code TEXT`,
    `ALTER TABLE run ADD COLUMN reason_data TEXT CHECK (json_valid(reason_data))`,
    `ALTER TABLE outbox_message ADD COLUMN reason_code TEXT`,
    `ALTER TABLE outbox_message ADD COLUMN reason_data TEXT CHECK (json_valid(reason_data))`,
  ],
}
