import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, testApp, testServer } from '../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })

/** 50 MB of JSON: a list of objects. */
const ITEM = { name: 'A thing that somebody ordered', note: 'x'.repeat(950) }
const LARGE = `{"count":50000,"items":[${Array.from({ length: 50_000 }, (_, id) => `{"id":${id},${JSON.stringify(ITEM).slice(1)}`).join(',')}]}`

test('50 MB go from one step to the next as a file; templates look inside; nothing reads it in the main thread', async () => {
  const { client, folder } = await testApp()
  const posted = { bytes: 0, type: '', start: '' }
  const url = await testServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json').end(LARGE)
      return
    }
    posted.bytes = Buffer.byteLength(request.body)
    posted.type = request.headers['content-type'] ?? ''
    posted.start = request.body.slice(0, 40)
    response.end('{}')
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url } },
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ get.body }}' } },
      set('inside', '{{ get.body.items[49999].id }} of {{ get.body.count }}, {{ get.status }}'),
      set('missing', '{{ get.body.none | default: "nothing" }}'),
      {
        id: 'gate',
        uses: 'logic.filter',
        input: { all: [{ left: '{{ get.body.items[1].id }}', op: 'eq', right: 1 }] },
      },
      set('after', '{{ inside.value }}'),
    ],
    edges: [
      edge('go', 'get'),
      edge('get', 'post'),
      edge('get', 'inside'),
      edge('get', 'missing'),
      edge('inside', 'gate'),
      edge('gate', 'after'),
    ],
  })
  let longest = 0
  const parse = vi.spyOn(JSON, 'parse')
  const stringify = vi.spyOn(JSON, 'stringify')
  const { run, steps } = await runToEnd(client, id, {})
  for (const [text] of parse.mock.calls) longest = Math.max(longest, text.length)
  for (const result of stringify.mock.results) longest = Math.max(longest, String(result.value).length)
  vi.restoreAllMocks()

  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  expect(longest).toBeLessThan(1_000_000)
  expect(posted).toEqual({ bytes: LARGE.length, type: 'application/json', start: LARGE.slice(0, 40) })
  const outputOf = (step: string) => steps.find((row) => row.step === step)?.output
  expect(outputOf('get')).toMatchObject({ status: 200, body: { bytes: LARGE.length, type: 'json' } })
  expect(outputOf('inside')).toEqual({ value: '49999 of 50000, 200' })
  expect(outputOf('missing')).toEqual({ value: 'nothing' })
  expect(outputOf('after')).toEqual({ value: '49999 of 50000, 200' })
  const [blob] = readdirSync(join(folder, 'blobs'))
  expect(statSync(join(folder, 'blobs', blob ?? '')).size).toBe(LARGE.length)
}, 30_000)

test('a value that is only large for the journal is kept apart, and read again when its run is resumed', async () => {
  const first = await testApp()
  const text = 'y'.repeat(600_000)
  const id = await enableZap(first.client, {
    steps: [
      manual,
      set('big', '{{ go.text }}'),
      { id: 'ask', uses: 'logic.approve', input: { message: '?' } },
      set('after', '{{ big.value | size }}'),
    ],
    edges: [edge('go', 'big'), edge('big', 'ask'), edge('ask', 'after', 'approved')],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: { text } })
  await expect.poll(async () => (await first.client.approvals.list()).length).toBe(1)
  expect(JSON.stringify((await first.client.runs.get({ id: runId })).steps).length).toBeLessThan(1_300_000)
  await first.app.stop()

  const second = await testApp({ dataDir: first.folder })
  await second.client.approvals.decide({ runId, step: 'ask', decision: 'approved' })
  await expect.poll(async () => (await second.client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { steps } = await second.client.runs.get({ id: runId })
  expect(steps.find((row) => row.step === 'after')?.output).toEqual({ value: 600_000 })
})

test('a kept value that vanished fails the step that needs it, with a reason', async () => {
  const first = await testApp()
  const id = await enableZap(first.client, {
    steps: [
      manual,
      set('big', '{{ go.text }}'),
      { id: 'ask', uses: 'logic.approve', input: { message: '?' } },
      set('after', '{{ big.value | size }}'),
    ],
    edges: [edge('go', 'big'), edge('big', 'ask'), edge('ask', 'after', 'approved')],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: { text: 'z'.repeat(600_000) } })
  await expect.poll(async () => (await first.client.approvals.list()).length).toBe(1)
  await first.app.stop()
  rmSync(join(first.folder, 'blobs'), { recursive: true })

  const second = await testApp({ dataDir: first.folder })
  await second.client.approvals.decide({ runId, step: 'ask', decision: 'approved' })
  await expect.poll(async () => (await second.client.runs.get({ id: runId })).run.status).toBe('failed')
  expect((await second.client.runs.get({ id: runId })).run.reason).toContain('missing or damaged')
})

test('a webhook of 5 MB is kept as a file before its sender hears of it, and its fields can be read', async () => {
  const { client, app, folder } = await testApp()
  const id = await enableZap(client, {
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'big' } },
      set('size', '{{ hook.body.text | size }} of {{ hook.method }}'),
    ],
    edges: [edge('hook', 'size')],
  })
  const text = 'w'.repeat(4_900_000)
  const answer = await fetch(`${app.hooksUrl}/hooks/big`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  expect(answer.status).toBe(200)
  expect(readdirSync(join(folder, 'blobs'))).toHaveLength(1)
  await expect
    .poll(async () => (await client.runs.list({ zapId: id })).runs.map((run) => run.status))
    .toEqual(['succeeded'])
  const [run] = (await client.runs.list({ zapId: id })).runs
  const { steps } = await client.runs.get({ id: run?.id ?? '' })
  expect(steps.find((row) => row.step === 'size')?.output).toEqual({ value: '4900000 of POST' })
})

test('what is large in a round of a loop can be looked into behind the loop', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'text/plain').end('v'.repeat(5_000_000))
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.for-each', input: { items: [1, 2] } },
      { id: 'get', uses: 'http.request', input: { url } },
      set('size', '{{ loop.results[1].body | size }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'get', 'each'), edge('loop', 'size', 'done')],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.reason).toBeNull()
  expect(steps.find((row) => row.step === 'size')?.output).toEqual({ value: 5_000_000 })
})

test('what a loop collects is handed on as a file when it is large, though none of its rounds was', async () => {
  const { client } = await testApp()
  const posted = { bytes: 0 }
  const url = await testServer((request, response) => {
    posted.bytes = Buffer.byteLength(request.body)
    response.end('{}')
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.for-each', input: { items: '{{ go.list }}', parallel: 50 } },
      set('part', '{{ item }}{{ go.text }}'),
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ loop.results }}' } },
      set('inside', '{{ loop.results[99].value | size }}'),
    ],
    edges: [
      edge('go', 'loop'),
      edge('loop', 'part', 'each'),
      edge('loop', 'post', 'done'),
      edge('loop', 'inside', 'done'),
    ],
  })
  const list = Array.from({ length: 100 }, (_, n) => n + 100)
  const stringify = vi.spyOn(JSON, 'stringify')
  const { run, steps } = await runToEnd(client, id, { list, text: 'u'.repeat(50_000) })
  const longest = Math.max(...stringify.mock.results.map((result) => String(result.value).length))
  vi.restoreAllMocks()
  expect(run.reason).toBeNull()
  expect(longest).toBeLessThan(1_000_000)
  expect(steps.find((row) => row.step === 'inside')?.output).toEqual({ value: 50_003 })
  expect(posted.bytes).toBe(JSON.stringify(list.map((n) => ({ value: `${n}${'u'.repeat(50_000)}` }))).length)
})

test('a loop that repeats until something holds looks into large answers too', async () => {
  const { client } = await testApp()
  let calls = 0
  const url = await testServer((_request, response) => {
    calls++
    const answer = { state: calls < 3 ? 'busy' : 'ready', filling: 't'.repeat(5_000_000) }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  const until = { all: [{ left: '{{ poll.body.state }}', op: 'eq', right: 'ready' }] }
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'loop', uses: 'logic.repeat-until', input: { until, max: 5 } },
      { id: 'poll', uses: 'http.request', input: { url } },
      set('after', '{{ loop.rounds }} {{ loop.last.body.state }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'poll', 'each'), edge('loop', 'after', 'done')],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.reason).toBeNull()
  expect(steps.find((row) => row.step === 'after')?.output).toEqual({ value: '3 ready' })
})

test('an answer of very many small values is looked into by another thread, as one of many megabytes is', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(`[${'{},'.repeat(300_000)}{"last":1}]`)
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url } },
      set('size', '{{ get.body | size }} {{ get.body[300000].last }}'),
      set('part', '{{ get.body | slice: 0, 200000 }}'),
    ],
    edges: [edge('go', 'get'), edge('get', 'size'), edge('get', 'part')],
  })
  const parse = vi.spyOn(JSON, 'parse')
  const { run, steps } = await runToEnd(client, id, {})
  const longest = Math.max(...parse.mock.calls.map(([text]) => text.length))
  vi.restoreAllMocks()
  expect(run.reason).toBeNull()
  expect(longest).toBeLessThan(100_000)
  expect(steps.find((row) => row.step === 'size')?.output).toEqual({ value: '300001 1' })
})

test('nor is one of very many names, or that nests very deep; a light one is read as ever', async () => {
  const { client } = await testApp()
  const names = Array.from({ length: 40_000 }, (_, n) => `"name ${n}":${n}`)
  const heavy = `{${names.join(',')}}`
  const light = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => ({ n, text: 'x'.repeat(500) })))
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const answers: Record<string, string> = { '/heavy': heavy, '/light': light, '/deep': deep }
  const url = await testServer(({ path }, response) => {
    response.setHeader('content-type', 'application/json').end(answers[path])
  })
  const get = (id: string) => ({ id, uses: 'http.request', input: { url: `${url}/${id}` } })
  const id = await enableZap(client, {
    steps: [
      manual,
      get('heavy'),
      get('light'),
      get('deep'),
      set('after', '{{ heavy.body["name 1"] }} {{ light.body[999].n }} {{ deep.body | size }}'),
    ],
    edges: [edge('go', 'heavy'), edge('heavy', 'light'), edge('light', 'deep'), edge('deep', 'after')],
  })
  const parse = vi.spyOn(JSON, 'parse')
  const { run, steps } = await runToEnd(client, id, {})
  const longest = Math.max(...parse.mock.calls.map(([text]) => (text === light ? 0 : text.length)))
  vi.restoreAllMocks()
  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  expect(longest).toBeLessThan(100_000)
  const outputOf = (step: string) => steps.find((row) => row.step === step)?.output
  expect(outputOf('heavy')).toMatchObject({ body: { bytes: heavy.length, type: 'json' } })
  expect(outputOf('after')).toEqual({ value: `1 999 ${deep.length}` })
}, 30_000)

test('a list that is too large for a run is gone through item by item, and written as a workbook and as XML', async () => {
  const rows = Array.from({ length: 3_000 }, (_, id) => ({ id, text: `${'x'.repeat(1_500)}${id}` }))
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ rows }))
  })
  const { client } = await testApp()
  const chain = ['go', 'get', 'all', 'book', 'again', 'xml', 'each']
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'get', uses: 'http.request', input: { url } },
      {
        id: 'all',
        uses: 'list.map',
        input: { items: '{{ get.body.rows }}', keep: true, fields: { place: '{{ index }}' } },
      },
      { id: 'book', uses: 'xlsx.write', input: { sheets: { All: '{{ all.items }}' }, filename: 'all.xlsx' } },
      { id: 'again', uses: 'xlsx.read', input: { from: '{{ book.file }}' } },
      { id: 'xml', uses: 'xml.build', input: { root: 'all', value: { row: '{{ all.items }}' } } },
      { id: 'each', uses: 'logic.for-each', input: { items: '{{ all.items }}' } },
      { id: 'inside', uses: 'data.set', input: { fields: { seen: '{{ item.id | plus: item.place }}' } } },
      {
        id: 'end',
        uses: 'data.set',
        input: { fields: { last: '{{ again.rows[2999].place }}', size: '{{ xml.text | size }}' } },
      },
    ],
    edges: [
      ...chain.slice(1).map((to, at) => ({ from: chain[at] ?? '', to })),
      { from: 'each', port: 'each', to: 'inside' },
      { from: 'each', port: 'done', to: 'end' },
    ],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.reason).toBeNull()
  const each = steps.find(({ step, scope }) => step === 'each' && scope === '')?.output
  expect(each).toEqual({ results: rows.map((row) => ({ seen: 2 * row.id })), errors: [] })
  expect(steps.find(({ step }) => step === 'end')?.output).toMatchObject({ last: 2_999 })
}, 60_000)
