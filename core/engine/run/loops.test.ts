import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const each = (id: string, items: Json, more: Record<string, Json> = {}) => ({
  id,
  uses: 'logic.for-each',
  input: { items, ...more },
})

type Steps = readonly { step: string; scope: string; status: string; output: unknown }[]
const outputOf = (steps: Steps, id: string, scope = ''): unknown =>
  steps.find((row) => row.step === id && row.scope === scope)?.output

test('a for-each runs its body once an item, and collects the last outputs in order', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      each('loop', '{{ go.list }}'),
      set('first', '{{ item }}'),
      set('last', '{{ index }}:{{ first.value }}'),
      set('after', '{{ loop.results }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'first', 'each'), edge('first', 'last'), edge('loop', 'after', 'done')],
  })
  const { run, steps } = await runToEnd(client, id, { list: ['a', 'b', 'c'] })
  expect(run).toMatchObject({ status: 'succeeded' })
  const results = [{ value: '0:a' }, { value: '1:b' }, { value: '2:c' }]
  expect(outputOf(steps, 'loop')).toEqual({ results, errors: [] })
  expect(outputOf(steps, 'after')).toEqual({ value: results })
  expect(steps.filter((row) => row.step === 'last').map((row) => row.scope)).toEqual(['0', '1', '2'])
})

test('loops nest: the inner one sees the outer item, and its own', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      each('outer', '{{ go.rows }}'),
      set('row', '{{ item }}'),
      each('middle', '{{ row.value }}'),
      each('inner', [1, 2]),
      set('cell', '{{ row.value | size }}/{{ index }}/{{ item }}'),
    ],
    edges: [
      edge('go', 'outer'),
      edge('outer', 'row', 'each'),
      edge('row', 'middle'),
      edge('middle', 'inner', 'each'),
      edge('inner', 'cell', 'each'),
    ],
  })
  const { run, steps } = await runToEnd(client, id, { rows: [['x'], ['y', 'z']] })
  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  expect(outputOf(steps, 'cell', '1.1.0')).toEqual({ value: '2/0/1' })
  expect(outputOf(steps, 'inner', '1.1')).toEqual({ results: [{ value: '2/0/1' }, { value: '2/1/2' }], errors: [] })
  expect(steps.filter((row) => row.step === 'cell')).toHaveLength(6)
})

test('no more items are under way than "parallel" allows, and that many are', async () => {
  const { client } = await testApp()
  let open = 0
  let most = 0
  let arrived = Promise.withResolvers<void>()
  const url = await testServer((_request, response) => {
    open++
    most = Math.max(most, open)
    if (open === 3) arrived.resolve()
    arrived.promise.then(() => {
      open--
      if (open === 0) arrived = Promise.withResolvers()
      response.end('{}')
    })
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      each('loop', '{{ go.list }}', { parallel: 3 }),
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ item }}' } },
    ],
    edges: [edge('go', 'loop'), edge('loop', 'post', 'each')],
  })
  expect((await runToEnd(client, id, { list: [1, 2, 3, 4, 5, 6] })).run.status).toBe('succeeded')
  expect(most).toBe(3)
})

test('"collect" goes on after a failing item and lists it; "stop" fails the loop with its item', async () => {
  const { client } = await testApp()
  const zapWith = (onItemError: string) =>
    enableZap(client, {
      steps: [manual, each('loop', [{ a: 1 }, {}, { a: 3 }], { onItemError }), set('body', '{{ item.a }}')],
      edges: [edge('go', 'loop'), edge('loop', 'body', 'each')],
    })
  const collected = await runToEnd(client, await zapWith('collect'), {})
  expect(collected.run.status).toBe('succeeded')
  expect(outputOf(collected.steps, 'loop')).toMatchObject({
    results: [{ value: 1 }, null, { value: 3 }],
    errors: [{ index: 1, error: { code: 'template' } }],
  })
  const stopped = await runToEnd(client, await zapWith('stop'), {})
  expect(stopped.run.status).toBe('failed')
  expect(stopped.run.reason).toContain('Round 2')
  expect(stopped.steps.filter((row) => row.step === 'body')).toHaveLength(2)
})

test('a filter inside a body leaves the results of what it keeps in their places', async () => {
  const { client } = await testApp()
  const only = { id: 'big', uses: 'logic.filter', input: { all: [{ left: '{{ item }}', op: 'gt', right: 1 }] } }
  const id = await enableZap(client, {
    steps: [manual, each('loop', [1, 2, 3]), only, set('kept', '{{ item }}')],
    edges: [edge('go', 'loop'), edge('loop', 'big', 'each'), edge('big', 'kept')],
  })
  const { steps } = await runToEnd(client, id, {})
  expect(outputOf(steps, 'loop')).toEqual({ results: [null, { value: 2 }, { value: 3 }], errors: [] })
})

test('a loop over nothing is done at once', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, each('loop', []), set('body', 1), set('after', 'reached')],
    edges: [edge('go', 'loop'), edge('loop', 'body', 'each'), edge('loop', 'after', 'done')],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('succeeded')
  expect(outputOf(steps, 'loop')).toEqual({ results: [], errors: [] })
  expect(outputOf(steps, 'after')).toEqual({ value: 'reached' })
})

test('repeat-until runs its body until the conditions hold, and fails when they never do', async () => {
  const { client } = await testApp()
  let calls = 0
  const url = await testServer((_request, response) => {
    calls++
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ready: calls >= 3 }))
  })
  const zapWith = (max: number) =>
    enableZap(client, {
      steps: [
        manual,
        {
          id: 'poll',
          uses: 'logic.repeat-until',
          input: { until: { all: [{ left: '{{ check.body.ready }}', op: 'eq', right: true }] }, max },
        },
        { id: 'check', uses: 'http.request', input: { url } },
        set('after', '{{ poll.rounds }}'),
      ],
      edges: [edge('go', 'poll'), edge('poll', 'check', 'each'), edge('poll', 'after', 'done')],
    })
  const met = await runToEnd(client, await zapWith(5), {})
  expect(met.run).toMatchObject({ status: 'succeeded', reason: null })
  expect(outputOf(met.steps, 'after')).toEqual({ value: 3 })
  calls = -10
  const unmet = await runToEnd(client, await zapWith(2), {})
  expect(unmet.run.status).toBe('failed')
  expect(unmet.run.reason).toContain('2 rounds')
})

test('a loop of ten thousand items lets others have their turn', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, each('loop', '{{ go.list }}', { parallel: 50 }), set('body', '{{ item }}')],
    edges: [edge('go', 'loop'), edge('loop', 'body', 'each')],
  })
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns++
    if (!isOver) setImmediate(count)
  }
  count()
  const { run, steps } = await runToEnd(client, id, { list: Array.from({ length: 10_000 }, (_, n) => n) })
  isOver = true
  expect(run.status).toBe('succeeded')
  expect(turns).toBeGreaterThan(40)
  // Of so many rounds only a part is shown; the result has all.
  expect(steps.filter((row) => row.step === 'body').length).toBeLessThan(300)
})

test('however many rounds a loop has, others get their turn between them', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, each('loop', '{{ go.list }}'), set('one', '{{ item }}')],
    edges: [edge('go', 'loop'), edge('loop', 'one', 'each')],
  })
  const startedAt = performance.now()
  let [last, longest, isOver] = [startedAt, 0, false]
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  look()
  const { run } = await runToEnd(client, id, { list: Array.from({ length: 20_000 }, (_, n) => n) })
  isOver = true
  expect(run).toMatchObject({ status: 'succeeded' })
  expect(longest).toBeLessThan((performance.now() - startedAt) / 4)
}, 30_000)
