import { statSync } from 'node:fs'
import type { Database } from './open.ts'

/** What a database takes of the disk, in bytes. */
export type DatabaseSpace = {
  /** The file and its write-ahead log. */
  readonly bytes: number
  /** Of these, what is not used: new rows take it first, and shrinking gives it back. */
  readonly freeBytes: number
  /** Whether it can be shrunk while it is in use. A file that another program has rewritten cannot. */
  readonly canShrink: boolean
}

/** The value of `auto_vacuum` with which Hookline makes its databases. */
const INCREMENTAL = 2

export async function readSpace({ reader, file }: Pick<Database, 'reader' | 'file'>): Promise<DatabaseSpace> {
  const [pages] = await reader.raw<{ size: number; free: number; vacuum: number }[]>(
    `SELECT page_size AS size, freelist_count AS free, auto_vacuum AS vacuum
      FROM pragma_page_size, pragma_freelist_count, pragma_auto_vacuum`,
  )
  if (pages === undefined) throw new Error('SQLite tells nothing of its pages')
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    bytes: sizeOf(file) + sizeOf(`${file}-wal`),
    freeBytes: pages.free * pages.size,
    canShrink: pages.vacuum === INCREMENTAL,
  }
}
