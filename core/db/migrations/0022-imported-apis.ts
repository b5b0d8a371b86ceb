import type { Migration } from '../migration.ts'

/**
 * APIs that people added with their descriptions: what is known of each, its operations and events, and the schemas that these refer to. What has no
 * slug yet is only looked at. Bodies are JSON, packed where they are long.
 */
export const importedApis: Migration = {
  version: 22,
  name: 'imported APIs',
  statements: [
    `CREATE TABLE app (
      id INTEGER PRIMARY KEY,
      slug TEXT UNIQUE,
      title TEXT NOT NULL,
      version TEXT NOT NULL,
      kind TEXT NOT NULL,
      source TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      address TEXT NOT NULL,
      credential TEXT,
      servers TEXT NOT NULL CHECK (json_valid(servers)),
      sign_ins TEXT NOT NULL CHECK (json_valid(sign_ins)),
      problems TEXT NOT NULL CHECK (json_valid(problems)),
      operations INTEGER NOT NULL,
      events INTEGER NOT NULL,
      polls INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE app_operation (
      id INTEGER PRIMARY KEY,
      app_id INTEGER NOT NULL REFERENCES app (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      title TEXT NOT NULL,
      method TEXT NOT NULL,
      path TEXT NOT NULL,
      operation_id TEXT NOT NULL,
      tag TEXT NOT NULL,
      flags TEXT NOT NULL CHECK (json_valid(flags)),
      body BLOB NOT NULL,
      UNIQUE (app_id, key)
    ) STRICT`,
    `CREATE INDEX app_operation_id ON app_operation (app_id, operation_id)`,
    `CREATE TABLE app_part (
      app_id INTEGER NOT NULL REFERENCES app (id) ON DELETE CASCADE,
      ref TEXT NOT NULL,
      body BLOB NOT NULL,
      PRIMARY KEY (app_id, ref)
    ) STRICT, WITHOUT ROWID`,
    // Plain text that is looked through: an index of words would be a virtual table, and a database with such a one is refused as foreign.
    `CREATE TABLE app_search (
      operation_id INTEGER PRIMARY KEY REFERENCES app_operation (id) ON DELETE CASCADE,
      app_id INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX app_search_app ON app_search (app_id)`,
  ],
}
