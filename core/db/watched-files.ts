import type { Tx } from './executor.ts'
import { rowOf, text } from './row.ts'

/** Which trigger watches a folder. */
export type WatchKey = { readonly zapId: string; readonly stepId: string }

const watchRow = rowOf({ zapId: text, stepId: text, subject: text })
const fileRow = rowOf({ name: text, stamp: text })
const folderRow = rowOf({ folder: text })

/** The watches whose folders were looked through once. `subject` is what is watched, as text. */
export function getWatches(tx: Tx): (WatchKey & { readonly subject: string })[] {
  return tx.all(watchRow, 'SELECT zap_id AS zapId, step_id AS stepId, subject FROM folder_watch')
}

/** Notes that the folder of a watch was looked through: what is found from now on is news. */
export function writeWatch(tx: Tx, { zapId, stepId }: WatchKey, subject: string): void {
  tx.run(
    `INSERT INTO folder_watch (zap_id, step_id, subject) VALUES (?, ?, ?)
      ON CONFLICT (zap_id, step_id) DO UPDATE SET subject = excluded.subject`,
    [zapId, stepId, subject],
  )
}

/** Forgets a watch and its files. */
export function deleteWatch(tx: Tx, { zapId, stepId }: WatchKey): void {
  tx.run('DELETE FROM watched_file WHERE zap_id = ? AND step_id = ?', [zapId, stepId])
  tx.run('DELETE FROM folder_watch WHERE zap_id = ? AND step_id = ?', [zapId, stepId])
}

/** The files of a folder that a watch knows, by name, with what tells one content from another. `folder` is relative, '' for the first. */
export function getWatchedFiles(tx: Tx, { zapId, stepId }: WatchKey, folder: string): Map<string, string> {
  const rows = tx.all(fileRow, 'SELECT name, stamp FROM watched_file WHERE zap_id = ? AND step_id = ? AND folder = ?', [
    zapId,
    stepId,
    folder,
  ])
  return new Map(rows.map(({ name, stamp }) => [name, stamp]))
}

/** What tells the content of a file that a watch knows; undefined for one that it does not know. */
export function getWatchedStamp(tx: Tx, { zapId, stepId }: WatchKey, folder: string, name: string): string | undefined {
  return tx.get(
    fileRow,
    'SELECT name, stamp FROM watched_file WHERE zap_id = ? AND step_id = ? AND folder = ? AND name = ?',
    [zapId, stepId, folder, name],
  )?.stamp
}

/** The folders in which a watch knows files. */
export function getWatchedFolders(tx: Tx, { zapId, stepId }: WatchKey): string[] {
  const rows = tx.all(folderRow, 'SELECT DISTINCT folder FROM watched_file WHERE zap_id = ? AND step_id = ?', [
    zapId,
    stepId,
  ])
  return rows.map(({ folder }) => folder)
}

export function writeWatchedFile(
  tx: Tx,
  { zapId, stepId }: WatchKey,
  folder: string,
  name: string,
  stamp: string,
): void {
  tx.run(
    `INSERT INTO watched_file (zap_id, step_id, folder, name, stamp) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id, folder, name) DO UPDATE SET stamp = excluded.stamp`,
    [zapId, stepId, folder, name, stamp],
  )
}

export function deleteWatchedFile(tx: Tx, { zapId, stepId }: WatchKey, folder: string, name: string): void {
  tx.run('DELETE FROM watched_file WHERE zap_id = ? AND step_id = ? AND folder = ? AND name = ?', [
    zapId,
    stepId,
    folder,
    name,
  ])
}
