import type { Knex } from 'knex'
import { z } from 'zod'
import type { Tx } from './executor.ts'
import { flag, integer, nullable, oneOf, type Read, rowOf, text } from './row.ts'

export const FILE_CHANGE_KINDS = ['move', 'write', 'copy', 'trash', 'delete', 'folder'] as const
export type FileChangeKind = (typeof FILE_CHANGE_KINDS)[number]

export const FILE_CHANGE_STATES = ['intended', 'done', 'undoing', 'undone', 'unclear'] as const
export type FileChangeState = (typeof FILE_CHANGE_STATES)[number]

/** By what a file is known again: another one, or one that was written to, has another. */
const stampSchema = z.object({
  ino: z.number(),
  dev: z.number(),
  bytes: z.number(),
  mtimeMs: z.number(),
  isFolder: z.boolean(),
})
export type FileStamp = Readonly<z.infer<typeof stampSchema>>

/** What is about to be done to a file. */
export type IntendedChange = {
  /** Unlike that of every other change; what it replaces is kept under it. */
  readonly key: string
  readonly runId: string
  readonly stepId: string
  readonly scope: string
  readonly kind: FileChangeKind
  /** Where it is afterwards; of what is deleted, where it was. */
  readonly place: string
  /** Of what is moved: where it was. */
  readonly source: string | null
  /** Whether what it replaces is kept. */
  readonly keeps: boolean
  /** Of what is moved or deleted, or is replaced; once it was done, of the file at its place or in the trash. */
  readonly stamp: FileStamp | null
  readonly at: number
}

/** What became of it. */
export type FileOutcome = {
  readonly place: string
  readonly trashed: string | null
  readonly stamp: FileStamp | null
}

export type FileChangeRow = IntendedChange &
  FileOutcome & {
    readonly id: number
    readonly state: FileChangeState
    readonly undoneAt: number | null
    /** Where it was put back to. */
    readonly undoneTo: string | null
  }

const fileChangeRow = rowOf({
  id: integer,
  key: text,
  run_id: text,
  step_id: text,
  scope: text,
  kind: oneOf(FILE_CHANGE_KINDS),
  place: text,
  source: nullable(text),
  keeps: flag,
  trashed: nullable(text),
  stamp: nullable(text),
  state: oneOf(FILE_CHANGE_STATES),
  changed_at: integer,
  undone_at: nullable(integer),
  undone_to: nullable(text),
})

const toChange = (row: Read<typeof fileChangeRow>): FileChangeRow => ({
  id: row.id,
  key: row.key,
  runId: row.run_id,
  stepId: row.step_id,
  scope: row.scope,
  kind: row.kind,
  place: row.place,
  source: row.source,
  keeps: row.keeps === 1,
  trashed: row.trashed,
  stamp: row.stamp === null ? null : stampSchema.parse(JSON.parse(row.stamp)),
  state: row.state,
  at: row.changed_at,
  undoneAt: row.undone_at,
  undoneTo: row.undone_to,
})

/** Notes what is about to be done, or with an outcome what was. */
export function insertFileChange(tx: Tx, change: IntendedChange, outcome?: FileOutcome): void {
  tx.run(
    `INSERT INTO file_change (key, run_id, step_id, scope, kind, place, source, keeps, trashed, stamp, state, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      change.key,
      change.runId,
      change.stepId,
      change.scope,
      change.kind,
      outcome?.place ?? change.place,
      change.source,
      change.keeps ? 1 : 0,
      outcome?.trashed ?? null,
      change.stamp === null ? null : JSON.stringify(change.stamp),
      outcome === undefined ? 'intended' : 'done',
      change.at,
    ],
  )
}

/** It was done. What another has settled meanwhile stays as it is. */
export function settleFileChange(tx: Tx, key: string, { place, trashed, stamp }: FileOutcome): void {
  tx.run(
    `UPDATE file_change SET state = 'done', place = ?, trashed = ?, stamp = ? WHERE key = ? AND state = 'intended'`,
    [place, trashed, stamp === null ? null : JSON.stringify(stamp), key],
  )
}

/** It was not done after all. */
export function dropFileChange(tx: Tx, key: string): void {
  tx.run(`DELETE FROM file_change WHERE key = ? AND state = 'intended'`, [key])
}

/** What became of it cannot be told any more. */
export function leaveUnclear(tx: Tx, key: string): void {
  tx.run(`UPDATE file_change SET state = 'unclear' WHERE key = ? AND state IN ('intended', 'undoing')`, [key])
}

/** Begins to put it back. False when another does, or has. */
export function beginUndo(tx: Tx, key: string, now: number): boolean {
  return (
    tx.run(`UPDATE file_change SET state = 'undoing', undone_at = ? WHERE key = ? AND state = 'done'`, [now, key]) > 0
  )
}

/** It was not put back after all. */
export function dropUndo(tx: Tx, key: string): void {
  tx.run(`UPDATE file_change SET state = 'done', undone_at = NULL WHERE key = ? AND state = 'undoing'`, [key])
}

/** It was put back to a place, where a file of this stamp is now. */
export function endUndo(tx: Tx, key: string, to: string, stamp: FileStamp | null): void {
  tx.run(`UPDATE file_change SET state = 'undone', undone_to = ?, stamp = ? WHERE key = ? AND state = 'undoing'`, [
    to,
    stamp === null ? null : JSON.stringify(stamp),
    key,
  ])
}

/**
 * Begins to do again what was put back. False when another does, or has. It is in the state of putting back, of which it is the way back: where it was
 * put back to is only known once that is over, and tells the two apart.
 */
export function beginRedo(tx: Tx, key: string): boolean {
  return tx.run(`UPDATE file_change SET state = 'undoing' WHERE key = ? AND state = 'undone'`, [key]) > 0
}

/** Whether a change is being done again. */
export const isRedo = ({ state, undoneTo }: FileChangeRow): boolean => state === 'undoing' && undoneTo !== null

/** It was not done again after all. */
export function dropRedo(tx: Tx, key: string): void {
  tx.run(`UPDATE file_change SET state = 'undone' WHERE key = ? AND state = 'undoing' AND undone_to IS NOT NULL`, [key])
}

/** It was done again. */
export function endRedo(tx: Tx, key: string, { place, trashed, stamp }: FileOutcome): void {
  tx.run(
    `UPDATE file_change SET state = 'done', place = ?, trashed = ?, stamp = ?, undone_at = NULL, undone_to = NULL
      WHERE key = ? AND state = 'undoing' AND undone_to IS NOT NULL`,
    [place, trashed, stamp === null ? null : JSON.stringify(stamp), key],
  )
}

const stampRow = rowOf({ stamp: nullable(text) })

/** The stamps of files that are being put back, or were put back to a place since then. */
export function stampsPutBack(tx: Tx, place: string, since: number): FileStamp[] {
  return tx
    .all(
      stampRow,
      `SELECT stamp FROM file_change WHERE undone_to = ? AND state = 'undone' AND undone_at > ?
        UNION ALL SELECT stamp FROM file_change WHERE state = 'undoing'`,
      [place, since],
    )
    .flatMap(({ stamp }) => (stamp === null ? [] : [stampSchema.parse(JSON.parse(stamp))]))
}

/** What runs did to files, in the order in which it was done. */
export async function findFileChanges(reader: Knex, runId: string): Promise<FileChangeRow[]> {
  const rows: unknown[] = await reader('file_change').where({ run_id: runId }).orderBy('id')
  return rows.map((row) => toChange(fileChangeRow(row)))
}

/** Those whose end is not known: they were under way when their process ended. */
export async function findOpenFileChanges(reader: Knex, runId?: string): Promise<FileChangeRow[]> {
  const rows: unknown[] = await reader('file_change')
    .whereRaw(`state IN ('intended', 'undoing')`)
    .modify((open) => {
      if (runId !== undefined) void open.where({ run_id: runId })
    })
    .orderBy('id')
  return rows.map((row) => toChange(fileChangeRow(row)))
}

export async function countFileChanges(reader: Knex, runId: string): Promise<number> {
  const row: { count: number } | undefined = await reader('file_change')
    .where({ run_id: runId })
    .first(reader.raw('count(*) AS count'))
  return row?.count ?? 0
}

/** Of some keys, those of which there is a change that keeps what it replaced. */
export async function keysThatKeep(reader: Knex, keys: readonly string[], since: number): Promise<ReadonlySet<string>> {
  const rows: { key: string }[] = await reader('file_change')
    .whereIn('key', [...keys])
    .where({ keeps: 1 })
    .where('changed_at', '>', since)
    .select('key')
  return new Set(rows.map(({ key }) => key))
}
