import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { manualClock } from '../../../core/domain/time/clock.ts'
import type { Json, JsonObject } from '../../../core/domain/values/json.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { enableZap, type TestClient, testApp, testServer } from '../../../core/test-app.ts'
import { readTemplates } from './templates.ts'

/** Files that are there before, and what a template comes to with its sample. */
type Outcome = {
  readonly before?: Readonly<Record<string, string>>
  /** Outputs of steps, as far as they matter. */
  readonly gives?: Readonly<Record<string, unknown>>
  /** Files that are there then, by their paths; a pattern that they fit. */
  readonly files?: Readonly<Record<string, RegExp>>
  /** Rows of tables. */
  readonly tables?: Readonly<Record<string, readonly JsonObject[]>>
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'Downloads into folders by kind': {
    before: { 'Downloads/holiday.JPG': 'a picture' },
    gives: { kind: { taken: ['pictures'] } },
    files: { 'Downloads/Pictures/holiday.JPG': /^a picture$/ },
  },
  'Rename photos by date': {
    before: { 'Photos/IMG_0042.JPG': 'a photo' },
    files: { 'Photos by date/2026/2026-11-21 14.05.09.jpg': /^a photo$/ },
  },
  'CSV to summary': {
    before: { 'Reports/november.csv': 'customer;amount\nAda;10\nGrace;5.5\nAda;0.25\n' },
    files: { 'Reports/Summaries/november.csv': /^customer,total,orders\r\nAda,10\.25,2\r\nGrace,5\.5,1\r\n$/ },
  },
  'Keep a copy of every change': {
    before: { 'Notes/plan.md': '# Plan' },
    files: { 'Notes/plan.md': /^# Plan$/, 'Notes versions/plan.md 2026-11-21 14.05.09.md': /^# Plan$/ },
  },
  'Notes to web pages': {
    before: { 'Notes/plan.md': '# Plan\n\n- one' },
    files: { 'Pages/plan.html': /<h1>Plan<\/h1>[\s\S]*<li>one<\/li>/ },
  },
  'Pack a folder every Friday': {
    before: { 'Invoices/a.txt': 'one', 'Invoices/b.txt': 'two' },
    files: { 'Archive/invoices-2026-11-24.zip': /^PK/ },
  },
  'Put away what nobody touched': {
    before: { 'Desk/old.txt': '2026-09-01', 'Desk/new.txt': '2026-11-23' },
    gives: { old: { count: 1 } },
    files: { 'Put away/old.txt': /09/, 'Desk/new.txt': /11/ },
  },
  'Keep every webhook in a file': { files: { 'events.txt': /"what":"paid"/ } },
  'Form to table to notification': {
    tables: { Messages: [{ name: 'Ada', message: 'Is it open on Sunday?', answered: false }] },
    gives: { tell: { title: 'Ada wrote' } },
  },
  'Rows of CSV files into a table': {
    before: { 'Orders/orders.csv': 'order,status,amount\nA-1,paid,75\nA-2,open,9\nA-3,paid,12.5\n' },
    tables: {
      Orders: [
        { order: 'A-1', amount: 75 },
        { order: 'A-3', amount: 12.5 },
      ],
    },
    gives: { tell: { title: '2 new orders', body: 'orders.csv: 2 of 3 are paid' } },
  },
  'Sign-ups, each address once': { tables: { 'Sign-ups': [{ email: 'ada@example.com', name: 'Ada' }] } },
  'Tell me when something runs low': { gives: { tell: { title: 'Coffee runs low', body: '2 left' } } },
  'Give every invoice its number': { tables: { Invoices: [{ number: 1, customer: 'Ada', amount: 75 }] } },
  'A table as a file every night': { gives: { open: { count: 0 } }, files: { 'open-tasks.csv': /^$/ } },
  'What is new in a price list': {
    tables: {
      Prices: [
        { item: 'Lamp', price: 75 },
        { item: 'Shelf', price: 129.9 },
      ],
    },
    files: { 'price-changes.txt': /2 new, 0 changed, 0 gone/ },
  },
  'Send orders along different ways': { gives: { tell: { title: 'A large order: 1200' } } },
  'Answer requests as an API': { gives: { answer: { status: 200, body: { total: 119 } } } },
  'Pass webhooks on, signed': { gives: { send: { status: 200 } } },
  'Do each thing only once': { files: { 'orders.txt': /^42\n$/ } },
  'Go through the lines of an order': { files: { 'lines.txt': /^0: .*"A"[\s\S]*1: .*"B"/ } },
  'Mail addresses out of a text': { files: { 'addresses.txt': /^ada@example\.com\ngrace@example\.com$/ } },
  'Tell me when any zap fails': { files: { 'failures.txt': /Backup: The disk is full\./ } },
  'Nothing from the backup for 26 h': {
    gives: { tell: { title: 'Nothing from “Backup” for 26 hours' } },
    files: { 'silences.txt': /Backup: last heard of 2026-11-23/ },
  },
  'Tell me when a service is down': { gives: { tell: { title: 'The service does not answer' } } },
  'Tell me when a value changes': { tables: { Readings: [{ room: 'Kitchen', temperature: 21.5 }] } },
  'One message a day instead of many': { gives: { gather: { count: 1 }, tell: { body: 'A parcel came' } } },
  'Ask me before something is done': { gives: { ask: { decision: 'approved' }, refund: { status: 200 } } },
  'Look again until it is ready': {
    gives: { ready: { rounds: 3 }, tell: { title: 'The job is ready after 3 looks' } },
  },
  'Do it once after a burst': { gives: { build: { status: 200 } } },
  'Run another zap every morning': { gives: { call: { done: true } } },
}

/** Where the templates' services are while a person has none; the test has one of its own. */
const PORT = /http:\/\/127\.0\.0\.1:8080/g

test('there are thirty templates, each with an outcome here', () => {
  expect(readTemplates().map(({ zap }) => zap.name)).toEqual(Object.keys(OUTCOMES))
  expect(Object.keys(OUTCOMES)).toHaveLength(30)
})

test('every template runs with its sample, and comes to what it says', async () => {
  const clock = manualClock(Date.parse('2026-11-24T09:00:00Z'))
  const { client, folder } = await testApp({ clock })
  const root = join(folder, 'files')
  const helper = await enableZap(client, {
    name: 'Helper',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'set', uses: 'data.set', input: { fields: { done: true } } },
    ],
    edges: [{ from: 'go', to: 'set' }],
  })
  await client.credentials.set({ name: 'signing', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })
  let looks = 0
  const service = await testServer(({ path }, response) => {
    response.statusCode = path === '/health' ? 503 : 200
    response.setHeader('content-type', 'application/json')
    if (path.startsWith('/jobs/')) looks++
    response.end(JSON.stringify({ id: 7, status: looks >= 3 ? 'ready' : 'working' }))
  })
  for (const { zap, sample } of readTemplates()) {
    const { before = {}, gives = {}, files = {}, tables = {} } = OUTCOMES[zap.name] ?? {}
    for (const [path, content] of Object.entries(before)) write(join(root, path), content)
    const { id } = await client.zaps.create({ draft: completed(zap, service, helper) })
    await client.zaps.publish({ id })
    await client.zaps.setEnabled({ id, enabled: true })
    const { run, steps } = await runToEnd(client, clock, id, sample)
    const { status, reason } = run
    expect.soft({ zap: zap.name, status, reason }).toEqual({ zap: zap.name, status: 'succeeded', reason: null })
    if (status !== 'succeeded') continue
    for (const [step, output] of Object.entries(gives)) {
      expect
        .soft({ zap: zap.name, step, output: steps.find((one) => one.step === step)?.output })
        .toMatchObject({ output })
    }
    for (const [path, pattern] of Object.entries(files)) {
      expect
        .soft(readFileSync(join(root, path), 'utf8'), `${zap.name}: ${path} among ${readdirSync(root)}`)
        .toMatch(pattern)
    }
    for (const [name, rows] of Object.entries(tables))
      expect.soft(await rowsOf(client, name), zap.name).toMatchObject(rows)
    await client.zaps.setEnabled({ id, enabled: false })
  }
}, 60_000)

/** A template with what only its owner knows: addresses, an account, another zap. Files are named as they are, in its own zone. */
function completed(zap: ZapFile, service: string, helper: string): ZapFile {
  const file: ZapFile = JSON.parse(JSON.stringify(zap).replaceAll(PORT, service))
  const steps = file.steps.map((step) => ({
    ...step,
    input: {
      ...step.input,
      ...(step.uses === 'logic.call-zap' && { zap: helper }),
      ...(step.uses === 'webhook.send' && { secrets: [{ $credential: 'signing' }] }),
    },
  }))
  return { ...file, steps, settings: { ...file.settings, timezone: 'UTC' } }
}

/** A file; one whose content is a day was changed on it. */
function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  if (/^\d{4}-\d\d-\d\d$/.test(content)) utimesSync(path, new Date(content), new Date(content))
}

/** Runs a zap to its end: says yes where it asks, and lets the time go on where it waits. */
async function runToEnd(client: TestClient, clock: ReturnType<typeof manualClock>, id: string, input: Json) {
  const { runId } = await client.zaps.run({ id, source: 'live', input })
  for (;;) {
    const detail = await client.runs.get({ id: runId })
    if (detail.run.status === 'waiting') {
      for (const { step, scope } of await client.approvals.list())
        await client.approvals.decide({ runId, step, scope, decision: 'approved' })
      clock.advance(Math.max(0, Date.parse(detail.run.resumesAt ?? '') - clock.now() || 0))
    } else if (detail.run.status !== 'running') return detail
    clock.advance(1)
    await turn()
  }
}

async function rowsOf(client: TestClient, name: string): Promise<JsonObject[]> {
  const table = (await client.tables.list()).find((one) => one.name === name)
  if (table === undefined) return []
  const { rows } = await client.tables.rows({ id: table.id })
  return rows.map(({ cells }) =>
    Object.fromEntries(table.columns.map((column) => [column.name, cells[column.id] ?? null])),
  )
}
