import type { Migration } from '../migration.ts'

/** What a person calls a credential; null where that is its name, to which zaps, their history and their exports go on to refer. */
export const titlesOfCredentials: Migration = {
  version: 23,
  name: 'titles-of-credentials',
  statements: [`ALTER TABLE credential ADD COLUMN title TEXT`],
}
