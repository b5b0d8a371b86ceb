import type Sqlite from 'better-sqlite3'
import type { Knex } from 'knex'
import { UNREADABLE_PERMISSIONS, type ZapPermissions, zapPermissionsSchema } from '../domain/trust/permissions.ts'
import { type ZapFile, zapFileSchema } from '../domain/zap/zap-file.ts'
import { DatabaseError } from './database-error.ts'
import type { Tx } from './executor.ts'
import { flag, integer, nullable, oneOf, type Read, rowOf, text } from './row.ts'
import { readStored } from './stored-json.ts'

/** A zap with its draft; what is published is in `zap_version`. */
export type ZapRow = {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly liveVersion: number | null
  readonly draft: ZapFile
  readonly draftRevision: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly removedAt: number | null
  /** Events that made no run of their own, because of the zap's concurrency. */
  readonly skippedEvents: number
  readonly permissions: ZapPermissions | null
}

/** A version of a zap: `published`, or the snapshot of a draft that someone ran as a `test`. */
export type ZapVersion = {
  readonly zapId: string
  /**
   * What is published counts 1, 2, 3, as people see it; tests count -1, -2, -3, and use up none of these numbers. (Older data
   * has tests with positive numbers, too.)
   */
  readonly number: number
  readonly kind: 'published' | 'test'
  readonly definition: ZapFile
  readonly createdAt: number
  /** What somebody called it, or null. */
  readonly name: string | null
}

const zapRow = rowOf({
  id: text,
  name: text,
  enabled: flag,
  live_version: nullable(integer),
  draft: text,
  draft_revision: integer,
  created_at: integer,
  updated_at: integer,
  removed_at: nullable(integer),
  skipped_events: integer,
  permissions: nullable(text),
})

const versionRow = rowOf({
  zap_id: text,
  number: integer,
  kind: oneOf(['published', 'test']),
  definition: text,
  created_at: integer,
  name: nullable(text),
})
const draftRow = rowOf({ id: text, name: text, draft: text })
const liveRow = rowOf({ id: text, name: text, definition: text })
const boundsRow = rowOf({ highest: nullable(integer), lowest: nullable(integer) })
const definitionRow = rowOf({ number: integer, definition: text })
const numberRow = rowOf({ number: nullable(integer) })

function toZap(row: Read<typeof zapRow>): ZapRow {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled === 1,
    liveVersion: row.live_version,
    draft: readStored(zapFileSchema, row.draft, `The draft of ${zapNamed(row)}`),
    draftRevision: row.draft_revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    removedAt: row.removed_at,
    skippedEvents: row.skipped_events,
    permissions: row.permissions === null ? null : toPermissions(row, row.permissions),
  }
}

/** What cannot be read locks its zap until a person has reviewed that again, and keeps no other from running. */
function toPermissions(zap: { id: string; name: string }, permissions: string): ZapPermissions {
  try {
    return readStored(zapPermissionsSchema, permissions, `What ${zapNamed(zap)} may touch`)
  } catch (error) {
    if (error instanceof DatabaseError) return UNREADABLE_PERMISSIONS
    throw error
  }
}

const zapNamed = ({ id, name }: { id: string; name: string }): string => `the zap "${name}" (${id})`

function toVersion(row: Read<typeof versionRow>): ZapVersion {
  return {
    zapId: row.zap_id,
    number: row.number,
    kind: row.kind,
    definition: readStored(zapFileSchema, row.definition, `Version ${row.number} of the zap ${row.zap_id}`),
    createdAt: row.created_at,
    name: row.name,
  }
}

/**
 * Reads the drafts of a database, of this or an older version, and what is live in it, as a start does.
 *
 * @throws DatabaseError `unreadable` for the first that cannot be read.
 */
export function checkZaps(connection: Sqlite.Database): void {
  const drafts = connection.prepare('SELECT id, name, draft FROM zap WHERE removed_at IS NULL')
  for (const row of drafts.iterate()) {
    const { draft, ...zap } = draftRow(row)
    readStored(zapFileSchema, draft, `The draft of ${zapNamed(zap)}`)
  }
  const live = connection.prepare(
    `SELECT zap.name, zap.id, definition FROM zap JOIN zap_version ON zap_id = id AND number = live_version WHERE removed_at IS NULL`,
  )
  for (const row of live.iterate()) {
    const { definition, ...zap } = liveRow(row)
    readStored(zapFileSchema, definition, `What is published of ${zapNamed(zap)}`)
  }
}

/** Every zap that was not removed, the newest first. */
export async function listZaps(reader: Knex): Promise<ZapRow[]> {
  const rows: unknown[] = await reader('zap').whereNull('removed_at').orderBy('id', 'desc')
  return rows.map((row) => toZap(zapRow(row)))
}

/** A zap by its id, removed or not. */
export async function findZap(reader: Knex, id: string): Promise<ZapRow | undefined> {
  const row: unknown = await reader('zap').where({ id }).first()
  return row === undefined ? undefined : toZap(zapRow(row))
}

/** A zap by its id or, the newest first, by its name; removed ones are not found. */
export async function findZapByIdOrName(reader: Knex, word: string): Promise<ZapRow | undefined> {
  const byId = await findZap(reader, word)
  if (byId !== undefined) return byId.removedAt === null ? byId : undefined
  const row: unknown = await reader('zap').where({ name: word }).whereNull('removed_at').orderBy('id', 'desc').first()
  return row === undefined ? undefined : toZap(zapRow(row))
}

export async function findZapVersion(reader: Knex, zapId: string, number: number): Promise<ZapVersion | undefined> {
  const row: unknown = await reader('zap_version').where({ zap_id: zapId, number }).first()
  return row === undefined ? undefined : toVersion(versionRow(row))
}

/** The published versions of a zap, the newest first, without what they say. */
export async function listPublishedVersions(
  reader: Knex,
  zapId: string,
): Promise<Pick<ZapVersion, 'number' | 'createdAt' | 'name'>[]> {
  const rows: Pick<Read<typeof versionRow>, 'number' | 'created_at' | 'name'>[] = await reader('zap_version')
    .where({ zap_id: zapId, kind: 'published' })
    .orderBy('number', 'desc')
    .select('number', 'created_at', 'name')
  return rows.map((row) => ({ number: row.number, createdAt: row.created_at, name: row.name }))
}

/** What a version is called, or null. */
export async function findVersionName(reader: Knex, zapId: string, number: number): Promise<string | null> {
  const row: { name: string | null } | undefined = await reader('zap_version')
    .where({ zap_id: zapId, number })
    .first('name')
  return row?.name ?? null
}

/** As {@link findZapVersion}, inside a transaction. */
export function getZapVersion(tx: Tx, zapId: string, number: number): ZapVersion | undefined {
  const row = tx.get(versionRow, 'SELECT * FROM zap_version WHERE zap_id = ? AND number = ?', [zapId, number])
  return row === undefined ? undefined : toVersion(row)
}

/** Whether a zap's triggers may start runs at this very moment. */
export function isZapEnabled(tx: Tx, id: string): boolean {
  return tx.has('SELECT 1 FROM zap WHERE id = ? AND enabled = 1', [id])
}

export function insertZap(
  tx: Tx,
  zap: { id: string; draft: ZapFile; now: number; permissions?: ZapPermissions | null },
): void {
  const permissions = zap.permissions == null ? null : JSON.stringify(zap.permissions)
  tx.run(
    `INSERT INTO zap (id, name, enabled, draft, draft_revision, created_at, updated_at, permissions)
      VALUES (?, ?, 0, ?, 1, ?, ?, ?)`,
    [zap.id, zap.draft.name, JSON.stringify(zap.draft), zap.now, zap.now, permissions],
  )
}

/** The permissions of all zaps of which any are stored, by the zap's id. */
export async function findPermissions(reader: Knex): Promise<Map<string, ZapPermissions>> {
  const rows: { id: string; name: string; permissions: string }[] = await reader('zap')
    .whereNotNull('permissions')
    .select('id', 'name', 'permissions')
  return new Map(rows.map((row) => [row.id, toPermissions(row, row.permissions)]))
}

export function setPermissions(tx: Tx, id: string, permissions: ZapPermissions | null): void {
  tx.run('UPDATE zap SET permissions = ? WHERE id = ?', [permissions && JSON.stringify(permissions), id])
}

/** Replaces the draft if it still is `baseRevision`; false when someone else was faster. */
export function updateDraft(tx: Tx, zap: { id: string; baseRevision: number; draft: ZapFile; now: number }): boolean {
  const changes = tx.run(
    `UPDATE zap SET name = ?, draft = ?, draft_revision = draft_revision + 1, updated_at = ?
      WHERE id = ? AND draft_revision = ? AND removed_at IS NULL`,
    [zap.draft.name, JSON.stringify(zap.draft), zap.now, zap.id, zap.baseRevision],
  )
  return changes > 0
}

/**
 * Stores `definition` as a version and gives its number. The newest of its kind serves again when it holds exactly the same, so publishing
 * or testing an unchanged draft twice makes nothing new, and what was just published serves a test.
 */
export function insertVersion(
  tx: Tx,
  version: { zapId: string; kind: ZapVersion['kind']; definition: ZapFile; now: number },
): number {
  const { zapId, kind } = version
  const definition = JSON.stringify(version.definition)
  const published = newestVersion(tx, zapId, `kind = 'published' ORDER BY number DESC`)
  if (published?.definition === definition) return published.number
  const test = kind === 'test' ? newestVersion(tx, zapId, 'number < 0 ORDER BY number') : undefined
  if (test?.definition === definition) return test.number
  const last = tx.get(
    boundsRow,
    'SELECT max(number) AS highest, min(number) AS lowest FROM zap_version WHERE zap_id = ?',
    [zapId],
  )
  const number = kind === 'published' ? Math.max(0, last?.highest ?? 0) + 1 : Math.min(0, last?.lowest ?? 0) - 1
  tx.run('INSERT INTO zap_version (zap_id, number, kind, definition, created_at) VALUES (?, ?, ?, ?, ?)', [
    zapId,
    number,
    kind,
    definition,
    version.now,
  ])
  return number
}

/**
 * Stores a published version that was made on another host, under its number there or, where that is another version here, the next one. Returns
 * its number here. `definition` is the text of a zap file.
 */
export function storeForeignVersion(
  tx: Tx,
  version: { zapId: string; number: number; definition: string; now: number },
): number {
  const { zapId, number, definition, now } = version
  const known = tx.get(
    definitionRow,
    `SELECT number, definition FROM zap_version WHERE zap_id = ? AND kind = 'published' AND definition = ? ORDER BY number = ? DESC LIMIT 1`,
    [zapId, definition, number],
  )
  if (known !== undefined) return known.number
  const insert = (as: number): void =>
    void tx.run(
      `INSERT INTO zap_version (zap_id, number, kind, definition, created_at) VALUES (?, ?, 'published', ?, ?)`,
      [zapId, as, definition, now],
    )
  if (!tx.has('SELECT 1 FROM zap_version WHERE zap_id = ? AND number = ?', [zapId, number])) {
    insert(number)
    return number
  }
  const last = tx.get(
    boundsRow,
    'SELECT max(number) AS highest, min(number) AS lowest FROM zap_version WHERE zap_id = ?',
    [zapId],
  )
  const next = Math.max(0, last?.highest ?? 0) + 1
  insert(next)
  return next
}

/** Whether there is a zap, removed or not. */
export function hasZap(tx: Tx, id: string): boolean {
  return tx.has('SELECT 1 FROM zap WHERE id = ?', [id])
}

/** The text of a version, as it is stored. */
export function getVersionText(tx: Tx, zapId: string, number: number): string | undefined {
  return tx.get(definitionRow, 'SELECT number, definition FROM zap_version WHERE zap_id = ? AND number = ?', [
    zapId,
    number,
  ])?.definition
}

/** The published versions of a zap with their texts, the newest first. */
export function publishedTexts(tx: Tx, zapId: string): { readonly number: number; readonly definition: string }[] {
  return tx.all(
    definitionRow,
    `SELECT number, definition FROM zap_version WHERE zap_id = ? AND kind = 'published' ORDER BY number DESC`,
    [zapId],
  )
}

/** What the fleet knows of a zap. */
export type SharedZapRow = {
  readonly id: string
  readonly version: number | null
  readonly definition: string | null
  readonly enabled: boolean
  readonly isRemoved: boolean
  readonly permissions: string | null
}

const sharedRow = rowOf({
  id: text,
  version: nullable(integer),
  definition: nullable(text),
  enabled: flag,
  isRemoved: flag,
  permissions: nullable(text),
})

const SHARED = `SELECT id, live_version AS version, definition, enabled, removed_at IS NOT NULL AS isRemoved, permissions
  FROM zap LEFT JOIN zap_version ON zap_id = id AND number = live_version WHERE live_version IS NOT NULL`

const toShared = (row: Read<typeof sharedRow>): SharedZapRow => ({
  ...row,
  enabled: row.enabled === 1,
  isRemoved: row.isRemoved === 1,
})

/** Zaps that have something published, removed ones too. */
export function sharedZaps(tx: Tx): SharedZapRow[] {
  return tx.all(sharedRow, SHARED).map(toShared)
}

/** One of {@link sharedZaps}. */
export function sharedZap(tx: Tx, id: string): SharedZapRow | undefined {
  const row = tx.get(sharedRow, `${SHARED} AND id = ?`, [id])
  return row && toShared(row)
}

/** Puts a published definition into the place of the draft, unless the draft has changes that were not published. */
export function followDraft(tx: Tx, id: string, definition: string, before: string | null, now: number): void {
  tx.run(
    `UPDATE zap SET draft = ?, name = ? ->> 'name', draft_revision = draft_revision + 1, updated_at = ? WHERE id = ? AND draft IS ?`,
    [definition, definition, now, id, before],
  )
}

function newestVersion(tx: Tx, zapId: string, which: string): { number: number; definition: string } | undefined {
  return tx.get(definitionRow, `SELECT number, definition FROM zap_version WHERE zap_id = ? AND ${which} LIMIT 1`, [
    zapId,
  ])
}

/** Names a published version, or with null takes its name away. False when there is no such version. */
export function renameVersion(tx: Tx, zapId: string, number: number, name: string | null): boolean {
  const changes = tx.run(`UPDATE zap_version SET name = ? WHERE zap_id = ? AND number = ? AND kind = 'published'`, [
    name,
    zapId,
    number,
  ])
  return changes > 0
}

export function setLiveVersion(tx: Tx, id: string, version: number, now: number): void {
  tx.run('UPDATE zap SET live_version = ?, updated_at = ? WHERE id = ?', [version, now, id])
}

export function setEnabled(tx: Tx, id: string, enabled: boolean, now: number): void {
  tx.run('UPDATE zap SET enabled = ?, updated_at = ? WHERE id = ?', [enabled ? 1 : 0, now, id])
}

export function countSkipped(tx: Tx, id: string, count: number): void {
  tx.run('UPDATE zap SET skipped_events = skipped_events + ? WHERE id = ?', [count, id])
}

/** Takes a zap out of every list, or puts it back. A removed zap is never enabled. */
export function setRemoved(tx: Tx, id: string, removedAt: number | null): void {
  tx.run('UPDATE zap SET removed_at = ?, enabled = 0 WHERE id = ?', [removedAt, id])
}

/** Number of a zap's live version, or of its newest test when none is live; null when it has no version. */
export function getCurrentVersion(tx: Tx, zapId: string): number | null {
  const row = tx.get(
    numberRow,
    `SELECT coalesce(live_version, (SELECT min(number) FROM zap_version WHERE zap_id = zap.id)) AS number
      FROM zap WHERE id = ?`,
    [zapId],
  )
  return row?.number ?? null
}
