import type { Duplex } from 'node:stream'
import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2'
import { StepError } from '../../domain/runs/step-error.ts'
import { exactNumber } from '../../domain/values/decimal.ts'
import type { CredentialFields } from '../credential.ts'
import {
  connectionLost,
  type Done,
  Enough,
  isoOf,
  jsonOf,
  REFUSAL_CODES,
  type Reach,
  type RefusalCode,
  refusal,
  type SqlParam,
  type SqlValue,
  type Statement,
  tlsRefusal,
} from './database.ts'
import { type DatabaseServer, mysqlServer } from './database-account.ts'

/** Opens a session of an account over a connection. Rejects with what the library says. */
async function open({ tls, user, password, database, server }: DatabaseServer, stream: Duplex): Promise<Connection> {
  const { createConnection } = await import('mysql2')
  const connection = createConnection({
    host: server.host,
    port: server.port,
    user,
    password,
    database,
    stream,
    ...(tls !== null && {
      ssl: { rejectUnauthorized: tls.rejectUnauthorized, verifyIdentity: tls.rejectUnauthorized },
    }),
    connectTimeout: 20_000,
    // No code is made of the names of columns.
    disableEval: true,
    // Values as the database has them, so that none is changed on the way.
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    // Without a file of this computer, should the server ask for one.
    flags: ['-LOCAL_FILES'],
  })
  // A connection that breaks off ends the query; without a listener it would end the process.
  connection.on('error', () => undefined)
  await new Promise<void>((connected, failed) => {
    connection.once('connect', () => connected())
    connection.once('error', failed)
  })
  return connection
}

/** A session of an account; `work` is its whole life. */
async function withMysql<Result>(
  entered: CredentialFields,
  { connect, signal }: Reach,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const account = mysqlServer(entered)
  const stream = await connect(account.server)
  let connection: Connection | undefined
  const onAbort = (): void => {
    const id = connection?.threadId
    if (typeof id === 'number')
      void cancel(account, id, () => connect(account.server, 'goodbye')).catch(() => undefined)
  }
  try {
    const opened = await open(account, stream).catch((error: unknown) => {
      throw errorOf(error, false)
    })
    connection = opened
    signal.addEventListener('abort', onAbort, { once: true })
    return await work(opened)
  } finally {
    signal.removeEventListener('abort', onAbort)
    connection?.destroy()
    stream.destroy()
  }
}

/** Asks the server, by a session of its own, to give up what it does for another one. */
async function cancel(account: DatabaseServer, id: number, connect: () => Promise<Duplex>): Promise<void> {
  const connection = await open(account, await connect())
  await connection
    .promise()
    .query(`KILL QUERY ${id}`)
    .finally(() => connection.destroy())
}

/** Does one statement. */
export function queryMysql(entered: CredentialFields, reach: Reach, statement: Statement): Promise<Done> {
  return withMysql(entered, reach, async (connection) => {
    const { sql, params, isRead, take } = statement
    let wasSent = false
    try {
      if (isRead) await connection.promise().query('START TRANSACTION READ ONLY')
      wasSent = !isRead
      return await run(connection, sql, params.map(asValue), take)
    } catch (error) {
      if (error instanceof Enough) return { affected: null, lastId: null }
      throw errorOf(error, wasSent)
    }
  })
}

/** A number goes as its text, which the server turns into what it needs: as a double it would refuse it for `LIMIT ?`, and round large ones. */
function asValue(param: SqlParam): string | boolean | Buffer | null {
  if (typeof param === 'number') return String(param)
  return typeof param === 'object' && param !== null && 'json' in param ? JSON.stringify(param.json) : param
}

/** Runs a prepared statement; of a procedure that returns several tables, the first one counts. */
function run(
  connection: Connection,
  sql: string,
  values: (string | boolean | Buffer | null)[],
  take: Statement['take'],
): Promise<Done> {
  const done = Promise.withResolvers<Done>()
  const query = connection.execute({ sql, values, rowsAsArray: true })
  let read: readonly ((value: unknown) => SqlValue)[] | undefined
  let isEnough = false
  const end: { affected: number | null; lastId: Done['lastId'] } = { affected: null, lastId: null }
  query.on('fields', (fields: readonly FieldPacket[] | undefined) => {
    if (read !== undefined || fields === undefined) return
    read = fields.map(readerOf)
    take.columns(fields.map(({ name }) => name))
  })
  query.on('result', (row: unknown[] | ResultSetHeader, index = 0) => {
    if (!Array.isArray(row)) {
      if (read === undefined) Object.assign(end, { affected: row.affectedRows, lastId: exactId(row.insertId) })
      return
    }
    if (isEnough || index !== 0) return
    isEnough = !take.row(row.map((value, at) => (value === null ? null : (read?.[at]?.(value) ?? String(value)))))
    if (isEnough) done.reject(new Enough())
  })
  query.on('error', done.reject)
  query.on('end', () => done.resolve(end))
  return done.promise
}

const exactId = (id: unknown): Done['lastId'] => (id === 0 || id === undefined ? null : exactNumber(String(id)))

/** Types of columns in MySQL's protocol. */
const TYPE = { float: 4, timestamp: 7, datetime: 12, bit: 16, json: 245, decimal: 246 } as const

/** How the values of a column are read. */
function readerOf(field: FieldPacket): (value: unknown) => SqlValue {
  const { columnType } = field
  // MariaDB says beside the type what a text is, which the library's types do not know.
  const format = String(Object(field).extendedFormat ?? '')
  return (value) => {
    if (value instanceof Uint8Array) return columnType === TYPE.bit ? bitsOf(value) : value
    if (typeof value === 'number') return columnType === TYPE.float ? shortest(value) : finite(value)
    if (typeof value !== 'string') return jsonOf(JSON.stringify(value) ?? '')
    if (columnType === TYPE.json || format === 'json') return jsonOf(value)
    if (columnType === TYPE.timestamp || columnType === TYPE.datetime) return isoOf(value)
    return columnType === TYPE.decimal || columnType === LONGLONG ? exactNumber(value) : value
  }
}

const LONGLONG = 8

const finite = (value: number): SqlValue => (Number.isFinite(value) ? value : String(value))

/** The bits of a BIT column as the number that they are. */
function bitsOf(bytes: Uint8Array): SqlValue {
  return exactNumber(BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`).toString())
}

/** A FLOAT, which arrives as the double that stands next to it, as the number that was stored: 0.1 for 0.10000000149011612. */
function shortest(value: number): SqlValue {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return text
  }
  return finite(value)
}

/** What the server or the library says, for a person. Numbers are those of MySQL's and MariaDB's list of errors. */
function errorOf(error: unknown, wasSent: boolean): StepError {
  if (error instanceof StepError) return error
  const { errno = 0, sqlMessage, message = String(error), code = '' } = Object(error) as MysqlError
  if (sqlMessage === undefined) {
    if (/Bind parameters|bind parameters/.test(message)) return refusal('bad-params', message, error)
    return tlsRefusal(error) ?? connectionLost(wasSent, message, error)
  }
  return refusal(codeOf(errno), `${sqlMessage} (${code || errno})`, error)
}

type MysqlError = { errno?: number; sqlMessage?: string; message?: string; code?: string }

const NUMBERS: Partial<Record<RefusalCode, readonly number[]>> = {
  'sign-in': [1045, 1698, 1524],
  'no-database': [1049],
  forbidden: [1044, 1142, 1143, 1227, 1370],
  duplicate: [1062, 1586],
  constraint: [1048, 1216, 1217, 1364, 1451, 1452, 3819, 4025],
  'bad-params': [1210, 1264, 1265, 1292, 1366, 1406],
  'read-only': [1792, 1290],
  deadlock: [1205, 1213],
  busy: [1040, 1053, 1203, 1226],
  'too-slow': [1317, 1969, 3024],
}

function codeOf(errno: number): RefusalCode {
  for (const code of REFUSAL_CODES) if (NUMBERS[code]?.includes(errno) === true) return code
  return 'sql'
}

/** Who signs in where, as the server says it. */
export function testMysql(entered: CredentialFields, reach: Reach): Promise<string> {
  return withMysql(entered, reach, async (connection) => {
    try {
      const sql = 'SELECT CURRENT_USER() AS user, DATABASE() AS name, VERSION() AS version'
      const [rows] = await connection.promise().query({ sql, rowsAsArray: true })
      const [user, name, version] = Object(rows)[0] as string[]
      return `${user}, database ${name} (${/maria/i.test(version ?? '') ? 'MariaDB' : 'MySQL'} ${/^[0-9.]*/.exec(version ?? '')?.[0]})`
    } catch (error) {
      throw errorOf(error, false)
    }
  })
}
