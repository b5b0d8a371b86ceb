import type { Migration } from '../migration.ts'

/**
 * What a step's end means for its run, stored with the step, so that a resumed run need not guess it: whether it failed after all of its
 * attempts, and how it ended the run (JSON of an `EndRun`: state and reason). And how often a message's delivery failed without a step
 * being the cause.
 */
export const endingsAreFacts: Migration = {
  version: 7,
  name: 'endings are facts',
  statements: [
    `ALTER TABLE step_run ADD COLUMN exhausted INTEGER NOT NULL DEFAULT 0 CHECK (exhausted IN (0, 1))`,
    `ALTER TABLE step_run ADD COLUMN ends_run TEXT CHECK (json_valid(ends_run))`,
    // Deliveries also count a run's waits, which say nothing about how often it went wrong.
    `ALTER TABLE outbox_message ADD COLUMN failures INTEGER NOT NULL DEFAULT 0`,
  ],
}
