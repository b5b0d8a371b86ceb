import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { checkLargeValues, checkSecrets } from './check-files.ts'
import { checkPromises } from './check-promises.ts'
import { checkStates, STATE_RULES } from './check-states.ts'
import type { Evidence, Violation } from './evidence.ts'

/** Every promise that is checked, by the name that its violations carry. */
export const RULES: readonly string[] = [
  ...['integrity', 'foreign-keys', ...STATE_RULES],
  ...['lost-event', 'changed-event', 'repeat-not-recognised'],
  ...['effect-without-run', 'done-without-effect', 'done-while-it-stood-before-it', 'unsafe-step-repeated'],
  ...['large-value-missing', 'half-a-large-value', 'secret-in-a-file'],
]

/**
 * Looks for broken promises in what a stopped host left behind. It shares no code with the core and only reads, so a mistake of the core
 * is not repeated here.
 */
export function check(evidence: Evidence): Violation[] {
  const database = new Sqlite(join(evidence.dataDir, 'hookline.db'), { readonly: true })
  try {
    return [
      ...checkStates(database, evidence.now),
      ...checkPromises(database, evidence),
      ...checkLargeValues(database, evidence.dataDir),
      ...checkSecrets(evidence),
    ]
  } finally {
    database.close()
  }
}
