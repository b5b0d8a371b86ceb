import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { templateRoots } from '../../domain/templates/template.ts'
import { type Json, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { Step } from '../../domain/zap/zap-file.ts'
import type { ActionContext } from '../action-context.ts'
import { type CredentialFields, credentialRefSchema, enteredFields } from '../credential.ts'
import { defineAction, type Effect } from '../define.ts'
import { bytesOf, isFileValue } from '../kit/file-value.ts'
import { numberField } from '../kit/from-text.ts'
import { keepJson, textPieces } from '../kit/heavy-pieces.ts'
import { badCredential } from '../providers/server-account.ts'
import type { Done, Reach, SqlParam, Statement } from './database.ts'
import { gatherRows } from './gather-rows.ts'
import { sqliteDoneSchema } from './run-sqlite.ts'
import { onlyReads } from './statement.ts'

/** What a template may read that stands in the statement itself: what the person who wrote it has set, and nothing that came in. */
const OWN_ROOTS = new Set(['env', 'zap'])
const NO_TEMPLATES =
  'holds {{ … }} with a value from outside, which could be SQL itself. Put the value under "Values", and write $1 (PostgreSQL) or ? (MySQL, MariaDB, SQLite) in its place'

/** Whether what came from outside could become part of a statement. */
const readsOutside = (sql: string): boolean =>
  templateRoots(sql).some(({ roots, error }) => error !== undefined || roots.some((root) => !OWN_ROOTS.has(root)))

type Repeat = 'auto' | 'ask' | 'safe'

function effectOf(sql: string, repeat: Repeat): Effect {
  if (repeat === 'safe') return 'idempotent'
  return repeat === 'auto' && onlyReads(sql) ? 'none' : 'unsafe'
}

/** Asks a database, or changes something in it. */
export const sqlQuery = defineAction({
  id: 'sql.query',
  title: 'Query a database',
  description: 'Runs an SQL statement in PostgreSQL, MySQL, MariaDB or an SQLite file.',
  keywords: [
    'sql',
    'postgres',
    'postgresql',
    'mysql',
    'mariadb',
    'sqlite',
    'execute query',
    'insert row into database',
    'select from database',
    'stored procedure',
  ],
  icon: 'database-zap',
  category: 'http',
  summary: '{sql}',
  // What begins as a read is done so that the database refuses to change anything.
  effect: ({ sql, repeat }) => effectOf(sql, repeat),
  takesLarge: true,
  verbatim: ['sql'],
  unfinished,
  input: z.strictObject({
    account: credentialRefSchema.meta({
      title: 'Account',
      description: 'The database.',
      ui: { widget: 'credential', types: ['postgres', 'mysql', 'sqlite'] },
    }),
    sql: z
      .string()
      .max(1_000_000, { error: 'is longer than 1,000,000 characters' })
      .refine((text) => text.trim() !== '', { error: 'needs a statement, such as SELECT * FROM orders' })
      .refine((text) => !text.includes('\0'), { error: 'must not hold the character NUL' })
      .meta({
        title: 'Statement',
        description: 'One statement. Values from other steps stand under “Values”.',
        ui: { widget: 'code', language: 'sql', placeholder: 'SELECT * FROM orders WHERE customer = $1' },
      }),
    params: z
      .array(jsonSchema)
      .max(10_000, { error: 'has more than 10,000 values' })
      .default([])
      .meta({
        title: 'Values',
        description: 'In the order of $1, $2 … (PostgreSQL) or of the ? in the statement.',
        ui: { widget: 'templates', noun: 'value', placeholder: '{{ hook.body.customer }}' },
      }),
    rows: numberField(z.int().min(1).max(1_000_000))
      .prefault(1000)
      .meta({ title: 'Rows at most', description: 'Others are left out.' }),
    repeat: z
      .enum(['auto', 'ask', 'safe'])
      .default('auto')
      .meta({
        title: 'If it was interrupted',
        description: 'Whether it may be run a second time when it is not known how the first ended.',
        ui: {
          advanced: true,
          labels: {
            auto: 'Read again what only reads, else ask me',
            ask: 'Ask me',
            safe: 'Run it again: that does no harm',
          },
        },
      }),
  }),
  output: z.object({
    /** A list of objects. One of several megabytes is kept as a file, of which templates read what they need. */
    rows: jsonSchema,
    /** Of the rows or, where there are none to return, of those that were changed. */
    count: z.int(),
    columns: z.array(z.string()),
    /** Whether there were more rows than "Rows at most". */
    more: z.boolean(),
    /** What the database numbered the last new row with, in MySQL, MariaDB and SQLite. */
    lastId: z.union([z.number(), z.string()]).nullable(),
  }),
  sample: {
    rows: [{ id: 42, customer: 'Ada', total: 75.5, placed: '2026-11-26T09:30:00+00:00' }],
    count: 1,
    columns: ['id', 'customer', 'total', 'placed'],
    more: false,
    lastId: null,
  },
  async run(ctx) {
    const { input, large } = ctx
    const sql = ownText(input.sql, ctx)
    const { type, secret } = await ctx.credential(input.account)
    const entered = enteredFields(secret) ?? {}
    const params = await Promise.all(input.params.map((value) => paramOf(value, large)))
    const isRead = effectOf(sql, input.repeat) === 'none'
    if (type === 'sqlite') {
      const { querySqlite } = await import('./sqlite.ts')
      const pieces = await querySqlite(entered, ctx, { sql, params, isRead, rows: input.rows })
      const { value: rows, rest } = await keepJson(pieces, large)
      const { affected, count, ...facts } = sqliteDoneSchema.parse(JSON.parse(Buffer.concat(rest).toString('utf8')))
      return { output: { rows, count: affected ?? count, ...facts } }
    }
    const gathered = gatherRows(input.rows)
    const query = await queryOf(type)
    const { affected, lastId } = await query(entered, ctx, { sql, params, isRead, take: gathered })
    const { value: rows } = await keepJson(textPieces(gathered.pieces()), large)
    return {
      output: {
        rows,
        count: gathered.names().length > 0 ? gathered.count() : (affected ?? 0),
        columns: [...gathered.names()],
        more: gathered.more(),
        lastId: typeof lastId === 'number' || typeof lastId === 'string' ? lastId : null,
      },
    }
  },
})

type Query = (entered: CredentialFields, reach: Reach, statement: Statement) => Promise<Done>

async function queryOf(type: string): Promise<Query> {
  if (type === 'postgres') return (await import('./postgres.ts')).queryPostgres
  if (type === 'mysql') return (await import('./mysql.ts')).queryMysql
  throw badCredential(`A credential of the type "${type}" is no database: choose one of PostgreSQL, MySQL or SQLite.`)
}

/** The statement, with what the person has set filled in. */
function ownText(sql: string, { render }: Pick<ActionContext<unknown>, 'render'>): string {
  if (readsOutside(sql)) {
    throw new StepError({ code: 'bad-input', message: `"Statement" ${NO_TEMPLATES}.`, retryable: false })
  }
  const text = templateRoots(sql).length === 0 ? sql : render(sql)
  return typeof text === 'string' ? text : String(text)
}

/** A value for a database: a file is its bytes, a large text its text. */
async function paramOf(value: Json, large: ActionContext<unknown>['large']): Promise<SqlParam> {
  if (isFileValue(value)) return Buffer.from(await bytesOf(large, value))
  if (isLargeValue(value)) {
    const bytes = Buffer.from(await bytesOf(large, value))
    return value.type === 'bytes' ? bytes : bytes.toString('utf8')
  }
  return typeof value === 'object' && value !== null ? { json: value } : value
}

function unfinished({ sql }: Step['input']) {
  return typeof sql === 'string' && readsOutside(sql) ? [{ path: ['sql'], message: NO_TEMPLATES }] : []
}
