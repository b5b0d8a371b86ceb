import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { bytes, flag, integer, nullable, oneOf, rowOf, text } from './row.ts'
import { temporaryDatabase } from './test-database.ts'
import { listRequests } from './webhook-requests.ts'
import { getCurrentVersion } from './zaps.ts'

const row = rowOf({
  id: integer,
  word: oneOf(['a', 'b']),
  note: nullable(text),
  isOn: flag,
  sealed: bytes,
})
const whole = { id: 1, word: 'a', note: null, isOn: 1, sealed: new Uint8Array(2) }

test('a row is handed on as it is, with columns that nobody asked for', () => {
  const given = { ...whole, more: 'yes' }
  expect(row(given)).toBe(given)
})

test.each<[string, object, string]>([
  ['a number as text', { id: '1' }, 'the column id holds "1", which is not a number'],
  ['nothing', { word: null }, 'the column word holds null, which is not one of a, b'],
  ['another word', { word: 'c' }, 'the column word holds "c", which is not one of a, b'],
  ['a number as a note', { note: 7 }, 'the column note holds 7, which is not text, or nothing'],
  ['a truth of JavaScript', { isOn: true }, 'the column isOn holds true, which is not 0 or 1'],
  ['text as bytes', { sealed: 'x'.repeat(99) }, `the column sealed holds "${'x'.repeat(39)}…", which is not bytes`],
])('%s is refused, and the column named', (_what, part, message) => {
  expect(() => row({ ...whole, ...part })).toThrow(message)
})

test('a column that the SQL does not name is refused', () => {
  const { note: _note, ...rest } = whole
  expect(() => row(rest)).toThrow('the column note holds undefined')
})

test('a word that no Hookline wrote is an error where it is read, and harms no other row', async () => {
  const database = temporaryDatabase()
  const insert = (verdict: string) =>
    database.write((tx) =>
      tx.run(
        `INSERT INTO webhook_request (received_at, method, path, verdict, status) VALUES (1, 'POST', '/x', ?, 200)`,
        [verdict],
      ),
    )
  await insert('rate-limited')
  expect(await listRequests(database.reader, { verdict: 'rate-limited', limit: 5 })).toHaveLength(1)
  await insert('moonstruck')
  await expect(listRequests(database.reader, { limit: 5 })).rejects.toThrow('verdict holds "moonstruck"')
  expect(await listRequests(database.reader, { before: 2, limit: 5 })).toHaveLength(1)
  expect(await database.write((tx) => getCurrentVersion(tx, 'no such zap'))).toBeNull()
})

test('rows of SQLite are plain objects, which is what makes them cheap to read', () => {
  const connection = new Sqlite(':memory:')
  const read = connection.prepare(`SELECT 1 AS id, 'a' AS word, NULL AS note, 0 AS isOn, x'00' AS sealed`).get()
  expect(row(read)).toMatchObject({ id: 1, isOn: 0 })
  connection.close()
})
