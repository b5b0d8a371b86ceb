import type { Migration } from '../migration.ts'

/** What an incident is about, as the JSON of its fact. `message` keeps the sentences of older versions; nothing is written there any more. */
export const incidentsAreFacts: Migration = {
  version: 12,
  name: 'incidents are facts',
  statements: [`ALTER TABLE incident ADD COLUMN data TEXT CHECK (json_valid(data))`],
}
