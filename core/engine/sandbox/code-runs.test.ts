import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { isJsonObject, type Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const outputOf = (steps: readonly { step: string; scope: string; output: Json }[], id: string, scope = ''): Json =>
  steps.find((row) => row.step === id && row.scope === scope)?.output ?? null

test('a list too large for a run goes through code and JSONata, and holds up nothing else', async () => {
  // More than 5 MB.
  const note = 'x'.repeat(220)
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, city: `City ${id % 50}`, amount: id % 7, note }))
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows))
  })
  const { client } = await testApp()
  const code = `const sums = {}
for (const { city, amount } of input.rows) sums[city] = (sums[city] ?? 0) + amount
return { cities: Object.keys(sums).length, first: input.rows[0], all: input.rows.map(({ id, amount }) => ({ id, amount })) }`
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url } },
      { id: 'code', uses: 'code.run', input: { input: { rows: '{{ get.body }}' }, code } },
      { id: 'query', uses: 'json.query', input: { data: '{{ get.body }}', expression: '$count($)' } },
      { id: 'again', uses: 'code.run', input: { input: { all: '{{ code.result }}' }, code: 'input.all.all.length' } },
    ],
    edges: [
      { from: 'go', to: 'get' },
      { from: 'get', to: 'code' },
      { from: 'code', to: 'query' },
      { from: 'query', to: 'again' },
    ],
  })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const { run, steps } = await runToEnd(client, id, {})
  delay.disable()
  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  expect(outputOf(steps, 'query')).toEqual({ result: 20_000 })
  expect(outputOf(steps, 'again')).toMatchObject({ result: 20_000 })
  // Reading the list once where everything else waits would take several times as long.
  expect(delay.percentile(99) / 1e6).toBeLessThan(150)
})

test('in a loop code knows its item and its place, and its error is read behind the port for errors', async () => {
  const { client } = await testApp()
  const code = 'console.log(item)\nif (index === 1) throw new Error("no " + item)\nreturn item + index'
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'each', uses: 'logic.for-each', input: { items: '{{ go.items }}' } },
      { id: 'code', uses: 'code.run', input: { code }, settings: { onError: 'route' } },
      {
        id: 'told',
        uses: 'data.set',
        input: { fields: { text: '{{ code.error.line }} {{ code.error.logs[0].text }}' } },
      },
    ],
    edges: [
      { from: 'go', to: 'each' },
      { from: 'each', port: 'each', to: 'code' },
      { from: 'code', port: 'error', to: 'told' },
    ],
  })
  const { run, steps } = await runToEnd(client, id, { items: ['a', 'b'] })
  expect(run.status).toBe('succeeded')
  const [first, second] = steps.filter((row) => row.step === 'code').map((row) => row.output)
  expect(first).toMatchObject({ result: 'a0', logs: [{ text: 'a', line: 1 }] })
  expect(second).toMatchObject({ error: { code: 'code-threw', line: 2, logs: [{ text: 'b' }] } })
  const told = steps.find((row) => row.step === 'told' && isJsonObject(row.output))
  expect(told?.output).toEqual({ text: '2 b' })
})

test('a zap from elsewhere runs code at once, and a program only when its line was approved', async () => {
  const { client } = await testApp()
  const zap = (line: string) => ({
    format: 'hookline/zap@1',
    name: 'From elsewhere',
    steps: [
      manual,
      { id: 'code', uses: 'code.run', input: { code: '42' } },
      { id: 'program', uses: 'shell.run', input: { line, env: { NAME: '{{ code.result }}' } } },
    ],
    edges: [
      { from: 'go', to: 'code' },
      { from: 'code', to: 'program' },
    ],
  })
  const file = { file: 'zap', content: zap('echo "$NAME"'), approval: { denied: ['program:echo "$NAME"'] } }
  const { zaps } = await client.zaps.import({ files: [file], enable: true })
  expect(zaps[0]?.needs).toMatchObject([{ kind: 'program', what: 'echo "$NAME"', steps: [{ id: 'program' }] }])
  const { run, steps } = await runToEnd(client, zaps[0]?.id ?? '', {})
  expect(outputOf(steps, 'code')).toMatchObject({ result: 42 })
  expect(run.status).toBe('failed')
  expect(run.reason).toContain('may not run echo "$NAME"')

  const allowed = { file: 'zap', content: zap('echo "$NAME"'), approval: { denied: [] } }
  const again = await client.zaps.import({ files: [allowed], enable: true })
  const ran = await runToEnd(client, again.zaps[0]?.id ?? '', {})
  expect(outputOf(ran.steps, 'program')).toMatchObject({ exitCode: 0, stdout: '42\n' })
})

test('code that cannot be read, and a line that would run what came from outside, are not published', async () => {
  const { client } = await testApp()
  const steps = [
    manual,
    { id: 'code', uses: 'code.run', input: { code: 'const a = 1\nreturn a +' } },
    { id: 'query', uses: 'json.query', input: { data: {}, expression: '$sum(' } },
    { id: 'filled', uses: 'json.query', input: { data: {}, expression: '$sum({{ go.path }})' } },
    { id: 'program', uses: 'shell.run', input: { line: 'echo {{ go.name }}' } },
  ]
  const edges = steps.slice(1).map(({ id }) => ({ from: 'go', to: id }))
  const { id } = await client.zaps.create({ draft: { format: 'hookline/zap@1', name: 'Broken', steps, edges } })
  const refused = await client.zaps.publish({ id, enable: true }).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    data: {
      problems: expect.arrayContaining([
        expect.objectContaining({ step: 'program', field: 'input.line' }),
        expect.objectContaining({ step: 'code', field: 'input.code', code: 'code-syntax' }),
        expect.objectContaining({ step: 'query', field: 'input.expression', code: 'code-syntax' }),
        expect.objectContaining({ step: 'filled', field: 'input.expression' }),
      ]),
    },
  })
  expect(JSON.stringify(Reflect.get(Object(refused), 'data'))).toContain('mistake at line 2, column 10')

  expect(await client.code.check({ language: 'javascript', code: 'return 1' })).toEqual([])
  expect(await client.code.check({ language: 'javascript', code: 'if (' })).toMatchObject([{ line: 1 }])
  expect(await client.code.check({ language: 'jsonata', code: 'a.' })).toMatchObject([{ line: 1 }])
  expect(await client.code.check({ language: 'javascript', code: 'for (;;) {}' })).toEqual([])
})

test('a secret that a program prints is hidden, as everywhere', async () => {
  const { client } = await testApp()
  await client.credentials.set({ name: 'shop', type: 'header', secret: 'X-Shop: a-long-secret-of-the-shop' })
  const url = await testServer((_request, response) => response.end('{}'))
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url, auth: { $credential: 'shop' } } },
      { id: 'program', uses: 'shell.run', input: { program: 'echo', args: ['a-long-secret', '{{ go.end }}'] } },
      {
        id: 'code',
        uses: 'code.run',
        input: {
          code: 'console.log("a-long-secret" + "-of-the-shop"); throw new Error("a-long-secret-" + "of-the-shop")',
        },
      },
    ],
    edges: [
      { from: 'go', to: 'get' },
      { from: 'get', to: 'program' },
      { from: 'program', to: 'code' },
    ],
  })
  const detail = await runToEnd(client, id, { end: 'of-the-shop' })
  expect(JSON.stringify(outputOf(detail.steps, 'code'))).not.toContain('of-the-shop')
  expect(JSON.stringify(outputOf(detail.steps, 'code'))).toContain('[secret: shop]')
})
