import type { Migration } from '../migration.ts'

/**
 * What became of an ended run beside its state: `filtered` succeeded without reaching an end, as a step let nothing through; `replayed`
 * failed or was cancelled, and was run again. `shown` is what lists call a run and are narrowed by, so the indexes go by it.
 */
export const replayedAndFiltered: Migration = {
  version: 9,
  name: 'replayed and filtered',
  statements: [
    `ALTER TABLE run ADD COLUMN outcome TEXT CHECK (outcome IS NULL OR (outcome = 'filtered' AND state = 'succeeded')
      OR (outcome = 'replayed' AND state IN ('failed', 'cancelled')))`,
    `ALTER TABLE run ADD COLUMN shown TEXT GENERATED ALWAYS AS (coalesce(outcome, state)) VIRTUAL`,
    `UPDATE run SET outcome = 'replayed' WHERE state IN ('failed', 'cancelled')
      AND id IN (SELECT replay_of_run_id FROM run WHERE replay_of_run_id IS NOT NULL)`,
    // Of runs of before only the words tell it. With several branches one may have reached its end; then the run did something.
    `UPDATE run SET outcome = 'filtered' WHERE state = 'succeeded' AND reason GLOB 'Stopped by "*'`,
    `DROP INDEX run_in_state`,
    `DROP INDEX run_of_zap_in_state`,
    `CREATE INDEX run_shown ON run (shown, id)`,
    `CREATE INDEX run_of_zap_shown ON run (zap_id, shown, id)`,
  ],
}
