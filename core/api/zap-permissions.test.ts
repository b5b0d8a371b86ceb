import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { databaseFile } from '../db/open.ts'
import type { Json, JsonObject } from '../domain/values/json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const call = (url: string, more: Record<string, Json> = {}): Step => ({
  id: 'call',
  uses: 'http.request',
  input: { url, ...more },
})

const fileOf = (...steps: Step[]) => ({
  format: 'hookline/zap@1' as const,
  name: 'From elsewhere',
  steps: [manual, ...steps],
  edges: steps.map((step, at) => ({ from: steps[at - 1]?.id ?? 'go', to: step.id })),
})

/** Imports a zap as the screens do, with a word on what it may touch or without; returns its id. */
async function importZap(client: TestClient, content: object, denied?: string[]): Promise<string> {
  const approval = denied === undefined ? {} : { approval: { denied } }
  const { zaps } = await client.zaps.import({ files: [{ file: 'test', content, ...approval }] })
  const id = zaps[0]?.id
  if (id == null) throw new Error(JSON.stringify(zaps))
  return id
}

/** Runs a zap; returns the error of its step `call`, or its output. */
async function outcomeOf(client: TestClient, id: string, input: Json = {}) {
  await client.zaps.setEnabled({ id, enabled: true })
  const { run, steps } = await runToEnd(client, id, input)
  const step = steps.find((one) => one.step === 'call')
  return { status: run.status, error: step?.attempts.at(-1)?.error ?? null, output: step?.output ?? null }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )

test('a zap from elsewhere does nothing before it was reviewed, in no way', async () => {
  const { client } = await testApp()
  const id = await importZap(client, fileOf(call('http://127.0.0.1:9/')))
  expect(await client.zaps.get({ id })).toMatchObject({ status: 'draft', review: 'pending' })
  const copy = await client.zaps.duplicate({ id })
  for (const one of [id, copy.id]) {
    expect(await codeOf(client.zaps.setEnabled({ id: one, enabled: true }))).toBe('REVIEW_FIRST')
    expect(await codeOf(client.zaps.publish({ id: one }))).toBe('REVIEW_FIRST')
    expect(await codeOf(client.zaps.run({ id: one, source: 'draft' }))).toBe('REVIEW_FIRST')
    expect(await codeOf(client.zaps.test({ id: one, step: 'call', runs: 'only-step' }))).toBe('REVIEW_FIRST')
    expect(await codeOf(client.zaps.allow({ id: one, keys: ['host:a.com'], allowed: true }))).toBe('REVIEW_FIRST')
  }
  // Editing it is no review.
  const { draftRevision } = await client.zaps.get({ id })
  await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: fileOf(call('http://127.0.0.1:10/')) })
  expect(await codeOf(client.zaps.publish({ id }))).toBe('REVIEW_FIRST')
  const { items } = await client.zaps.approve({ id, denied: [] })
  expect(items).toMatchObject([{ key: 'local:127.0.0.1:10', place: 'this-computer', allowed: true }])
  expect(await codeOf(client.zaps.publish({ id }))).toBe('done')
})

test('what nothing is asked of needs no review, and to enable a file is to approve what it names', async () => {
  const { client } = await testApp()
  const id = await importZap(client, fileOf({ id: 'call', uses: 'data.set', input: { fields: { a: 1 } } }))
  expect((await outcomeOf(client, id)).status).toBe('succeeded')
  const url = await testServer((_request, response) => response.end('yes'))
  const dynamic = await enableZap(client, fileOf(call('{{ go.url }}')))
  expect(await outcomeOf(client, dynamic, { url })).toMatchObject({ output: { body: 'yes' } })
  const { zaps } = await client.zaps.import({ files: [{ file: 'x', content: fileOf(call(url)) }], enable: true })
  expect(zaps).toMatchObject([{ review: 'done', needs: [{ kind: 'local', allowed: true }] }])
})

test('a preview names everything that a file wants to touch, and stores nothing', async () => {
  const { client } = await testApp()
  const before = await client.zaps.list()
  const content = fileOf(
    call('https://shop.example.org/stock', { auth: { $credential: 'shop' } }),
    { id: 'write', uses: 'file.append', input: { path: 'Stock/{{ now }}.csv', text: '' } },
    { id: 'other', uses: 'logic.call-zap', input: { zap: 'Ledger' } },
  )
  const { zaps } = await client.zaps.preview({
    files: [
      { file: 'a.json', content },
      { file: 'b.json', content: {} },
    ],
  })
  expect(zaps[0]?.permissions).toMatchObject({
    review: 'pending',
    items: [
      { key: 'host:shop.example.org', steps: [{ id: 'call', name: 'HTTP request' }], writes: false, caution: null },
      { key: 'file:Stock/*.csv', writes: true },
      { key: 'credential:shop', goesTo: ['shop.example.org'], exists: false },
      { key: 'zap:Ledger' },
    ],
  })
  expect(zaps[1]).toMatchObject({ zap: null, problems: [{ code: 'bad-file' }] })
  expect(await client.zaps.list()).toEqual(before)
})

test('what was switched off is refused while it runs, with the remedy; after the remedy it works', async () => {
  const { client } = await testApp()
  const seen: string[] = []
  const url = await testServer((request, response) => {
    seen.push(request.path)
    response.end('yes')
  })
  const key = `local:${new URL(url).host}`
  const id = await importZap(client, fileOf(call(`${url}/x`)), [key])
  const refused = await outcomeOf(client, id)
  expect(refused).toMatchObject({ status: 'failed', error: { code: 'not-permitted' } })
  expect(refused.error?.message).toContain(`hookline zap allow ${id} ${key}`)
  expect(seen).toEqual([])
  await client.zaps.allow({ id, keys: [key], allowed: true })
  expect(await outcomeOf(client, id)).toMatchObject({ status: 'succeeded' })
  await client.zaps.allow({ id, keys: [key], allowed: false })
  expect(await outcomeOf(client, id)).toMatchObject({ error: { code: 'not-permitted' } })
  expect(seen).toEqual(['/x'])
})

test('a template cannot lead a zap from elsewhere to a host that nobody approved', async () => {
  const { client } = await testApp()
  const id = await importZap(client, fileOf(call('https://{{ go.shop }}.shop.example/x')), [])
  for (const shop of ['evil.com/', 'a@evil.com#', 'evil.com\\']) {
    expect(await outcomeOf(client, id, { shop })).toMatchObject({ error: { code: 'not-permitted' } })
  }
})

test('neither a redirect nor a name leads a zap from elsewhere into the own network, unless it may go there', async () => {
  const { client } = await testApp()
  const inside = await testServer((_request, response) => response.end('inside'))
  // Any address, but none that is near.
  const id = await importZap(client, fileOf(call('{{ go.url }}')), ['local:*'])
  for (const url of [inside, 'http://nas/', 'http://[::ffff:10.0.0.1]/', 'http://0.0.0.0:9/', 'http://2130706433/']) {
    expect(await outcomeOf(client, id, { url })).toMatchObject({ error: { code: 'not-permitted' } })
  }
  // A name that leads to this computer without saying so; resolvers answer it from the hosts file or not at all.
  const named = await outcomeOf(client, id, { url: inside.replace('127.0.0.1', 'ip6-localhost.') })
  expect(named.status).toBe('failed')
  // From one port of this computer to another is no way that leads nearer.
  const from = await testServer((_request, response) => response.writeHead(302, { location: inside }).end())
  const near = await importZap(client, fileOf(call(from)), [])
  expect(await outcomeOf(client, near)).toMatchObject({ output: { body: 'inside' } })
})

test('a credential that was switched off, or that data names, or that is for other hosts, is not sent', async () => {
  const { client } = await testApp()
  const seen: (string | undefined)[] = []
  const url = await testServer((request, response) => {
    seen.push(request.headers.authorization)
    response.end('yes')
  })
  const { host } = new URL(url)
  await client.credentials.set({ name: 'key', type: 'bearer', secret: 'sesame-open' })
  const auth = { $credential: 'key' }

  const off = await importZap(client, fileOf(call(url, { auth })), ['credential:key'])
  expect(await outcomeOf(client, off)).toMatchObject({ error: { code: 'not-permitted' } })

  // Also where the owner built it: what comes in chooses no credential.
  const blank = await client.zaps.create({ draft: fileOf(call(url, { auth: '{{ go.auth }}' })) })
  expect(await outcomeOf(client, blank.id, { auth })).toMatchObject({ error: { code: 'not-permitted' } })
  const half = await client.zaps.create({ draft: fileOf(call(url, { auth: { $credential: '{{ go.name }}' } })) })
  expect(await outcomeOf(client, half.id, { name: 'key' })).toMatchObject({ error: { code: 'not-permitted' } })

  const own = await client.zaps.create({ draft: fileOf(call(url, { auth })) })
  await client.credentials.setHosts({ name: 'key', hosts: ['api.example.com', '*.example.org'] })
  const bound = await outcomeOf(client, own.id)
  expect(bound).toMatchObject({ error: { code: 'credential-host' } })
  expect(bound.error?.message).toContain(`calls ${host}`)
  expect(seen).toEqual([])
  expect(await client.credentials.setHosts({ name: 'key', hosts: [`http://${host}/x`] })).toMatchObject({
    hosts: [host],
  })
  // A new secret goes where the old one went.
  await client.credentials.set({ name: 'key', type: 'bearer', secret: 'sesame-close' })
  expect(await outcomeOf(client, own.id)).toMatchObject({ status: 'succeeded' })
  expect(seen).toEqual(['Bearer sesame-close'])
})

test('files and other zaps are touched as far as was approved', async () => {
  const { client, folder } = await testApp()
  const write = (path: string): Step => ({ id: 'call', uses: 'file.append', input: { path, text: 'line' } })
  const id = await importZap(client, fileOf(write('notes/{{ go.name }}.txt')), [])
  expect(await outcomeOf(client, id, { name: '../welcome' })).toMatchObject({ error: { code: 'not-permitted' } })
  expect(await outcomeOf(client, id, { name: 'monday' })).toMatchObject({ status: 'succeeded' })
  expect(readFileSync(join(folder, 'files', 'notes', 'monday.txt'), 'utf8')).toBe('line\n')

  await enableZap(client, { ...fileOf({ id: 'set', uses: 'data.set', input: { fields: { a: 1 } } }), name: 'Mine' })
  const caller = fileOf({ id: 'call', uses: 'logic.call-zap', input: { zap: 'Mine' } })
  expect(await outcomeOf(client, await importZap(client, caller, ['zap:Mine']))).toMatchObject({
    error: { code: 'not-permitted' },
  })
  expect(await outcomeOf(client, await importZap(client, caller, []))).toMatchObject({ output: { a: 1 } })
})

test.each<[string, string, JsonObject]>([
  ['the folder itself', 'file.info', { path: '.' }],
  ['a path beyond what a permission names', 'file.info', { path: `a/../${'b'.repeat(3_000)}` }],
  ['a folder and back', 'file.append', { path: 'a/..', text: '' }],
  ['the folder itself, with a slash', 'file.list', { folder: './' }],
  ['a program in the folder itself', 'shell.run', { program: 'true', folder: '.' }],
  ['a program in a folder beyond what a permission names', 'shell.run', { program: 'true', folder: 'x'.repeat(2_500) }],
  ['a zap with a very long name', 'logic.call-zap', { zap: 'z'.repeat(2_500) }],
])('an approved zap from elsewhere may touch %s, and is stored so that it can be read', async (_what, uses, input) => {
  const { client } = await testApp()
  const id = await importZap(client, fileOf({ id: 'call', uses, input }), [])
  expect((await client.zaps.list()).map((zap) => zap.id)).toContain(id)
  const { review, items } = await client.zaps.permissions({ id })
  expect(review).toBe('done')
  expect(items.every(({ allowed }) => allowed)).toBe(true)
  expect((await outcomeOf(client, id)).error?.code).not.toBe('not-permitted')
})

test('a zap whose permissions cannot be read is locked until a person has reviewed them, and no other is', async () => {
  const first = await testApp()
  const steps = fileOf({ id: 'call', uses: 'file.append', input: { path: 'a.txt', text: '' } })
  const id = await importZap(first.client, steps, [])
  const other = await importZap(first.client, steps, [])
  await first.client.zaps.setEnabled({ id, enabled: true })
  await first.app.stop()
  const connection = new Sqlite(databaseFile(first.folder))
  connection.prepare(`UPDATE zap SET permissions = '{"from":"owner","denied":["file:"]}' WHERE id = ?`).run(id)
  connection.close()
  const { client } = await testApp({ dataDir: first.folder })
  expect(await client.zaps.get({ id })).toMatchObject({ review: 'pending' })
  const locked: unknown = await client.zaps.run({ id, source: 'draft' }).catch((error: unknown) => error)
  expect(locked).toMatchObject({
    code: 'REVIEW_FIRST',
    message: expect.stringContaining(`cannot be read from the database any more, so it is locked: see what it may do`),
  })
  expect(await outcomeOf(client, other)).toMatchObject({ status: 'succeeded' })
  await client.zaps.approve({ id, denied: [] })
  expect(await outcomeOf(client, id)).toMatchObject({ status: 'succeeded' })
})

test('an approved program runs with arguments that turn out empty', async () => {
  const { client } = await testApp()
  const input = { program: process.execPath, args: ['-p', '1', '{{ go.a }}', '{{ go.b }}'] }
  const id = await importZap(client, fileOf({ id: 'call', uses: 'shell.run', input }), [])
  for (const given of [
    { a: '', b: '' },
    { a: ' ', b: '  ' },
    { a: 'x', b: '' },
  ]) {
    expect(await outcomeOf(client, id, given)).toMatchObject({ status: 'succeeded', output: { exitCode: 0 } })
  }
})

test('variables of the environment are read as far as was approved', async () => {
  const { client } = await testApp({ variables: { TOKEN: 'secret', PLACE: 'here' } })
  const reading = (template: string) => fileOf({ id: 'call', uses: 'data.set', input: { fields: { it: template } } })
  const place = await importZap(client, reading('{{ env.PLACE }}'), ['variable:TOKEN'])
  expect((await outcomeOf(client, place)).output).toEqual({ it: 'here' })
  // A default is for what is not there, and must not hide that something was refused.
  for (const template of ['{{ env.TOKEN }}', '{{ env.TOKEN | default: "none" }}', 'x{% if env.TOKEN %}y{% endif %}']) {
    const token = await importZap(client, reading(template), ['variable:TOKEN'])
    expect(await outcomeOf(client, token)).toMatchObject({
      error: { code: 'not-permitted', message: expect.stringMatching(/TOKEN.*zap allow/s) },
    })
  }
})

test('no sender is taken for proved by a credential that a zap may not use', async () => {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'key', type: 'secret', secret: 'sesame-open' })
  const content = {
    format: 'hookline/zap@1',
    name: 'Hook',
    steps: [
      {
        id: 'hook',
        uses: 'webhook.catch',
        input: { path: 'in', verify: { scheme: 'bearer', secrets: [{ $credential: 'key' }] } },
      },
    ],
    edges: [],
  }
  const send = async () =>
    (
      await fetch(`${app.hooksUrl}/hooks/in`, {
        method: 'POST',
        headers: { authorization: 'Bearer sesame-open' },
      })
    ).status
  const id = await importZap(client, content, ['credential:key'])
  await client.zaps.setEnabled({ id, enabled: true })
  expect(await send()).toBe(401)
  await client.zaps.allow({ id, keys: ['credential:key'], allowed: true })
  expect(await send()).toBe(200)
})

test('what the owner adds to an approved zap is learned, and what was switched off stays off', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => response.end('yes'))
  const { host } = new URL(url)
  const id = await importZap(client, fileOf(call('https://a.example/')), ['host:a.example'])
  const save = async (step: Step) => {
    const { draftRevision } = await client.zaps.get({ id })
    await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: fileOf(step) })
    await client.zaps.publish({ id })
  }
  await save(call(url))
  expect(await outcomeOf(client, id)).toMatchObject({ status: 'succeeded' })
  await save(call('https://a.example/'))
  expect(await outcomeOf(client, id)).toMatchObject({ error: { code: 'not-permitted' } })
  const { items } = await client.zaps.permissions({ id })
  expect(items.map(({ key, allowed }) => [key, allowed])).toEqual([
    ['host:a.example', false],
    [`local:${host}`, true],
  ])
})

test('the owner of a zap switches off what it may touch, and on again', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => response.end('yes'))
  const key = `local:${new URL(url).host}`
  const { id } = await client.zaps.create({ draft: fileOf(call(url)) })
  expect(await client.zaps.permissions({ id })).toMatchObject({ from: 'owner', items: [{ key, allowed: true }] })
  await client.zaps.allow({ id, keys: [key], allowed: false })
  expect(await outcomeOf(client, id)).toMatchObject({ error: { code: 'not-permitted' } })
  await client.zaps.allow({ id, keys: [key], allowed: true })
  expect(await outcomeOf(client, id)).toMatchObject({ status: 'succeeded' })
})

test('the review says in words when a zap starts by itself', async () => {
  const { client } = await testApp()
  const by = (id: string, input: Step['input']) => ({ id, uses: 'schedule.cron', input })
  const content = {
    format: 'hookline/zap@1',
    name: 'Timetable',
    steps: [by('mornings', { cron: '30 7 * * 1-5' }), by('often', { every: '45m' }), by('rare', { cron: '0 0 L * *' })],
    edges: [],
  }
  const { zaps } = await client.zaps.preview({ files: [{ file: 'a.zap.json', content }] })
  expect(zaps[0]?.permissions.starts.map(({ words }) => words)).toEqual([
    'Weekdays at 07:30',
    'Every 45 minutes',
    '0 0 L * *',
  ])
})

test('a table that was not allowed is neither read, changed nor watched', async () => {
  const { client } = await testApp()
  const { id: table } = await client.tables.create({ name: 'Secrets', columns: [{ name: 'a' }] })
  await client.tables.edit({ id: table, edits: [{ do: 'insert', cells: { 0: 1 } }] })
  const input: Readonly<Record<string, JsonObject>> = {
    'table.find': {},
    'table.add': { values: { a: 1 } },
    'table.update': { where: { a: 1 }, values: { a: 2 } },
    'table.delete': { where: { a: 1 } },
  }
  for (const [uses, more] of Object.entries(input)) {
    const step = { id: 'call', uses, input: { table: '{{ go.table }}', ...more } }
    const id = await importZap(client, fileOf(step), ['table:*'])
    const { error } = await outcomeOf(client, id, { table: 'Secrets' })
    expect(error?.code, uses).toBe('not-permitted')
    expect(error?.message).toContain('may not use the table Secrets: allow it')
  }
  const watcher = await importZap(
    client,
    {
      ...fileOf({ id: 'call', uses: 'data.set', input: { fields: { a: 1 } } }),
      steps: [
        { id: 'go', uses: 'table.changed', input: { table: 'Secrets' } },
        { id: 'call', uses: 'data.set', input: { fields: { a: 1 } } },
      ],
    },
    ['table:Secrets'],
  )
  await client.zaps.setEnabled({ id: watcher, enabled: true })
  await client.tables.edit({ id: table, edits: [{ do: 'set', row: 1, cells: { 0: 5 } }] })
  expect((await client.runs.list({ zapId: watcher })).runs).toEqual([])
  expect((await client.tables.rows({ id: table })).rows).toMatchObject([{ cells: { 0: 5 } }])
})

test('a credential leads to its own server, not to another port of that computer, nor where a person said no', async () => {
  const { client } = await testApp()
  const own = await testServer((_, response) => response.end('{}'))
  const beside = await testServer((_, response) => response.end('{}'))
  const secret = JSON.stringify({ token: 'tk_0123456789', server: own })
  await client.credentials.set({ name: 'phone', type: 'ntfy', secret })
  const outcome = async (url: string, denied: string[]) => {
    const id = await importZap(client, fileOf(call(url, { auth: { $credential: 'phone' } })), denied)
    const { status, error } = await outcomeOf(client, id)
    return error?.code ?? status
  }
  const keyOf = (url: string): string => `local:${new URL(url).host}`
  expect(await outcome(own, [])).toBe('succeeded')
  expect(await outcome(own, [keyOf(own)])).toBe('not-permitted')
  expect(await outcome(beside, [keyOf(beside)])).toBe('not-permitted')
})
