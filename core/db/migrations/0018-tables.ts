import type { Migration } from '../migration.ts'

/**
 * Tables that zaps and people fill. A row's `place` is its table's id times 2^32 and its number in the table, so that the rows of a table lie
 * beside each other without an index. `cells` is a list with a value for each column, `columns` a list that only grows: a cell is found by its
 * place, however its column is called by now. `data_key_entry` finds rows by columns that zaps look up.
 */
export const tables: Migration = {
  version: 18,
  name: 'tables',
  statements: [
    `CREATE TABLE data_table (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      former TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(former)),
      columns TEXT NOT NULL CHECK (json_valid(columns)),
      next_row INTEGER NOT NULL DEFAULT 1,
      row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0),
      revision INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      removed_at INTEGER
    ) STRICT`,
    `CREATE UNIQUE INDEX data_table_name ON data_table (name_key) WHERE removed_at IS NULL`,
    `CREATE TABLE data_row (
      place INTEGER PRIMARY KEY,
      cells TEXT NOT NULL CHECK (json_valid(cells)),
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      by_zap TEXT,
      by_run TEXT
    ) STRICT`,
    `CREATE INDEX data_row_large ON data_row (place) WHERE instr(cells, '$blob') > 0`,
    `CREATE INDEX memory_change_large ON memory_change (by) WHERE instr(result, '$blob') > 0`,
    `CREATE TABLE data_key (
      id INTEGER PRIMARY KEY,
      table_id INTEGER NOT NULL REFERENCES data_table (id),
      columns TEXT NOT NULL CHECK (json_valid(columns)),
      indexed_to INTEGER,
      UNIQUE (table_id, columns)
    ) STRICT`,
    `CREATE TABLE data_key_entry (
      key_id INTEGER NOT NULL,
      value TEXT NOT NULL,
      row INTEGER NOT NULL,
      PRIMARY KEY (key_id, value, row)
    ) STRICT, WITHOUT ROWID`,
  ],
}
