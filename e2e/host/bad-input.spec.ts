import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap, writeZap } from '../fixtures/zap-files.ts'

test.use({ shares: true })

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

async function post(url: string, body: string, type = 'application/json'): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
  return { status: response.status, json: await response.json() }
}

test.describe('a webhook', () => {
  test.beforeEach(async ({ host, folder, target }) => {
    await host.ask(
      z.unknown(),
      'zap',
      'import',
      await writeZap(folder, 'relay', relayZap('in', target.url)),
      '--enable',
    )
  })

  test('whose JSON is malformed is kept as text, with a note', async ({ host, target }) => {
    const { status } = await post(`${host.hooks}/hooks/in`, '{"a": 1,}')
    expect(status).toBe(200)
    await target.until((requests) => requests.length === 1)
    expect(target.requests[0]?.body).toBe('{"a": 1,}')
    const { runs } = await host.ask(z.object({ runs: z.array(z.object({ id: z.string() })) }), 'run', 'list')
    const run = await host.ask(
      z.object({ steps: z.array(z.object({ output: z.unknown() })) }),
      'run',
      'show',
      runs[0]?.id ?? '',
    )
    expect(run.steps[0]?.output).toMatchObject({ body: '{"a": 1,}', note: expect.stringContaining('not valid JSON') })
  })

  test('to an unknown path is answered 404 with a JSON error', async ({ host }) => {
    const { status, json } = await post(`${host.hooks}/hooks/nowhere`, '{}')
    expect(status).toBe(404)
    expect(errorSchema.parse(json).error).toMatchObject({
      code: 'unknown-path',
      message: expect.stringContaining('/hooks/nowhere'),
    })
    expect((await fetch(`${host.hooks}/`)).status).toBe(404)
  })

  test('with the wrong method is answered 405', async ({ host }) => {
    const response = await fetch(`${host.hooks}/hooks/in`, { method: 'PUT', body: '{}' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })

  test('over the size limit is answered 413', async ({ host }) => {
    const { status, json } = await post(`${host.hooks}/hooks/in`, JSON.stringify('x'.repeat(5 * 1_048_576)))
    expect(status).toBe(413)
    expect(errorSchema.parse(json).error.code).toBe('too-large')
  })

  test('that nests over 200 levels is answered 400, also at five million', async ({ host }) => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect((await post(`${host.hooks}/hooks/in`, nested(200))).status).toBe(200)
    const { status, json } = await post(`${host.hooks}/hooks/in`, nested(202))
    expect(status).toBe(400)
    expect(errorSchema.parse(json).error.code).toBe('too-deep')
    expect((await post(`${host.hooks}/hooks/in`, nested(2_500_000))).status).toBe(400)
  })

  test('that the sender repeats gets the first id and makes no second run', async ({ host, target }) => {
    const send = (): Promise<Response> =>
      fetch(`${host.hooks}/hooks/in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'order-7' },
        body: '{"n":7}',
      })
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await send()).json()))
    const parsed = answers.map((answer) => z.object({ id: z.string(), status: z.string() }).parse(answer))
    expect(new Set(parsed.map((answer) => answer.id)).size).toBe(1)
    expect(parsed.filter((answer) => answer.status === 'accepted')).toHaveLength(1)
    await target.until((requests) => requests.length >= 1)
    const { zaps } = await host.ask(z.object({ zaps: z.array(z.object({ id: z.string() })) }), 'zap', 'list')
    const { runs } = await host.ask(z.object({ runs: z.array(z.unknown()) }), 'run', 'list', '--zap', zaps[0]?.id ?? '')
    expect(runs).toHaveLength(1)
  })

  test('with __proto__ in it is data like any other', async ({ host, target }) => {
    const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    expect((await post(`${host.hooks}/hooks/in`, body)).status).toBe(200)
    await target.until((requests) => requests.length === 1)
    expect(target.requests[0]?.body).toBe(body)
  })
})

const hook = { id: 'hook', uses: 'webhook.catch', input: { path: 'x' } }
const set = (id: string, value = 'a'): unknown => ({ id, uses: 'data.set', input: { fields: { value } } })
const zapOf = (steps: unknown[], edges: unknown[]): unknown => ({ format: 'hookline/zap@1', name: 'Bad', steps, edges })

const badZaps: [what: string, zap: unknown, named: RegExp[]][] = [
  ['an unknown connector', zapOf([hook, { id: 'a', uses: 'no.such' }], [{ from: 'hook', to: 'a' }]), [/no\.such/]],
  [
    'a cycle',
    zapOf(
      [hook, set('a'), set('b')],
      [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    ),
    [/a.*b|b.*a/],
  ],
  [
    'a dangling edge',
    zapOf(
      [hook, set('a')],
      [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'ghost' },
      ],
    ),
    [/ghost/],
  ],
  ['a duplicate id', zapOf([hook, set('a'), set('a')], [{ from: 'hook', to: 'a' }]), [/"?a"?/]],
  ['an unknown template root', zapOf([hook, set('a', '{{ nobody.body }}')], [{ from: 'hook', to: 'a' }]), [/nobody/]],
  [
    'several problems at once',
    zapOf(
      [hook, set('a', '{{ nobody.body }}'), { id: 'b', uses: 'no.such' }],
      [
        { from: 'hook', to: 'a' },
        { from: 'a', to: 'ghost' },
      ],
    ),
    [/nobody/, /no\.such/, /ghost/],
  ],
  ['something that is no zap', { hello: 'world' }, [/format/]],
]

for (const [what, zap, named] of badZaps) {
  test(`a zap file with ${what} imports nothing, nor does a good one beside it`, async ({ host, folder }) => {
    const good = await writeZap(folder, 'good', relayZap('good', 'http://127.0.0.1:9/'))
    const bad = await writeZap(folder, 'bad', zap)
    const count = async (): Promise<number> =>
      (await host.ask(z.object({ zaps: z.array(z.unknown()) }), 'zap', 'list')).zaps.length
    const before = await count()
    const result = await runCli(['zap', 'import', good, bad, '--json', '--data', host.dataDir])
    expect(result.code).toBe(1)
    const { zaps } = z
      .object({
        zaps: z.array(z.object({ status: z.literal('refused'), problems: z.array(z.object({ message: z.string() })) })),
      })
      .parse(JSON.parse(result.stdout))
    const messages = zaps.flatMap((entry) => entry.problems).map((problem) => problem.message)
    for (const pattern of named) expect(messages.join('\n')).toMatch(pattern)
    expect(await count()).toBe(before)
  })
}

test('a file that is not JSON is named, and imports nothing', async ({ host, folder }) => {
  const file = await writeZap(folder, 'broken', '{ not json')
  const result = await runCli(['zap', 'import', file, '--data', host.dataDir])
  expect(result.code).toBe(1)
  expect(result.stderr).toContain(file)
})

test('a file that nests thousands of levels deep is refused in words', async ({ host, folder }) => {
  const input = `{"fields":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`
  const zap = `{"format":"hookline/zap@1","name":"Deep","steps":[{"id":"s","uses":"data.set","input":${input}}],"edges":[]}`
  const file = await writeZap(folder, 'deep', zap)
  const result = await runCli(['zap', 'import', file, '--data', host.dataDir])
  expect(result.code).toBe(1)
  expect(result.stderr).toContain(`${file} nests deeper than 200 levels`)
})

test('a second host on the same data is refused with one sentence', async ({ host }) => {
  const second = await runCli([
    'start',
    '--json',
    '--no-open',
    '--port',
    '0',
    '--hook-port',
    '0',
    '--data',
    host.dataDir,
  ])
  expect(second).toMatchObject({ code: 1, stdout: '' })
  expect(second.stderr.trim().split('\n')).toHaveLength(1)
  expect(second.stderr).toContain(String(host.child.pid))
})

test('a port in use is named, for webhooks and for the screens', async ({ folder }) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  // A server that listens on a port has an AddressInfo.
  const port = String((blocker.address() as AddressInfo).port)
  for (const [option, other] of [
    ['--hook-port', '--port'],
    ['--port', '--hook-port'],
  ] as const) {
    const result = await runCli([
      'start',
      '--json',
      '--no-open',
      option,
      port,
      other,
      '0',
      '--data',
      join(folder, option),
    ])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(port)
    expect(result.stderr).toContain(option)
  }
  blocker.close()
})

test('a data folder that cannot be one is named', async ({ folder }) => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const result = await runCli(['start', '--json', '--no-open', '--data', join(file, 'data')])
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr).toContain(join(file, 'data'))
  expect(result.stderr).toContain('--data')
})

test('a damaged database is named and left alone', async ({ folder }) => {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'hookline.db'), 'not a database '.repeat(1_000))
  const before = readFileSync(join(dataDir, 'hookline.db'))
  const result = await runCli(['start', '--json', '--no-open', '--port', '0', '--hook-port', '0', '--data', dataDir])
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr).toContain('hookline restore')
  expect(readFileSync(join(dataDir, 'hookline.db')).equals(before)).toBe(true)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('hookline.db'))).toEqual(['hookline.db'])
  expect((await runCli(['doctor', '--data', dataDir])).code).toBe(1)
})
