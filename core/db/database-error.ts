/** Why a data folder or its database cannot be used. The message is one sentence that says what to do. */
export class DatabaseError extends Error {
  readonly code:
    | 'locked'
    | 'corrupt'
    | 'newer'
    | 'foreign'
    | 'set-aside'
    | 'unreadable'
    | 'unwritable'
    | 'disk-full'
    | 'not-stored'

  constructor(code: DatabaseError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseError'
    this.code = code
  }
}

/** SQLite's own result code (`SQLITE_FULL`, `SQLITE_CORRUPT` …) of an error thrown by better-sqlite3, if it is one. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : undefined
}
