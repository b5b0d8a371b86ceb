import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { FileChangeKind, FileOutcome, FileStamp } from '../db/file-changes.ts'

/** What a step is about to do to a file. */
export type FileIntent = {
  readonly kind: FileChangeKind
  readonly place: string
  readonly source: string | null
  /** Whether something is at the place that is replaced. */
  readonly replaces: boolean
  /** Of what is moved or goes into the trash or, where something is replaced, of that. */
  readonly stamp: FileStamp | null
}

/** Writes down what a step does to files. */
export type FileRecorder = {
  /** Resolves when it is on the disk that this is about to be done, and what will be replaced is kept. */
  intend(intent: FileIntent): Promise<FileNote>
  /** Something new was made, for which nothing has to be kept. */
  made(kind: FileChangeKind, outcome: FileOutcome): void
}

/** An intention whose end is to be told. */
export type FileNote = { done(outcome: FileOutcome): void; failed(): void }

const NO_NOTE: FileNote = { done: () => undefined, failed: () => undefined }

/** For what belongs to no run. */
export const NO_RECORDER: FileRecorder = { intend: async () => NO_NOTE, made: () => undefined }

/** By what a file is known again; null for what is not there. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  const stats = await lstat(path).catch(() => null)
  return stats === null ? null : stampIn(stats)
}

export function stampIn(stats: Stats): FileStamp {
  const { ino, dev, size: bytes, mtimeMs } = stats
  return { ino, dev, bytes, mtimeMs, isFolder: stats.isDirectory() }
}

/** Whether it is the same file, unchanged. A folder stays the same when what is in it changes. On another disk a file has another number. */
export function isSame(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null || a.isFolder !== b.isFolder) return false
  const isOne = a.dev !== b.dev || a.ino === b.ino
  return isOne && (a.isFolder || (a.bytes === b.bytes && a.mtimeMs === b.mtimeMs))
}
