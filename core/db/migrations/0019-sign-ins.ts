import type { Migration } from '../migration.ts'

/**
 * What is known of the sign-in of a credential beside its secret: whose it is, what was granted (a JSON list of scopes), and since when its
 * service refuses it.
 */
export const signIns: Migration = {
  version: 19,
  name: 'sign-ins',
  statements: [
    `ALTER TABLE credential ADD COLUMN account TEXT`,
    `ALTER TABLE credential ADD COLUMN granted TEXT CHECK (granted IS NULL OR json_valid(granted))`,
    `ALTER TABLE credential ADD COLUMN withdrawn_at INTEGER`,
  ],
}
