import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { manualClock } from '../domain/time/clock.ts'
import { startChild } from '../engine/sandbox/isolated-child.ts'
import { enableZap, runToEnd, testApp, testServer } from '../test-app.ts'
import { createOwnConnectors } from './own-connectors.ts'

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>'

/** A file with one app: `actions` and `triggers` are code. */
const source = (parts: {
  id?: string
  address?: string
  actions?: string
  triggers?: string
  before?: string
}): string => `
import { action, anyValue, defineApp, poll, StepError, z } from '@hookline/sdk'
${parts.before ?? ''}
export default defineApp({
  id: ${JSON.stringify(parts.id ?? 'weather')},
  title: 'Weather',
  icon: ${JSON.stringify(ICON)},
  hue: 220,
  address: ${JSON.stringify(parts.address ?? 'https://weather.example')},
  account: 'optional',
  alsoTakes: ['bearer'],
  actions: [${parts.actions ?? ''}],
  triggers: [${parts.triggers ?? ''}],
})`

/** An action that does what \`run\` says. */
const doing = (name: string, run: string, input = 'z.object({})'): string => `action({
  name: '${name}', title: 'Do ${name}', description: 'Does it.', summary: '', effect: 'none',
  input: ${input}, output: z.unknown(), sample: null,
  async run(ctx) { ${run} },
}),`

async function world(files: Record<string, string>) {
  const dataDir = temporaryFolder()
  const folder = join(dataDir, 'connectors')
  mkdirSync(folder)
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  for (const [name, text] of Object.entries(files)) put(name, text)
  const started = await testApp({ dataDir })
  return { ...started, dataDir, folder, put }
}

/** Runs one step of a zap of its own; its end and what it gave or why it failed. */
async function step(client: Awaited<ReturnType<typeof world>>['client'], uses: string, input = {}, settings = {}) {
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'it', uses, input, settings: { retry: { maxAttempts: 1 }, ...settings } },
    ],
    edges: [{ from: 'go', to: 'it' }],
  })
  const { run, steps } = await runToEnd(client, id, { city: 'Oslo' })
  const it = steps.find((row) => row.step === 'it')
  return { status: run.status, output: it?.output, error: it?.attempts.at(-1)?.error }
}

test('a file of connectors is off until it is approved, and then its actions are steps', async () => {
  const url = await testServer(({ path, headers }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ path, key: headers['idempotency-key'] ?? null, degrees: -3 }))
  })
  const run = `
    const { body } = await ctx.http({ path: 'now', query: { city: ctx.input.city } })
    console.log('asked for', ctx.input.city)
    return { ...body, days: ctx.input.days }`
  const input = "z.object({ city: z.string().min(1).meta({ title: 'City' }), days: z.int().default(3) })"
  const { client, app, dataDir } = await world({
    'weather.mjs': source({ address: url, actions: doing('now', run, input) }),
    'weather.test.mjs': 'throw new Error("a test is no connector")',
    'notes.txt': 'no connector',
  })
  const before = await client.connectors.own()
  expect(before.files).toEqual([{ file: 'weather.mjs', state: 'off', problem: null, app: null, connectors: [] }])
  expect((await client.connectors.list()).some(({ id }) => id === 'weather.now')).toBe(false)

  const approved = await client.connectors.approveOwn({ file: 'weather.mjs' })
  expect(approved).toMatchObject({ state: 'on', app: { id: 'weather', title: 'Weather' } })
  expect(approved.connectors).toEqual([{ id: 'weather.now', title: 'Do now', kind: 'action' }])
  const manifest = (await client.connectors.list()).find(({ id }) => id === 'weather.now')
  expect(manifest).toMatchObject({ app: 'Weather', effect: 'none' })
  expect(manifest?.input.properties).toMatchObject({ city: { title: 'City' } })

  expect(await step(client, 'weather.now', { city: '{{ go.city }}' })).toMatchObject({
    status: 'succeeded',
    output: { path: '/now?city=Oslo', degrees: -3, days: 3 },
  })
  await expect(step(client, 'weather.now', {})).rejects.toThrow(/city/i)

  // Approved once, it is there after a start, without being read again.
  await app.stop()
  const again = await testApp({ dataDir })
  expect((await again.client.connectors.list()).some(({ id }) => id === 'weather.now')).toBe(true)
  expect(await step(again.client, 'weather.now', { city: 'Rome' })).toMatchObject({ status: 'succeeded' })
  await again.client.connectors.turnOffOwn({ file: 'weather.mjs' })
  expect((await again.client.connectors.list()).some(({ id }) => id === 'weather.now')).toBe(false)
})

test('a file that changes is read again; one that breaks goes on as it was, and says what is wrong', async () => {
  const { client, put, folder } = await world({
    'count.mjs': source({ id: 'count', actions: doing('it', 'return 1') }),
  })
  await client.connectors.approveOwn({ file: 'count.mjs' })
  expect(await step(client, 'count.it')).toMatchObject({ output: 1 })
  put('count.mjs', source({ id: 'count', actions: doing('it', 'return 2') + doing('more', 'return 3') }))
  const fileOf = async () => (await client.connectors.own()).files[0]
  await expect.poll(async () => (await fileOf())?.connectors.length).toBe(2)
  expect(await step(client, 'count.it')).toMatchObject({ output: 2 })
  put('count.mjs', 'export default {')
  await expect.poll(async () => (await fileOf())?.state).toBe('broken')
  expect((await fileOf())?.problem).toMatch(/count\.mjs|Unexpected/)
  rmSync(join(folder, 'count.mjs'))
  expect(await fileOf()).toMatchObject({ state: 'missing' })
})

test.each([
  ['no such file', 'other.mjs', '', /no file/],
  ['a way out of the folder', '../x.mjs', '', /no file/],
  ['nothing that is exported', 'a.mjs', 'export const a = 1', /export default defineApp/],
  ['an id that is taken', 'a.mjs', source({ id: 'slack', actions: doing('it', 'return 1') }), /already/],
  [
    'a field whose value never arrives',
    'a.mjs',
    source({ id: 'mine', actions: doing('it', 'return 1') }).replace(
      'z.object({',
      "z.object({ ['__proto__']: z.string(),",
    ),
    /field "__proto__"/,
  ],
  ['what is no JavaScript', 'a.mjs', 'hello there', /Unexpected|unexpected|Invalid/],
  ['files of the computer', 'a.mjs', "import 'node:fs'", /not for connectors/],
  ['programs', 'a.mjs', "import 'child_process'", /not for connectors/],
  ['the network', 'a.mjs', "await import('node:net')", /not for connectors/],
])(
  'of %s it is said what is wrong',
  async (_what, file, text, says) => {
    const { client } = await world(text === '' ? {} : { 'a.mjs': text })
    await expect(client.connectors.approveOwn({ file })).rejects.toThrow(says)
  },
  20_000,
)

test('what a connector throws is the failure of its step, and a crash of its process is its own', async () => {
  const { client } = await world({
    'bad.mjs': source({
      id: 'bad',
      actions:
        doing('says', "throw new StepError({ code: 'full', message: 'The box is full.', retryable: false })") +
        doing('throws', "throw new Error('oops')") +
        doing('ends', "setTimeout(() => { throw new Error('late') }); await new Promise(() => undefined)") +
        doing('hangs', 'for (;;) {}') +
        doing('store', "return ctx.store.update('a', () => 1)") +
        doing('fine', 'return 1'),
    }),
  })
  await client.connectors.approveOwn({ file: 'bad.mjs' })
  expect(await step(client, 'bad.says')).toMatchObject({ error: { code: 'full', message: 'The box is full.' } })
  expect(await step(client, 'bad.throws')).toMatchObject({ error: { code: 'unexpected', message: 'oops' } })
  expect(await step(client, 'bad.ends')).toMatchObject({ error: { code: 'connector-ended' } })
  expect(await step(client, 'bad.store')).toMatchObject({ error: { code: 'unsupported' } })
  expect(await step(client, 'bad.hangs', {}, { timeoutMs: 1_000 })).toMatchObject({ error: { code: 'timeout' } })
  expect(await step(client, 'bad.fine')).toMatchObject({ status: 'succeeded', output: 1 })
})

test('a connector reaches nothing but what its step may', async () => {
  const seen: (string | undefined)[] = []
  const url = await testServer(({ headers }, response) => {
    seen.push(headers.authorization)
    response.end('ok')
  })
  const tries = ['fetch', 'process.send', 'process.getBuiltinModule', 'process.binding', 'WebSocket'].map(
    (name) => `typeof ${name}`,
  )
  const { client } = await world({
    'spy.mjs': source({
      id: 'spy',
      address: url,
      actions:
        doing('globals', `return [${tries.join(', ')}]`) +
        doing(
          'imports',
          "return import('data:text/javascript,import fs from \"node:fs\"; export default 1').then(() => 'in', () => 'out')",
        ) +
        doing('elsewhere', "return ctx.http({ path: 'http://other.example/' })") +
        doing('signed', "return (await ctx.http({ path: 'a' })).body"),
    }),
  })
  await client.connectors.approveOwn({ file: 'spy.mjs' })
  await client.credentials.set({ name: 'mine', type: 'bearer', secret: 'sesame' })
  expect(await step(client, 'spy.globals')).toMatchObject({ output: tries.map(() => 'undefined') })
  expect(await step(client, 'spy.imports')).toMatchObject({ output: 'out' })
  expect(await step(client, 'spy.elsewhere')).toMatchObject({ error: { code: 'other-service' } })
  expect(await step(client, 'spy.signed', { account: { $credential: 'mine' } })).toMatchObject({ output: 'ok' })
  expect(seen).toEqual(['Bearer sesame'])
})

test('files of steps go into a connector and out of it', async () => {
  const run = `
    const file = await ctx.files.read(ctx.input.file, 'file')
    const text = Buffer.from(file.content).toString('utf8').toUpperCase()
    return { name: file.filename, made: await ctx.files.keep('loud.txt', Buffer.from(text)) }`
  const { client } = await world({
    'loud.mjs': source({ id: 'loud', actions: doing('it', run, 'z.object({ file: anyValue() })') }),
  })
  await client.connectors.approveOwn({ file: 'loud.mjs' })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'csv', uses: 'csv.build', input: { rows: [{ a: 'quiet' }], filename: 'quiet.csv' } },
      { id: 'it', uses: 'loud.it', input: { file: '{{ csv.file }}' } },
      { id: 'parse', uses: 'csv.parse', input: { from: '{{ it.made }}' } },
    ],
    edges: [
      { from: 'go', to: 'csv' },
      { from: 'csv', to: 'it' },
      { from: 'it', to: 'parse' },
    ],
  })
  const { run: ended, steps } = await runToEnd(client, id, {})
  expect(ended).toMatchObject({ status: 'succeeded', reason: null })
  expect(steps.find(({ step: name }) => name === 'it')?.output).toMatchObject({ name: 'quiet.csv' })
  expect(steps.find(({ step: name }) => name === 'parse')?.output).toMatchObject({ rows: [{ A: 'QUIET' }] })
})

test('a poll of a connector starts a run for each new item, once', async () => {
  let items = [{ id: 1 }]
  const url = await testServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(items))
  })
  const triggers = `poll({
    name: 'new', title: 'New item', description: 'Starts for each.', summary: '', every: '1s',
    input: z.object({}), output: z.object({ id: z.int() }), sample: { id: 1 },
    async poll({ http, cursor }) {
      const list = (await http({ path: 'items' })).as(z.array(z.object({ id: z.int() })))
      return { events: list.map((item) => ({ key: String(item.id), data: item })), cursor: (cursor ?? 0) + 1 }
    },
  })`
  const { client } = await world({ 'feed.mjs': source({ id: 'box', address: url, triggers }) })
  await client.connectors.approveOwn({ file: 'feed.mjs' })
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'box.new', input: { every: '1s', first: 'all' } },
      { id: 'set', uses: 'data.set', input: { fields: { id: '{{ new.id }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  const count = async () => (await client.runs.list({ zapId: id, status: 'succeeded' })).runs.length
  await expect.poll(count).toBe(1)
  items = [{ id: 1 }, { id: 2 }]
  await expect.poll(count).toBe(2)
})

test.each(['await new Promise(() => undefined)', 'for (;;) {}'])(
  'a file that says %s is not waited for',
  async (text) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.mjs'), text)
    const clock = manualClock(0)
    const asked = Promise.withResolvers<void>()
    const own = createOwnConnectors({
      folder,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      start: (...given) => {
        const child = startChild(...given)
        return {
          ...child,
          post(message) {
            child.post(message)
            asked.resolve()
          },
        }
      },
      approved: {},
      isTaken: () => false,
      keep: async () => undefined,
      changed: () => undefined,
    })
    const approved = own.approve('a.mjs')
    await asked.promise
    clock.advance(10_000)
    await expect(approved).rejects.toThrow(/was not read within 10 s/)
    own.close()
  },
)

test('work that is under way outlasts a new version of its file, and is not repeated when its file is switched off', async () => {
  let asked = 0
  let goOn: (() => void) | undefined
  const url = await testServer((_request, response) => {
    asked++
    goOn = () => response.end('{}')
  })
  const unsafe = (version: number): string =>
    source({
      id: 'box',
      address: url,
      actions: doing('put', `await ctx.http({ method: 'POST', path: 'x' }); return ${version}`).replace(
        "'none'",
        "'unsafe'",
      ),
    })
  const { client, put } = await world({ 'box.mjs': unsafe(1) })
  await client.connectors.approveOwn({ file: 'box.mjs' })
  const retry = { retry: { maxAttempts: 3 } }

  const first = step(client, 'box.put', {}, retry)
  await expect.poll(() => asked).toBe(1)
  put('box.mjs', unsafe(2))
  await client.connectors.approveOwn({ file: 'box.mjs' })
  goOn?.()
  expect(await first).toMatchObject({ status: 'succeeded', output: 1 })

  const second = step(client, 'box.put', {}, retry)
  await expect.poll(() => asked).toBe(2)
  // What was under way in an older version is part of what is switched off, and so is a version that is just being read.
  put('box.mjs', unsafe(3))
  const third = client.connectors.approveOwn({ file: 'box.mjs' })
  await client.connectors.turnOffOwn({ file: 'box.mjs' })
  expect(await second).toMatchObject({ status: 'needs-review' })
  expect((await third).state).toBe('on')
  expect(await client.connectors.own()).toMatchObject({ files: [{ file: 'box.mjs', state: 'off' }] })
  expect(asked).toBe(2)
})

test('a step of code becomes a connector, off until it is approved, with a field for each of its values', async () => {
  const { client, folder } = await world({})
  const made = {
    title: 'Sum of "an" invoice',
    description: 'Adds $it up.\n`all`',
    fields: ['netPrice', 'tax rate', 'account'],
  }
  const code =
    'const { netPrice, "tax rate": rate, account } = input\nreturn [account, Math.round(netPrice * (1 + rate))] // whole'
  expect(await client.connectors.writeOwn({ id: 'invoice-sum', code, ...made })).toMatchObject({ state: 'off' })
  expect(await client.connectors.approveOwn({ file: 'invoice-sum.mjs' })).toMatchObject({
    state: 'on',
    connectors: [{ id: 'invoice-sum.run', title: made.title }],
  })
  expect(await step(client, 'invoice-sum.run', { netPrice: 100, 'tax rate': 0.19, account: 'DE02' })).toMatchObject({
    output: { result: ['DE02', 119] },
  })

  const again = client.connectors.writeOwn({ id: 'invoice-sum', code: 'return 1', ...made })
  await expect(again).rejects.toThrow('There is a file invoice-sum.mjs')
  expect(readFileSync(join(folder, 'invoice-sum.mjs'), 'utf8')).toContain('Math.round')
})

test('a value whose name would hide it from the code is refused', async () => {
  const { client } = await world({})
  const made = { id: 'mine', title: 'Mine', fields: ['a', '__proto__'], code: 'return input.a' }
  await expect(client.connectors.writeOwn(made)).rejects.toThrow('cannot be called "__proto__"')
  expect((await client.connectors.own()).files).toEqual([])
})

test.each([
  ['is none', 'return (', /cannot be read/],
  ['leaves its function', '}\nprocess.exit()\n{', /cannot be read/],
  ['leaves it as an expression', 'return 1 }\n(process.exit()), function () {', /cannot be read/],
  ['leaves it by a bracket', 'return 1 })\n(function () {', /cannot be read/],
  ['no file may hold', 'with (input) { return a }', /cannot be read/],
  ['says "return" in a comment only', '// return\ninput.a', /write "return"/],
  ['returns nothing', 'input.a + 1', /write "return"/],
  ['needs what code steps alone have', 'return DateTime.now()', /"DateTime" is there in code steps alone/],
  ['is of a round', 'if (item) { return { a: item.a } }\nreturn 1', /"item" is there in code steps alone/],
])('code that %s becomes no connector', async (_, code, why) => {
  const { client } = await world({})
  await expect(client.connectors.writeOwn({ id: 'mine', title: 'Mine', fields: [], code })).rejects.toThrow(why)
  expect((await client.connectors.own()).files).toEqual([])
})

test.each([
  ['an app of Hookline', { id: 'slack' }, /something else that is called "slack"/],
  ['a device of Windows', { id: 'nul' }, /something else that is called "nul"/],
  ['too large a file', { code: `return "${'漢'.repeat(400_000)}"` }, /larger than the 1 MB/],
])('a connector that could not be switched on is not written: %s', async (_, made, why) => {
  const { client } = await world({})
  const write = client.connectors.writeOwn({ id: 'mine', title: 'Mine', fields: [], code: 'return 1', ...made })
  await expect(write).rejects.toThrow(why)
  expect((await client.connectors.own()).files).toEqual([])
})
