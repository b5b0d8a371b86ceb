import type { Knex } from 'knex'
import { z } from 'zod'
import { type SignIn, signInSchema } from '../domain/openapi/api.ts'
import type { Tx } from './executor.ts'
import { bytes, integer, nullable, type Read, rowOf, text } from './row.ts'

/** What is known of an API that was added with its description. */
export type ImportedApp = {
  readonly id: number
  /** How zaps name it; null while it is only looked at. */
  readonly slug: string | null
  readonly title: string
  readonly version: string
  readonly kind: string
  /** The file or address that its description came from. */
  readonly source: string
  readonly bytes: number
  readonly sha256: string
  /** Where its requests go; a person's own. */
  readonly address: string
  readonly credential: string | null
  readonly servers: readonly string[]
  readonly signIns: readonly SignIn[]
  readonly problems: readonly string[]
  readonly operations: number
  readonly events: number
  readonly polls: number
  readonly createdAt: number
  readonly changedAt: number
}

/** What lists say of an operation or an event. */
const flagsSchema = z.object({
  isEvent: z.boolean(),
  canPoll: z.boolean(),
  isDeprecated: z.boolean(),
  fields: z.int().nullable(),
  needsJson: z.boolean(),
  raw: z.array(z.tuple([z.string(), z.string()])),
})
export type OperationFlags = z.infer<typeof flagsSchema>

export type OperationRow = {
  readonly id: number
  readonly appId: number
  readonly key: string
  readonly title: string
  readonly method: string
  readonly path: string
  /** What the description calls it; empty for nothing. */
  readonly operationId: string
  readonly tag: string
  readonly flags: OperationFlags
}

const COLUMNS = `id, slug, title, version, kind, source, bytes, sha256, address, credential, servers, sign_ins AS signIns, problems,
  operations, events, polls, created_at AS createdAt, changed_at AS changedAt`

const appRow = rowOf({
  id: integer,
  slug: nullable(text),
  title: text,
  version: text,
  kind: text,
  source: text,
  bytes: integer,
  sha256: text,
  address: text,
  credential: nullable(text),
  servers: text,
  signIns: text,
  problems: text,
  operations: integer,
  events: integer,
  polls: integer,
  createdAt: integer,
  changedAt: integer,
})

const textsSchema = z.array(z.string())

const toApp = (row: Read<typeof appRow>): ImportedApp => ({
  ...row,
  servers: textsSchema.parse(JSON.parse(row.servers)),
  signIns: z.array(signInSchema).parse(JSON.parse(row.signIns)),
  problems: textsSchema.parse(JSON.parse(row.problems)),
})

/** Those that were added, by title. */
export async function listApps(reader: Knex): Promise<ImportedApp[]> {
  const rows: unknown[] = await reader.raw(`SELECT ${COLUMNS} FROM app WHERE slug IS NOT NULL ORDER BY title, id`)
  return rows.map((row) => toApp(appRow(row)))
}

/** An app by its slug, or one that is only looked at by its number. */
export async function findApp(
  reader: Knex,
  by: { readonly slug: string } | { readonly id: number },
): Promise<ImportedApp | undefined> {
  const [row]: unknown[] =
    'slug' in by
      ? await reader.raw(`SELECT ${COLUMNS} FROM app WHERE slug = ?`, [by.slug])
      : await reader.raw(`SELECT ${COLUMNS} FROM app WHERE id = ?`, [by.id])
  return row === undefined ? undefined : toApp(appRow(row))
}

/** Stores an app that is only looked at yet, without its rows. Returns its number. */
export function insertApp(
  tx: Tx,
  app: Omit<ImportedApp, 'id' | 'slug' | 'createdAt' | 'changedAt'>,
  now: number,
): number {
  const row = tx.get(
    rowOf({ id: integer }),
    `INSERT INTO app (title, version, kind, source, bytes, sha256, address, credential, servers, sign_ins, problems, operations, events, polls,
      created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    [
      app.title,
      app.version,
      app.kind,
      app.source,
      app.bytes,
      app.sha256,
      app.address,
      app.credential,
      JSON.stringify(app.servers),
      JSON.stringify(app.signIns),
      JSON.stringify(app.problems),
      app.operations,
      app.events,
      app.polls,
      now,
      now,
    ],
  )
  if (row === undefined) throw new Error('the new app is not there')
  return row.id
}

export type NewOperation = Omit<OperationRow, 'id' | 'appId'> & { readonly body: Uint8Array; readonly search: string }

export function insertOperations(tx: Tx, appId: number, rows: readonly NewOperation[]): void {
  for (const { key, title, method, path, operationId, tag, flags, body, search } of rows) {
    const row = tx.get(
      rowOf({ id: integer }),
      'INSERT INTO app_operation (app_id, key, title, method, path, operation_id, tag, flags, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
      [appId, key, title, method, path, operationId, tag, JSON.stringify(flags), body],
    )
    if (row === undefined) throw new Error('the new operation is not there')
    tx.run('INSERT INTO app_search (operation_id, app_id, text) VALUES (?, ?, ?)', [row.id, appId, search])
  }
}

export function insertParts(
  tx: Tx,
  appId: number,
  parts: readonly { readonly ref: string; readonly body: Uint8Array }[],
): void {
  for (const { ref, body } of parts)
    tx.run('INSERT INTO app_part (app_id, ref, body) VALUES (?, ?, ?)', [appId, ref, body])
}

/** Makes an app that was looked at one that zaps may use. False when its slug is taken. */
export function takeApp(
  tx: Tx,
  id: number,
  {
    slug,
    title,
    address,
    credential,
  }: Pick<ImportedApp, 'title' | 'address' | 'credential'> & { readonly slug: string },
  now: number,
): boolean {
  if (tx.has('SELECT 1 FROM app WHERE slug = ?', [slug])) return false
  return (
    tx.run(
      'UPDATE app SET slug = ?, title = ?, address = ?, credential = ?, changed_at = ? WHERE id = ? AND slug IS NULL',
      [slug, title, address, credential, now, id],
    ) === 1
  )
}

/** What a person chooses of an app. */
export function changeApp(
  tx: Tx,
  id: number,
  { title, address, credential }: Pick<ImportedApp, 'title' | 'address' | 'credential'>,
  now: number,
): void {
  tx.run('UPDATE app SET title = ?, address = ?, credential = ?, changed_at = ? WHERE id = ?', [
    title,
    address,
    credential,
    now,
    id,
  ])
}

/** Puts a newer description in the place of an app's; what its person has chosen stays. */
export function replaceApp(tx: Tx, old: ImportedApp, by: number, now: number): void {
  tx.run('UPDATE app SET slug = NULL WHERE id = ?', [old.id])
  tx.run(
    'UPDATE app SET slug = ?, title = ?, address = ?, credential = ?, created_at = ?, changed_at = ? WHERE id = ?',
    [old.slug, old.title, old.address, old.credential, old.createdAt, now, by],
  )
}

/** Takes an app away so that zaps find it no more; its rows go by {@link forgetApps}. False when there is none. */
export function dropApp(tx: Tx, id: number): boolean {
  return tx.run('UPDATE app SET slug = NULL, changed_at = 0 WHERE id = ?', [id]) === 1
}

/** Forgets up to `limit` rows of apps that were taken away, or only looked at before a time. True when some may be left. */
export function forgetApps(tx: Tx, lookedAtBefore: number, limit: number): boolean {
  const gone = tx.get(rowOf({ id: integer }), 'SELECT id FROM app WHERE slug IS NULL AND changed_at < ? LIMIT 1', [
    lookedAtBefore,
  ])
  if (gone === undefined) return false
  const operations = tx.run(
    'DELETE FROM app_operation WHERE id IN (SELECT id FROM app_operation WHERE app_id = ? LIMIT ?)',
    [gone.id, limit],
  )
  const parts = tx.run(
    'DELETE FROM app_part WHERE app_id = ? AND ref IN (SELECT ref FROM app_part WHERE app_id = ? LIMIT ?)',
    [gone.id, gone.id, limit],
  )
  if (operations === 0 && parts === 0) tx.run('DELETE FROM app WHERE id = ?', [gone.id])
  return true
}

const operationRow = rowOf({
  id: integer,
  appId: integer,
  key: text,
  title: text,
  method: text,
  path: text,
  operationId: text,
  tag: text,
  flags: text,
})
const toOperation = (row: Read<typeof operationRow>): OperationRow => ({
  ...row,
  flags: flagsSchema.parse(JSON.parse(row.flags)),
})
const OPERATION =
  'o.id, o.app_id AS appId, o.key, o.title, o.method, o.path, o.operation_id AS operationId, o.tag, o.flags'

/**
 * Operations whose texts hold all the words, those whose title does so first; without words, in the order of their description. Of one app, or of all that
 * were added. `words` are in small letters.
 */
export async function findOperations(
  reader: Knex,
  {
    appId,
    words,
    limit,
    offset,
  }: {
    readonly appId: number | null
    readonly words: readonly string[]
    readonly limit: number
    readonly offset: number
  },
): Promise<{ rows: OperationRow[]; total: number }> {
  const scope = appId === null ? 'app_id IN (SELECT id FROM app WHERE slug IS NOT NULL)' : 'app_id = ?'
  const own = appId === null ? [] : [appId]
  const holds = words.map(() => 'AND instr(text, ?) > 0').join(' ')
  const [first] = words
  const order = first === undefined ? 'operation_id' : 'instr(text, ?), length(text), operation_id'
  const found: unknown[] = await reader.raw(
    `SELECT ${OPERATION} FROM (SELECT operation_id FROM app_search WHERE ${scope} ${holds} ORDER BY ${order} LIMIT ? OFFSET ?) s
      JOIN app_operation o ON o.id = s.operation_id`,
    [...own, ...words, ...(first === undefined ? [] : [first]), limit, offset],
  )
  const [count]: unknown[] = await reader.raw(`SELECT count(*) AS total FROM app_search WHERE ${scope} ${holds}`, [
    ...own,
    ...words,
  ])
  return { rows: found.map((row) => toOperation(operationRow(row))), total: rowOf({ total: integer })(count).total }
}

/** The operations of an app with this method and so many `/` in their path. */
export async function findOperationsOf(
  reader: Knex,
  appId: number,
  method: string,
  slashes: number,
): Promise<OperationRow[]> {
  const rows: unknown[] = await reader.raw(
    `SELECT ${OPERATION} FROM app_operation o
      WHERE o.app_id = ? AND o.method = ? AND length(o.path) - length(replace(o.path, '/', '')) = ? ORDER BY o.id`,
    [appId, method, slashes],
  )
  return rows.map((row) => toOperation(operationRow(row))).filter(({ flags }) => !flags.isEvent)
}

/** Operations of an app that only ask, and have no names in their path; the shortest first. */
export async function findPlainReads(reader: Knex, appId: number): Promise<OperationRow[]> {
  const rows: unknown[] = await reader.raw(
    `SELECT ${OPERATION} FROM app_operation o WHERE o.app_id = ? AND o.method = 'GET' AND instr(o.path, '{') = 0
      ORDER BY length(o.path), o.id LIMIT 200`,
    [appId],
  )
  return rows.map((row) => toOperation(operationRow(row))).filter(({ flags }) => !flags.isEvent)
}

/** The operation of a key, or of an id that the description has for it, and its packed body. */
export async function findOperation(
  reader: Knex,
  appId: number,
  key: string,
): Promise<(OperationRow & { readonly body: Uint8Array }) | undefined> {
  const [row]: unknown[] = await reader.raw(
    `SELECT ${OPERATION}, o.body FROM app_operation o WHERE o.app_id = ? AND (o.key = ? OR (o.operation_id = ? AND o.operation_id <> ''))
      ORDER BY o.key = ? DESC LIMIT 1`,
    [appId, key, key, key],
  )
  if (row === undefined) return undefined
  return { ...toOperation(operationRow(row)), body: rowOf({ body: bytes })(row).body }
}

const keyRow = rowOf({ key: text, title: text, body: bytes })

/** Every operation of an app with its packed body, to be compared with others. */
export async function operationBodies(
  reader: Knex,
  appId: number,
): Promise<Map<string, { title: string; body: Uint8Array }>> {
  const rows: unknown[] = await reader.raw('SELECT key, title, body FROM app_operation WHERE app_id = ? ORDER BY id', [
    appId,
  ])
  return new Map(rows.map((row) => keyRow(row)).map(({ key, title, body }) => [key, { title, body }]))
}

const partRow = rowOf({ ref: text, body: bytes })

/** The packed bodies of some parts. */
export async function findParts(
  reader: Knex,
  appId: number,
  refs: readonly string[],
): Promise<{ ref: string; body: Uint8Array }[]> {
  if (refs.length === 0) return []
  const rows: unknown[] = await reader.raw(
    `SELECT ref, body FROM app_part WHERE app_id = ? AND ref IN (${refs.map(() => '?').join(', ')})`,
    [appId, ...refs],
  )
  return rows.map((row) => partRow(row))
}
