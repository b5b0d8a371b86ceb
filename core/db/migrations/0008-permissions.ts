import type { Migration } from '../migration.ts'

/**
 * What a zap may touch (null for one that its owner made, of which nothing was switched off: also for every zap that was there before),
 * and the hosts to which a credential may go (null for all).
 */
export const permissions: Migration = {
  version: 8,
  name: 'permissions',
  statements: [
    `ALTER TABLE zap ADD COLUMN permissions TEXT CHECK (permissions IS NULL OR json_valid(permissions))`,
    `ALTER TABLE credential ADD COLUMN hosts TEXT CHECK (hosts IS NULL OR json_valid(hosts))`,
  ],
}
