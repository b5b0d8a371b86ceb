import { expect, onTestFinished, test, vi } from 'vitest'
import { dataPick } from '../connectors/data/pick.action.ts'
import { inTurns } from '../connectors/kit/in-turns.ts'
import { createBlobStore } from '../db/blobs.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, testApp, testServer } from '../test-app.ts'
import { compute } from './computations.ts'
import { createLargeTemplates } from './large-templates.ts'
import { createStoredValues } from './stored-values.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const chain = (...ids: string[]) => ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to }))

test('a list of 100,000 rows is filtered, changed, sorted and summed up, and nothing of it is read in the main thread', async () => {
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, amount: (id * 7919) % 1_000, country: `C${id % 5}` }))
  const body = JSON.stringify({ rows, least: 500 })
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(body)
  })
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url } },
      {
        id: 'large',
        uses: 'list.filter',
        input: {
          items: '{{ get.body.rows }}',
          all: [{ left: '{{ item.amount }}', op: 'gte', right: '{{ get.body.least }}' }],
        },
      },
      {
        id: 'double',
        uses: 'list.map',
        input: { items: '{{ get.body.rows }}', fields: { twice: '{{ item.amount | times: 2 }}' }, keep: true },
      },
      {
        id: 'sorted',
        uses: 'list.sort',
        input: { items: '{{ double.items }}', by: [{ path: 'twice', order: 'desc' }] },
      },
      {
        id: 'totals',
        uses: 'list.summarize',
        input: {
          items: '{{ sorted.items }}',
          by: ['country'],
          fields: [{ as: 'count' }, { path: 'twice', as: 'sum' }],
        },
      },
      {
        id: 'seen',
        uses: 'data.set',
        input: { fields: { best: '{{ sorted.items[0].twice }}', kept: '{{ large.count }}' } },
      },
    ],
    edges: chain('go', 'get', 'large', 'double', 'sorted', 'totals', 'seen'),
  })
  let longest = 0
  const parse = vi.spyOn(JSON, 'parse')
  const stringify = vi.spyOn(JSON, 'stringify')
  const { run, steps } = await runToEnd(client, id, {})
  for (const [text] of parse.mock.calls) longest = Math.max(longest, String(text).length)
  for (const result of stringify.mock.results) longest = Math.max(longest, String(result.value).length)
  vi.restoreAllMocks()
  expect(run.reason).toBeNull()
  const outputOf = (step: string) => steps.find((one) => one.step === step)?.output
  expect(outputOf('seen')).toEqual({ best: 1_998, kept: 50_000 })
  const sumOf = (country: string) =>
    rows.filter((row) => row.country === country).reduce((sum, { amount }) => sum + 2 * amount, 0)
  expect(outputOf('totals')).toEqual({
    rows: expect.arrayContaining(
      ['C0', 'C1', 'C2', 'C3', 'C4'].map((country) => ({ country, count: 20_000, sum_twice: sumOf(country) })),
    ),
  })
  expect(longest).toBeLessThan(1_000_000)
}, 60_000)

test('what a computation cannot work on inside a large value is said as elsewhere', async () => {
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, amount: id === 70_000 ? 'many' : 1 }))
  const url = await testServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ rows, one: { a: 1 } }))
  })
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url } },
      {
        id: 'totals',
        uses: 'list.summarize',
        input: { items: '{{ get.body.rows }}', fields: [{ path: 'amount', as: 'sum' }] },
        settings: { onError: 'continue' },
      },
      { id: 'whole', uses: 'list.sort', input: { items: '{{ get.body }}', by: [{ path: 'a' }] } },
    ],
    edges: chain('go', 'get', 'totals', 'whole'),
  })
  const { steps } = await runToEnd(client, id, {})
  const errorOf = (step: string) => steps.find((one) => one.step === step)?.attempts.at(-1)?.error
  expect(errorOf('totals')).toMatchObject({ code: 'bad-input', message: 'Item 70001: “many” is not a number.' })
  expect(errorOf('whole')).toMatchObject({
    code: 'bad-input',
    message: '"items" of the step "whole" must be a list, but is an object.',
  })
}, 60_000)

test.each<[string, Json, boolean]>([
  ['an object of very many fields', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n])), true],
  [
    'such an object among others',
    [{}, { some: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [n, 1])) }],
    true,
  ],
  ['an object of a few fields', { k0: 0, k1: 1 }, false],
])('%s is picked from in a thread or at once, by its size', async (_what, from, isElsewhere) => {
  const folder = temporaryFolder()
  const blobs = createBlobStore(folder)
  const largeTemplates = createLargeTemplates(blobs, folder, systemClock)
  onTestFinished(() => largeTemplates.close())
  const input = { from: { given: from, k: 1 }, keep: ['k'] }
  let isHere = false
  const { signal } = new AbortController()
  const step = { id: 'pick', uses: dataPick.id, input }
  const output = await compute(
    { action: dataPick, step, input, scope: {}, large: new Set(), signal },
    // biome-ignore lint/correctness/useYield: it is done in its first turn, as picking is.
    function* () {
      isHere = true
      return { k: 1 }
    },
    { largeTemplates, values: createStoredValues(blobs) },
  )
  expect(output).toEqual({ k: 1 })
  expect(isHere).toBe(!isElsewhere)
})

test('work in turns lets others have theirs, and ends when it is to stop', async () => {
  const controller = new AbortController()
  let rounds = 0
  function* work(): Generator<undefined, void, undefined> {
    for (;;) {
      rounds++
      yield
    }
  }
  const working = inTurns(work(), controller.signal)
  setTimeout(() => controller.abort(new Error('stop')), 1)
  await expect(working).rejects.toThrow('stop')
  expect(rounds).toBeGreaterThan(1)
})
