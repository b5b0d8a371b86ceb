import Sqlite from 'better-sqlite3'

/** Opens a new database, and gives a function that commits an event and its message in one transaction of its own. */
export function openTwoRows(file: string, synchronous: 'FULL' | 'NORMAL'): (body: string) => void {
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${synchronous}`)
  database.exec(`
    CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, state TEXT NOT NULL, event_id INTEGER NOT NULL) STRICT;
  `)
  const event = database.prepare<[string]>('INSERT INTO event (body) VALUES (?)')
  const message = database.prepare<[number | bigint]>("INSERT INTO message (state, event_id) VALUES ('leased', ?)")
  return database.transaction((body: string) => {
    message.run(event.run(body).lastInsertRowid)
  }).immediate
}
