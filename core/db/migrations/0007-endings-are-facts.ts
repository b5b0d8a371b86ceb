import type { Migration } from '../migrate.ts'

/**
 * What a step's end means for its run, stored with the step, so that a resumed run need not guess it: whether it failed after all of
 * its attempts, and how it ended the run (JSON of an `EndRun`: state and reason).
 */
export const endingsAreFacts: Migration = {
  version: 7,
  name: 'endings are facts',
  statements: [
    `ALTER TABLE step_run ADD COLUMN exhausted INTEGER NOT NULL DEFAULT 0 CHECK (exhausted IN (0, 1))`,
    `ALTER TABLE step_run ADD COLUMN ends_run TEXT CHECK (json_valid(ends_run))`,
  ],
}
