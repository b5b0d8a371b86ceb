import type Sqlite from 'better-sqlite3'
import { type Failpoint, noFailpoint } from '../domain/runs/failpoint.ts'
import { DatabaseError } from './database-error.ts'
import type { Migration } from './migration.ts'
import { firstSchema } from './migrations/0001-first-schema.ts'
import { everyShapeOfZap } from './migrations/0002-every-shape-of-zap.ts'
import { inbox } from './migrations/0003-inbox.ts'
import { webhooks } from './migrations/0004-webhooks.ts'
import { testsAndVersionNames } from './migrations/0005-tests-and-version-names.ts'
import { historyKeptForATime } from './migrations/0006-history-kept-for-a-time.ts'
import { endingsAreFacts } from './migrations/0007-endings-are-facts.ts'
import { permissions } from './migrations/0008-permissions.ts'
import { replayedAndFiltered } from './migrations/0009-replayed-and-filtered.ts'
import { reasonsAreFacts } from './migrations/0010-reasons-are-facts.ts'
import { openWords } from './migrations/0011-open-words.ts'
import { incidentsAreFacts } from './migrations/0012-incidents-are-facts.ts'
import { polls } from './migrations/0013-polls.ts'
import { folderWatches } from './migrations/0014-folder-watches.ts'
import { subscriptions } from './migrations/0015-subscriptions.ts'
import { memory } from './migrations/0016-memory.ts'
import { approvalsAskForMore } from './migrations/0017-approvals-ask-for-more.ts'
import { tables } from './migrations/0018-tables.ts'
import { signIns } from './migrations/0019-sign-ins.ts'
import { fileChanges } from './migrations/0020-file-changes.ts'
import { connections } from './migrations/0021-connections.ts'
import { importedApis } from './migrations/0022-imported-apis.ts'
import { titlesOfCredentials } from './migrations/0023-titles-of-credentials.ts'
import { relayedMessages } from './migrations/0024-relayed-messages.ts'
import { storedObjects } from './migrations/0025-stored-objects.ts'
import { turns } from './migrations/0026-turns.ts'
import { checkForeignKeys, rebuildTable } from './rebuild-table.ts'

/** Every migration, oldest first; versions count up from 1 without gaps. */
export const migrations: readonly Migration[] = [
  firstSchema,
  everyShapeOfZap,
  inbox,
  webhooks,
  testsAndVersionNames,
  historyKeptForATime,
  endingsAreFacts,
  permissions,
  replayedAndFiltered,
  reasonsAreFacts,
  openWords,
  incidentsAreFacts,
  polls,
  folderWatches,
  subscriptions,
  memory,
  approvalsAskForMore,
  tables,
  signIns,
  fileChanges,
  connections,
  importedApis,
  titlesOfCredentials,
  relayedMessages,
  storedObjects,
  turns,
]

/** The schema version of a database; 0 for a new one. */
export function schemaVersion(connection: Sqlite.Database): number {
  return Number(connection.pragma('user_version', { simple: true }))
}

/**
 * Brings a database up to the newest schema, each migration in a transaction of its own that also sets `user_version`.
 * `backup` is called once before the first of them changes a database that already holds data.
 *
 * @throws DatabaseError `newer` when the database was written by a newer Hookline; nothing is changed then.
 */
export function migrate(
  connection: Sqlite.Database,
  backup: (fromVersion: number) => void,
  known: readonly Migration[] = migrations,
  failpoint: Failpoint = noFailpoint,
): void {
  const current = schemaVersion(connection)
  const newest = known.at(-1)?.version ?? 0
  if (current > newest) {
    throw new DatabaseError(
      'newer',
      `The database was written by a newer Hookline (its format is ${current}, this one knows ${newest}): ` +
        'install the newer Hookline again; nothing was changed.',
    )
  }
  const due = known.filter((migration) => migration.version > current)
  if (due.length > 0 && current > 0) {
    backup(current)
    failpoint('before-migration')
  }
  for (const migration of due) {
    const { rebuilds = [] } = migration
    // Inside a transaction the pragma does nothing, so it stands around it.
    if (rebuilds.length > 0) connection.pragma('foreign_keys = OFF')
    try {
      connection
        .transaction(() => {
          for (const rebuild of rebuilds) rebuildTable(connection, rebuild)
          for (const statement of migration.statements) connection.exec(statement)
          if (rebuilds.length > 0) checkForeignKeys(connection)
          connection.pragma(`user_version = ${migration.version}`)
          failpoint('during-migration')
        })
        .immediate()
    } finally {
      if (rebuilds.length > 0) connection.pragma('foreign_keys = ON')
    }
    failpoint('after-migration')
  }
}
