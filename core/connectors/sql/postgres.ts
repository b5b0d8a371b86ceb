import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { StepError } from '../../domain/runs/step-error.ts'
import { exactNumber } from '../../domain/values/decimal.ts'
import type { Json } from '../../domain/values/json.ts'
import type { CredentialFields } from '../credential.ts'
import {
  connectionLost,
  type Done,
  Enough,
  isoOf,
  jsonOf,
  type Reach,
  type RefusalCode,
  refusal,
  type SqlParam,
  type SqlValue,
  type Statement,
  tlsRefusal,
} from './database.ts'
import { postgresServer } from './database-account.ts'

/** A session of an account; `work` is its whole life. */
async function withPostgres<Result>(
  entered: CredentialFields,
  { connect, signal }: Reach,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { server, tls, ...account } = postgresServer(entered)
  const { default: library } = await import('pg')
  const stream = await connect(server)
  const client = new library.Client({
    ...account,
    ...server,
    ssl: tls ?? false,
    stream: () => asUnconnected(stream),
    application_name: 'Hookline',
    // What is not told here, the library would take from the environment of the process.
    options: '',
    connectionTimeoutMillis: 20_000,
  })
  // A connection that breaks off ends the query; without a listener it would end the process.
  client.on('error', () => undefined)
  let isOver = false
  const onAbort = (): void => {
    if (!isOver) void cancel(client, () => connect(server, 'goodbye')).catch(() => undefined)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await client.connect().catch((error: unknown) => {
      throw errorOf(error, false)
    })
    return await work(client)
  } finally {
    isOver = true
    signal.removeEventListener('abort', onAbort)
    // Not waited for: a server that says nothing any more must not hold up the step.
    void client.end().catch(() => undefined)
    stream.destroy()
  }
}

/** Does one statement. */
export function queryPostgres(entered: CredentialFields, reach: Reach, statement: Statement): Promise<Done> {
  return withPostgres(entered, reach, async (client) => {
    const { sql, params, isRead, take } = statement
    let wasSent = false
    try {
      if (isRead) await client.query('BEGIN READ ONLY')
      const values = await valuesOf(client, sql, params)
      wasSent = !isRead
      const result = await run(client, { sql, values, take })
      // Nothing was changed, so there is nothing to end; the connection is closed.
      return { affected: result.isRows ? null : result.affected, lastId: null }
    } catch (error) {
      if (error instanceof Enough) return { affected: null, lastId: null }
      throw errorOf(error, wasSent)
    }
  })
}

/** Runs a statement by the extended protocol, which takes one statement at a time, with its values beside it. */
async function run(
  client: pg.Client,
  { sql, values, take }: { readonly sql: string; readonly values: unknown[]; readonly take: Statement['take'] },
) {
  const { default: library } = await import('pg')
  // The package's types have it as it will be one day. What `of` makes is JSON.
  const lists = library.types.arrayParser as unknown as { create(text: string, of: Parser): { parse(): Json } }
  const readList: ListReader = (text, of) => lists.create(text, of).parse()
  const query = new library.Query<unknown[], unknown[]>({
    text: sql,
    values,
    rowMode: 'array',
    queryMode: 'extended',
    types: { getTypeParser: (oid: number) => parserOf(oid, readList) },
  } as pg.QueryArrayConfig) // its types do not know `queryMode`
  const done = Promise.withResolvers<pg.QueryArrayResult>()
  let names: readonly string[] | undefined
  const begin = (result: pg.ResultBuilder | undefined): void => {
    if (names !== undefined || result === undefined) return
    names = result.fields.map(({ name }) => name)
    take.columns(names)
  }
  let isEnough = false
  query.on('row', (row, result) => {
    if (isEnough) return
    begin(result)
    isEnough = !take.row(row as SqlValue[]) // what the parsers below return
    // Of what changes something, the end is waited for; of what reads, the connection is closed.
    if (isEnough) done.reject(new Enough())
  })
  query.on('end', (result) => {
    begin(result)
    done.resolve(result as unknown as pg.QueryArrayResult) // as rows are lists
  })
  query.on('error', done.reject)
  client.query(query)
  const result = await done.promise
  return { affected: result.rowCount ?? 0, isRows: result.fields.length > 0 }
}

/** Asks the server, by a connection of its own, to give up what it does for a session. */
async function cancel(client: pg.Client, connect: () => Promise<Duplex>): Promise<void> {
  // The library knows both from the server; its types do not.
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null }
  if (processID === null || secretKey === null) return
  const message = Buffer.alloc(16)
  // CancelRequest of PostgreSQL's protocol: its length, its code, and whose query it is.
  for (const [at, number] of [16, 80_877_102, processID, secretKey].entries()) message.writeInt32BE(number | 0, at * 4)
  const stream = await connect()
  stream.end(message)
}

/** The library connects what it is given; this is connected already. */
function asUnconnected(stream: Duplex): Duplex {
  const connect = (): Duplex => {
    queueMicrotask(() => stream.emit('connect'))
    return stream
  }
  return Object.assign(stream, { connect })
}

const isJsonType = (type: string): boolean => type === 'json' || type === 'jsonb'

/** Values as the library writes them. For lists and objects the server is asked what it expects: JSON, or a list of its own. */
async function valuesOf(client: pg.Client, sql: string, params: readonly SqlParam[]): Promise<unknown[]> {
  const isStructured = (value: SqlParam): value is { json: Json } =>
    typeof value === 'object' && value !== null && 'json' in value
  if (!params.some(isStructured)) return [...params]
  const prepare = { text: `PREPARE hookline_statement AS ${sql}`, queryMode: 'extended' }
  await client.query(prepare as pg.QueryConfig) // as above
  const { rows } = await client.query<{ types: string[] }>(
    `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'hookline_statement'`,
  )
  const types = rows[0]?.types ?? []
  return params.map((value, at) => {
    if (!isStructured(value)) return value
    return Array.isArray(value.json) && !isJsonType(types[at] ?? '') ? value.json : JSON.stringify(value.json)
  })
}

type Parser = (text: string) => SqlValue
const asText: Parser = (text) => text
const bytes: Parser = (text) => (text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : text)
const truth: Parser = (text) => text === 't'

/** How values of a type are read, by the type's permanent number (PostgreSQL: pg_type.dat). Text, dates, times and all others stay as they are written. */
const PARSERS: ReadonlyMap<number, Parser> = new Map([
  [16, truth],
  [17, bytes],
  // int8, int2, int4, oid, float4, float8, numeric
  ...[20, 21, 23, 26, 700, 701, 1700].map((oid): [number, Parser] => [oid, exactNumber]),
  [114, jsonOf],
  [3802, jsonOf],
  // timestamp, timestamptz
  [1114, isoOf],
  [1184, isoOf],
])

/** The types of lists, with that of what is in them. */
const LISTS: ReadonlyMap<number, number> = new Map([
  ...[
    [1000, 16],
    [1016, 20],
    [1005, 21],
    [1007, 23],
    [1028, 26],
    [1021, 700],
    [1022, 701],
    [1231, 1700],
  ],
  ...[
    [199, 114],
    [3807, 3802],
    [1115, 1114],
    [1185, 1184],
  ],
  // text, varchar, char(n), name, uuid, date, time, timetz, interval, inet
  ...[
    [1009, 25],
    [1015, 1043],
    [1014, 1042],
    [1003, 19],
    [2951, 2950],
    [1182, 1082],
    [1183, 1083],
    [1270, 1266],
  ],
  ...[
    [1187, 1186],
    [1041, 869],
  ],
] as [number, number][])

type ListReader = (text: string, of: Parser) => SqlValue

function parserOf(oid: number, readList: ListReader): Parser {
  const member = LISTS.get(oid)
  if (member === undefined) return PARSERS.get(oid) ?? asText
  const of = PARSERS.get(member) ?? asText
  return (text) => readList(text, of)
}

/** What the server or the library says, for a person. Codes are those of PostgreSQL's appendix A. */
function errorOf(error: unknown, wasSent: boolean): StepError {
  if (error instanceof StepError) return error
  const { code = '', message = String(error), detail = '', hint = '', severity } = Object(error) as PostgresError
  if (severity === undefined) return tlsRefusal(error) ?? connectionLost(wasSent, message, error)
  const says = [message, detail, hint].filter((part) => part !== '').join('. ')
  return refusal(codeOf(code), `${says} (${code})`, error)
}

type PostgresError = { code?: string; message?: string; detail?: string; hint?: string; severity?: string }

const CODES: Readonly<Record<string, RefusalCode>> = {
  '28P01': 'sign-in',
  '28000': 'sign-in',
  '3D000': 'no-database',
  '42501': 'forbidden',
  '23505': 'duplicate',
  '25006': 'read-only',
  '08P01': 'bad-params',
  '40001': 'deadlock',
  '40P01': 'deadlock',
  '55P03': 'deadlock',
  '57014': 'too-slow',
  // The server ends or begins, and has undone what was under way.
  '57P01': 'busy',
  '57P02': 'busy',
  '57P03': 'busy',
}

function codeOf(state: string): RefusalCode {
  const known = CODES[state]
  if (known !== undefined) return known
  if (state.startsWith('23')) return 'constraint'
  if (state.startsWith('22')) return 'bad-params'
  return state.startsWith('53') ? 'busy' : 'sql'
}

/** Who signs in where, as the server says it. */
export function testPostgres(entered: CredentialFields, reach: Reach): Promise<string> {
  return withPostgres(entered, reach, async (client) => {
    try {
      const sql = `SELECT current_user AS user, current_database() AS name, current_setting('server_version') AS version`
      const { rows } = await client.query<{ user: string; name: string; version: string }>(sql)
      const [{ user = '', name = '', version = '' } = {}] = rows
      return `${user}, database ${name} (PostgreSQL ${/^[0-9.]*/.exec(version)?.[0]})`
    } catch (error) {
      throw errorOf(error, false)
    }
  })
}
