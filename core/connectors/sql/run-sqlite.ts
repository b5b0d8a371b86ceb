import type BetterSqlite from 'better-sqlite3'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { exactNumber } from '../../domain/values/decimal.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { type RefusalCode, refusal, type SqlValue } from './database.ts'
import { gatherRows } from './gather-rows.ts'
import { firstWord } from './statement.ts'

const jobSchema = z.object({
  /** Absolute, with links followed: it was looked at whether it may be used. */
  file: z.string(),
  sql: z.string(),
  params: z.array(
    z.union([z.string(), z.number(), z.null(), z.custom<Uint8Array>((value) => value instanceof Uint8Array)]),
  ),
  isRead: z.boolean(),
  rows: z.int(),
})
/** One statement for a SQLite file. */
export type SqliteJob = z.infer<typeof jobSchema>

/** What the bytes say that follow the JSON of the rows. */
export const sqliteDoneSchema = z.object({
  columns: z.array(z.string()),
  count: z.int(),
  more: z.boolean(),
  affected: z.int().nullable(),
  lastId: z.union([z.string(), z.number()]).nullable(),
})

/** Milliseconds that it waits for others who write to the file. */
const BUSY_MS = 5_000

/**
 * What a statement may begin with. Nothing may reach another file: ATTACH and VACUUM INTO would, whatever folders are allowed. PRAGMA is for those
 * of {@link PRAGMAS}; what spans several statements, such as BEGIN, would end with the step.
 */
const ALLOWED = new Set([
  ...['select', 'with', 'values', 'explain', 'insert', 'replace', 'update', 'delete'],
  ...['create', 'drop', 'alter', 'reindex', 'analyze', 'pragma'],
])
const PRAGMAS =
  /^\s*pragma\s+(?:[a-z_]+\s*\.\s*)?(?:table_info|table_xinfo|table_list|index_list|index_info|index_xinfo|foreign_key_list|foreign_key_check|integrity_check|quick_check|user_version|application_id|page_count|page_size|freelist_count|encoding|collation_list|database_list|optimize)\b/i

/** Does a statement, in a process of its own, as SQLite cannot be told to stop. Yields the JSON of its rows, and then bytes: that of {@link sqliteDoneSchema}. */
export const runSqlite: HeavyTask = async function* (_content, given) {
  const { file, sql, params, isRead, rows } = jobSchema.parse(given)
  const word = firstWord(sql)
  if (!ALLOWED.has(word) || (word === 'pragma' && !PRAGMAS.test(sql))) {
    const message = `A statement for a SQLite file cannot begin with “${sql.trim().slice(0, 40)}”: it is one that reads or changes the tables of that file, such as SELECT, INSERT, UPDATE or CREATE.`
    throw new StepError({ code: 'sql', message, retryable: false })
  }
  const { default: Database } = await import('better-sqlite3')
  let database: BetterSqlite.Database | undefined
  try {
    database = new Database(file, { fileMustExist: true, readonly: isRead, timeout: BUSY_MS })
    database.pragma('trusted_schema = OFF')
    database.pragma('foreign_keys = ON')
    const statement = database.prepare<unknown[]>(sql).safeIntegers(true)
    if (isRead && !statement.readonly) throw refusal('read-only', '', undefined)
    const gathered = gatherRows(rows)
    let affected: number | null = null
    let lastId: string | number | null = null
    if (statement.reader) {
      gathered.columns(statement.columns().map(({ name }) => name))
      for (const row of statement.raw(true).iterate(...params) as Iterable<unknown[]>) {
        // What changes something is done with its first row; going on to the last does no more.
        if (!gathered.row(row.map(cellOf))) break
      }
    } else {
      const { changes, lastInsertRowid } = statement.run(...params)
      affected = changes
      lastId = changes > 0 && (word === 'insert' || word === 'replace') ? numberOf(lastInsertRowid) : null
    }
    yield* gathered.pieces()
    yield Buffer.from(
      JSON.stringify({
        columns: [...gathered.names()],
        count: gathered.count(),
        more: gathered.more(),
        affected,
        lastId,
      } satisfies z.infer<typeof sqliteDoneSchema>),
    )
  } catch (error) {
    throw errorOf(error)
  } finally {
    database?.close()
  }
}

function cellOf(value: unknown): SqlValue {
  if (typeof value === 'bigint') return exactNumber(value.toString())
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return value instanceof Uint8Array || typeof value === 'string' ? value : null
}

const numberOf = (id: number | bigint): string | number => {
  const exact = exactNumber(id.toString())
  return typeof exact === 'number' ? exact : id.toString()
}

/** What SQLite says, for a person. Codes are those of SQLite's list of results. */
function errorOf(error: unknown): StepError {
  if (error instanceof StepError) return error
  const { code = '', message = String(error) } = Object(error) as { code?: string; message?: string }
  if (!code.startsWith('SQLITE_')) {
    // What the library itself says is about the values.
    const kind =
      !/SQL string/.test(message) && (error instanceof RangeError || /bind|parameter/i.test(message))
        ? 'bad-params'
        : 'sql'
    return refusal(kind, message, error)
  }
  return refusal(codeOf(code), `${message} (${code})`, error)
}

function codeOf(code: string): RefusalCode {
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return 'busy'
  if (/^SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY|ROWID)/.test(code)) return 'duplicate'
  if (code.startsWith('SQLITE_CONSTRAINT')) return 'constraint'
  if (/^SQLITE_(?:NOTADB|CANTOPEN|CORRUPT)/.test(code)) return 'no-database'
  if (/^SQLITE_(?:MISMATCH|RANGE|TOOBIG)/.test(code)) return 'bad-params'
  return code.startsWith('SQLITE_READONLY') ? 'forbidden' : 'sql'
}
