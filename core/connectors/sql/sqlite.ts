import { StepError } from '../../domain/runs/step-error.ts'
import type { CredentialFields, CredentialTest } from '../credential.ts'
import type { SqlParam } from './database.ts'
import { type SqliteJob, sqliteDoneSchema } from './run-sqlite.ts'

type Reach = Pick<CredentialTest, 'files' | 'heavy'>

/** The file of an account. Throws a {@link StepError}, also where it lies in no allowed folder. */
async function fileOf({ file = '' }: CredentialFields, { files }: Reach): Promise<string> {
  const info = await files.info(file.trim())
  if (!('missing' in info) && !info.isFolder) return info.path
  const message = `There is no database file at ${file.trim()}: look at the credential. An empty file becomes a database with the first CREATE TABLE.`
  throw new StepError({ code: 'no-database', message, retryable: false })
}

/** Does one statement in a SQLite file: its rows as pieces of JSON text, and then bytes, which `sqliteDoneSchema` reads. */
export async function querySqlite(
  entered: CredentialFields,
  reach: Reach,
  job: Pick<SqliteJob, 'sql' | 'isRead' | 'rows'> & { readonly params: readonly SqlParam[] },
): Promise<AsyncIterable<string | Uint8Array>> {
  const file = await fileOf(entered, reach)
  return reach.heavy('sql.sqlite', nothing(), { ...job, file, params: job.params.map(asValue) } satisfies SqliteJob)
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function asValue(param: SqlParam): SqliteJob['params'][number] {
  if (typeof param === 'boolean') return param ? 1 : 0
  return typeof param === 'object' && param !== null && 'json' in param ? JSON.stringify(param.json) : param
}

/** What is in the file of an account. */
export async function testSqlite(entered: CredentialFields, reach: Reach): Promise<string> {
  const sql = `SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'`
  const pieces = await querySqlite(entered, reach, { sql, params: [], isRead: true, rows: 1 })
  const texts: string[] = []
  const rest: Uint8Array[] = []
  for await (const piece of pieces) {
    if (typeof piece === 'string') texts.push(piece)
    else rest.push(piece)
  }
  sqliteDoneSchema.parse(JSON.parse(Buffer.concat(rest).toString('utf8')))
  const tables = String(JSON.parse(texts.join(''))[0]?.tables ?? 0)
  return `${(entered.file ?? '').split(/[\\/]/).at(-1)} (${tables} table${tables === '1' ? '' : 's'})`
}
