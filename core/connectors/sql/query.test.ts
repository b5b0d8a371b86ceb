import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../../test-app.ts'
import { hasServer, startMariadb, startPostgres, type TestServer } from '../../test-servers.ts'

const PASSWORD = 'long-password'

type Database = {
  readonly name: 'postgres' | 'mysql' | 'sqlite'
  /** How the values of a statement are written. */
  readonly value: (number: number) => string
  server?: TestServer
}
const postgres: Database = { name: 'postgres', value: (number) => `$${number}` }
const mysql: Database = { name: 'mysql', value: () => '?' }
const sqlite: Database = { name: 'sqlite', value: () => '?' }
const databases = [...(hasServer.postgres ? [postgres] : []), ...(hasServer.mariadb ? [mysql] : []), sqlite]

beforeAll(async () => {
  await Promise.all([
    hasServer.postgres && startPostgres(PASSWORD).then((server) => Object.assign(postgres, { server })),
    hasServer.mariadb && startMariadb(PASSWORD).then((server) => Object.assign(mysql, { server })),
  ])
}, 60_000)
afterAll(() => Promise.all([postgres.server?.stop(), mysql.server?.stop()]))

function secretOf({ name, server }: Database, folder: string, more: Record<string, Json>): string {
  if (name === 'sqlite') return JSON.stringify({ file: join(folder, 'files', 'shop.sqlite'), ...more })
  const database = name === 'postgres' ? 'postgres' : 'shop'
  const account = { host: '127.0.0.1', port: server?.port ?? 0, user: 'ada', password: PASSWORD, database }
  return JSON.stringify({ ...account, ...more })
}

/** An app with an account at a database; `run` runs one statement in a zap of its own. */
async function setUp(database: Database, more: Record<string, Json> = {}) {
  const made = await testApp()
  const { client, folder } = made
  await mkdir(join(folder, 'files'), { recursive: true })
  if (database.name === 'sqlite') await writeFile(join(folder, 'files', 'shop.sqlite'), '')
  await client.credentials.set({ name: 'shop', type: database.name, secret: secretOf(database, folder, more) })
  return { ...made, run: (input: Record<string, Json>, event: Json = {}) => runSql(client, input, event) }
}

async function runSql(client: TestClient, input: Record<string, Json>, event: Json) {
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'ask',
        uses: 'sql.query',
        input: { account: { $credential: 'shop' }, ...input },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [{ from: 'go', to: 'ask' }],
  })
  const { run, steps } = await runToEnd(client, id, event)
  const step = steps.find((one) => one.step === 'ask')
  const [output, error] = [step?.output, step?.attempts.at(-1)?.error]
  return { status: run.status, output: output as Record<string, Json>, error, text: JSON.stringify(steps) }
}

describe.each(databases)('$name', (database) => {
  const { name, value } = database

  test('rows come in and out as they are, with values of every kind beside the statement', async () => {
    const { run } = await setUp(database)
    const table = `t_${crypto.randomUUID().slice(0, 8)}`
    const types = {
      postgres:
        'id bigint PRIMARY KEY, name text, price numeric(30,10), at date, bytes bytea, extra jsonb, ok boolean, f real',
      mysql:
        'id bigint PRIMARY KEY, name text, price decimal(30,10), at date, bytes blob, extra json, ok boolean, f float',
      sqlite: 'id integer PRIMARY KEY, name text, price text, at text, bytes blob, extra text, ok integer, f real',
    }[name]
    expect((await run({ sql: `CREATE TABLE ${table} (${types})` })).status).toBe('succeeded')
    const marks = [1, 2, 3, 4, 5, 6, 7].map(value).join(', ')
    const insert = {
      sql: `INSERT INTO ${table} (id, name, price, at, extra, ok, f) VALUES (${marks})`,
      params: [
        '{{ go.id }}',
        '{{ go.name }}',
        '12345678901234567890.123456789',
        '2026-03-29',
        '{{ go.extra }}',
        true,
        0.1,
      ],
    }
    const hostile = `Ada'); DROP TABLE ${table}; --`
    const extra = { tags: ['a', '“ü”'], n: 9007199254740993n.toString() }
    expect(await run(insert, { id: '9007199254740993', name: hostile, extra })).toMatchObject({
      status: 'succeeded',
      output: { rows: [], count: 1, columns: [], more: false },
    })
    const { output } = await run(
      {
        sql: `SELECT id, name, price, at, extra, ok, f, 1 + 1 AS two, id AS id FROM ${table} WHERE name = ${value(1)}`,
        params: ['{{ go.name }}'],
      },
      { name: hostile },
    )
    expect(output).toEqual({
      rows: [
        {
          id: '9007199254740993',
          name: hostile,
          price: name === 'sqlite' ? '12345678901234567890.123456789' : '12345678901234567890.1234567890',
          at: '2026-03-29',
          extra: name === 'sqlite' ? JSON.stringify(extra) : extra,
          ok: name === 'postgres' ? true : 1,
          f: 0.1,
          two: 2,
          id_2: '9007199254740993',
        },
      ],
      count: 1,
      columns: ['id', 'name', 'price', 'at', 'extra', 'ok', 'f', 'two', 'id_2'],
      more: false,
      lastId: null,
    })
    const changed = await run({ sql: `UPDATE ${table} SET name = ${value(1)}`, params: ['Grace ✓ 🎉'] })
    expect(changed.output).toMatchObject({ count: 1 })
    const rows = await run({ sql: `SELECT name FROM ${table}` })
    expect(rows.output.rows).toEqual([{ name: 'Grace ✓ 🎉' }])
  })

  test('more rows than are wanted are left out, many go on as a file, and none is an empty list', async () => {
    const { run } = await setUp(database)
    const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i, 'row of some length ${'x'.repeat(150)}' AS t FROM n`
    expect((await run({ sql: many, rows: 3 })).output).toMatchObject({
      rows: [{ i: 1 }, { i: 2 }, { i: 3 }],
      count: 3,
      more: true,
    })
    if (name !== 'mysql') {
      const all = await run({ sql: many, rows: 1_000_000 })
      expect(all.output).toMatchObject({ count: 30_000, more: false, rows: { $blob: expect.any(String) } })
    }
    expect((await run({ sql: 'SELECT 1 AS one WHERE 1 = 0' })).output).toMatchObject({ rows: [], columns: ['one'] })
  })

  test.each<[string, Record<string, Json>, string, RegExp]>([
    ['a mistake in the statement', { sql: 'SELEC 1' }, 'sql', /SELEC/],
    ['a table that is not there', { sql: 'SELECT * FROM no_such_table' }, 'sql', /no_such_table/],
    ['two statements', { sql: 'SELECT 1; SELECT 2' }, 'sql', /statement|near 'SELECT 2'/],
    [
      'too few values',
      { sql: `SELECT ${value(1)} AS a, ${value(2)} AS b`, params: [1] },
      'bad-params',
      /values of the step/,
    ],
  ])('%s is told in the words of the database', async (_words, input, code, message) => {
    const { run } = await setUp(database)
    const { status, error } = await run(input)
    expect(status).toBe('failed')
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('a row that is there already is told as such', async () => {
    const { run } = await setUp(database)
    const table = `u_${crypto.randomUUID().slice(0, 8)}`
    await run({ sql: `CREATE TABLE ${table} (id integer PRIMARY KEY)` })
    await run({ sql: `INSERT INTO ${table} VALUES (1)` })
    const { error } = await run({ sql: `INSERT INTO ${table} VALUES (${value(1)})`, params: [1] })
    expect(error).toMatchObject({ code: 'duplicate', message: expect.stringMatching(/such a row already/) })
  })

  test('the account is tested by signing in, and shows whose it is', async () => {
    const { client } = await setUp(database)
    expect(await client.credentials.test({ name: 'shop' })).toMatchObject({
      ok: true,
      account: expect.stringMatching(
        {
          postgres: /^ada, database postgres \(PostgreSQL \d/,
          mysql: /^ada@127.0.0.1, database shop \(MariaDB 1/,
          sqlite: /^shop\.sqlite \(0 tables\)/,
        }[name],
      ),
    })
  })
})

const servers = databases.filter(({ name }) => name !== 'sqlite')

describe.each(servers)('$name as a server', (database) => {
  const { name } = database

  test('bytes come as Base64, a file goes in as its bytes, and dates keep what they say', async () => {
    const { run } = await setUp(database)
    const sql =
      name === 'postgres'
        ? `SELECT '\\x00ff41'::bytea AS bytes, '2026-10-25 02:30:00.123456+02'::timestamptz AS tz, timestamp '2026-03-29 02:30:00' AS ts, 'infinity'::date AS never, '{1,NULL,"9007199254740993"}'::int8[] AS list, '{"a,b",c}'::text[] AS words, 'NaN'::float8 AS nan, 10.50::numeric AS price, count(*) AS n, '[1,{"big":9007199254740993}]'::json AS j, '1 day 02:00'::interval AS pause FROM (SELECT 1) AS x`
        : `SELECT x'00ff41' AS bytes, CAST('2026-03-29 02:30:00.123456' AS datetime(6)) AS ts, CAST('26:00:01' AS time) AS pause, 10.50 AS price, count(*) AS n, b'101' AS bits, CAST(18446744073709551615 AS unsigned) AS big FROM (SELECT 1) AS x`
    const { output, error } = await run({ sql })
    expect(error).toBeNull()
    const both = { bytes: 'AP9B', price: 10.5, n: 1 }
    expect(output.rows).toEqual([
      name === 'postgres'
        ? {
            ...both,
            tz: '2026-10-25T02:30:00.123456+02:00',
            ts: '2026-03-29T02:30:00',
            never: 'infinity',
            list: [1, null, '9007199254740993'],
            words: ['a,b', 'c'],
            nan: 'NaN',
            j: [1, { big: '9007199254740993' }],
            pause: '1 day 02:00:00',
          }
        : {
            ...both,
            ts: '2026-03-29T02:30:00.123456',
            pause: '26:00:01',
            bits: expect.anything(),
            big: '18446744073709551615',
          },
    ])
  })

  test('what begins as a read changes nothing, and says what to choose where it would', async () => {
    const { run } = await setUp(database)
    const call = name === 'postgres' ? 'public_counter()' : 'shop.counter()'
    const made =
      name === 'postgres'
        ? [
            'CREATE TABLE IF NOT EXISTS calls (n int)',
            `CREATE OR REPLACE FUNCTION ${call} RETURNS int LANGUAGE sql AS 'INSERT INTO calls VALUES (1) RETURNING n'`,
          ]
        : [
            'CREATE TABLE IF NOT EXISTS calls (n int)',
            `CREATE OR REPLACE FUNCTION ${call} RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO calls VALUES (1); RETURN 1; END`,
          ]
    for (const sql of made) expect((await run({ sql })).error).toBeNull()
    const asked = await run({ sql: `SELECT ${call} AS n` })
    expect(asked.error).toMatchObject({ code: 'read-only', message: expect.stringMatching(/If it was interrupted/) })
    expect((await run({ sql: `SELECT ${call} AS n`, repeat: 'ask' })).output).toMatchObject({ rows: [{ n: 1 }] })
    expect((await run({ sql: 'SELECT count(*) AS n FROM calls' })).output.rows).toEqual([{ n: 1 }])
  })

  test('a statement whose step is over is given up by the server, too', async () => {
    const { client } = await setUp(database)
    const sleep = name === 'postgres' ? 'SELECT pg_sleep(600), 4711' : 'SELECT sleep(600), 4711'
    const id = await enableZap(client, {
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        {
          id: 'ask',
          uses: 'sql.query',
          input: { account: { $credential: 'shop' }, sql: sleep },
          settings: { timeoutMs: 1_500, retry: { maxAttempts: 1 } },
        },
      ],
      edges: [{ from: 'go', to: 'ask' }],
    })
    const { steps } = await runToEnd(client, id, {})
    expect(steps.at(-1)?.attempts.at(-1)?.error).toMatchObject({ code: 'timeout' })
    const running =
      name === 'postgres'
        ? `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600), 4711' AND state = 'active' AND pid <> pg_backend_pid()`
        : `SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT sleep(600), 4711'`
    await expect.poll(async () => (await runSql(client, { sql: running }, {})).output.rows).toEqual([{ n: 0 }])
  })

  test.each<[string, Record<string, Json>, string, RegExp]>([
    ['a wrong password', { password: 'another-password' }, 'sign-in', /enter them again under Credentials/],
    ['no such database', { database: 'nowhere' }, 'no-database', /nowhere/],
    ['a certificate of its own making', { tls: true }, 'certificate', /TLS with any certificate/],
    ['a wrong word for encryption', { tls: 'perhaps' }, 'bad-credential', /auto, true, any or false/],
    ['a port that is none', { port: 'many' }, 'bad-credential', /it is a number/],
    ['a server with a path', { host: 'db/x' }, 'bad-credential', /its name alone/],
  ])('%s is told with what to do, and no secret', async (_words, account, code, message) => {
    const { run, client } = await setUp(database, account)
    const { error, text } = await run({ sql: 'SELECT 1' })
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(text).not.toMatch(/another-password|long-password/)
    expect(await client.credentials.test({ name: 'shop' })).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    })
  })

  test('the connection is encrypted where that is asked for, and an address stands for all fields', async () => {
    const { run } = await setUp(database, { tls: 'any' })
    const sql =
      name === 'postgres'
        ? 'SELECT ssl AS ok FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
        : `SELECT variable_value <> '' AS ok FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'`
    expect((await run({ sql })).output.rows).toEqual([{ ok: name === 'postgres' ? true : 1 }])
    const scheme = name === 'postgres' ? 'postgres' : 'mysql'
    const url = `${scheme}://ada:${PASSWORD}@127.0.0.1:${database.server?.port}/${name === 'postgres' ? 'postgres' : 'shop'}`
    const { client } = await testApp()
    await client.credentials.set({ name: 'shop', type: name, secret: JSON.stringify({ url }) })
    expect(await client.credentials.test({ name: 'shop' })).toMatchObject({ ok: true })
  })
})

test('a SQLite file is reached only where files may be, and nothing else through it', async () => {
  const { run, client, folder } = await setUp(sqlite)
  for (const sql of [
    `ATTACH DATABASE '${join(folder, 'hookline.db')}' AS other`,
    `/* x */ ATTACH DATABASE '/etc/passwd' AS other`,
    `VACUUM INTO '${join(folder, 'copy.db')}'`,
    `PRAGMA journal_mode = MEMORY`,
    'BEGIN',
  ]) {
    expect((await run({ sql })).error, sql).toMatchObject({
      code: 'sql',
      message: expect.stringMatching(/cannot begin with/),
    })
  }
  expect((await run({ sql: 'PRAGMA table_info(x)' })).error).toBeNull()
  await symlink(join(folder, 'hookline.db'), join(folder, 'files', 'link.sqlite'))
  for (const file of [join(folder, 'hookline.db'), join(folder, 'files', 'link.sqlite'), '/etc/passwd']) {
    await client.credentials.set({ name: 'shop', type: 'sqlite', secret: JSON.stringify({ file }) })
    expect((await run({ sql: 'SELECT 1' })).error, file).toMatchObject({ code: 'folder-not-allowed' })
    expect(await client.credentials.test({ name: 'shop' })).toMatchObject({ ok: false })
  }
  await writeFile(
    join(folder, 'files', 'no.sqlite'),
    'this is no database, but a text that is long enough to be one'.repeat(20),
  )
  await client.credentials.set({ name: 'shop', type: 'sqlite', secret: JSON.stringify({ file: 'no.sqlite' }) })
  expect((await run({ sql: 'SELECT * FROM t' })).error).toMatchObject({ code: 'no-database' })
  await client.credentials.set({ name: 'shop', type: 'sqlite', secret: JSON.stringify({ file: 'missing.sqlite' }) })
  expect((await run({ sql: 'SELECT * FROM t' })).error).toMatchObject({
    code: 'no-database',
    message: expect.stringMatching(/no database file at missing\.sqlite/),
  })
})

test('a SQLite statement that never ends is ended with its step, and the next one works', async () => {
  const { client, folder, run } = await setUp(sqlite)
  const database = new BetterSqlite(join(folder, 'files', 'shop.sqlite'))
  database.exec('CREATE TABLE t (a integer, b blob); INSERT INTO t VALUES (1, zeroblob(3))')
  database.close()
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'ask',
        uses: 'sql.query',
        input: {
          account: { $credential: 'shop' },
          sql: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
        },
        settings: { timeoutMs: 1_500, retry: { maxAttempts: 1 } },
      },
    ],
    edges: [{ from: 'go', to: 'ask' }],
  })
  const { steps } = await runToEnd(client, id, {})
  expect(steps.at(-1)?.attempts.at(-1)?.error).toMatchObject({ code: 'timeout' })
  expect((await run({ sql: 'SELECT a, b FROM t' })).output.rows).toEqual([{ a: 1, b: 'AAAA' }])
  const made = await run({ sql: 'INSERT INTO t VALUES (?, ?) RETURNING a, b', params: [2, null] })
  expect(made.output).toMatchObject({ rows: [{ a: 2, b: null }], count: 1 })
  expect((await run({ sql: 'INSERT INTO t VALUES (3, NULL)' })).output).toMatchObject({ count: 1, lastId: 3 })
  expect((await run({ sql: 'SELECT count(*) AS n FROM t' })).output.rows).toEqual([{ n: 3 }])
})

test('a value from outside inside a statement is a problem before publishing, and refused when it runs', async () => {
  const { client } = await setUp(sqlite)
  const zap = (sql: string) => ({
    format: 'hookline/zap@1',
    name: 'Test',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'ask', uses: 'sql.query', input: { account: { $credential: 'shop' }, sql } },
    ],
    edges: [{ from: 'go', to: 'ask' }],
  })
  const tried = async (sql: string) => {
    const { zaps } = await client.zaps.import({ files: [{ file: 'test', content: zap(sql) }], enable: true })
    return zaps[0]?.problems.map(({ message }) => message).join(' ') ?? ''
  }
  expect(await tried("SELECT * FROM t WHERE a = '{{ go.id }}'")).toMatch(/value from outside.*under "Values"/)
  expect(await tried('SELECT {{ go.id')).not.toBe('')
  expect(await tried("SELECT '{{ zap.timezone }}' AS zone")).toBe('')
})

test('a zap from elsewhere reaches the file and the server that a credential names, once it may use that, and else nothing', async () => {
  const { client } = await setUp(sqlite)
  await client.credentials.set({ name: 'cache', type: 'redis', secret: JSON.stringify({ url: 'redis://127.0.0.1:9' }) })
  await client.credentials.set({
    name: 'db',
    type: 'mysql',
    secret: JSON.stringify({ url: 'mysql://ada:x@127.0.0.1' }),
  })
  const outcome = async (uses: string, input: Record<string, Json>, denied: string[]) => {
    const content = {
      format: 'hookline/zap@1' as const,
      name: 'From elsewhere',
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'do', uses, input, settings: { retry: { maxAttempts: 1 } } },
      ],
      edges: [{ from: 'go', to: 'do' }],
    }
    const { zaps } = await client.zaps.import({ files: [{ file: 'test', content, approval: { denied } }] })
    const id = zaps[0]?.id ?? ''
    await client.zaps.setEnabled({ id, enabled: true })
    const { run, steps } = await runToEnd(client, id, {})
    return steps.find(({ step }) => step === 'do')?.attempts.at(-1)?.error?.code ?? run.status
  }
  const query = { sql: 'SELECT 1' }
  expect(await outcome('sql.query', { account: { $credential: 'shop' }, ...query }, [])).toBe('succeeded')
  expect(await outcome('sql.query', { account: { $credential: 'shop' }, ...query }, ['credential:shop'])).toBe(
    'not-permitted',
  )
  // It gets as far as to what is not there.
  expect(await outcome('redis.command', { account: { $credential: 'cache' }, command: 'PING' }, [])).toBe('network')
  expect(await outcome('sql.query', { account: { $credential: 'db' }, ...query }, [])).toMatch(/^(?:network|sign-in)$/)
  expect(await outcome('file.read', { path: 'shop.sqlite' }, ['file:shop.sqlite'])).toBe('not-permitted')
})
