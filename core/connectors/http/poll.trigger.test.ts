import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, type Received, type TestClient, testApp, testServer } from '../../test-app.ts'

const zapOf = (input: Record<string, Json>) => ({
  name: 'Orders',
  steps: [
    { id: 'new', uses: 'http.poll', input },
    { id: 'set', uses: 'data.set', input: { fields: { got: '{{ new.item }}', at: '{{ new.position }}' } } },
  ],
  edges: [{ from: 'new', to: 'set' }],
})

/** An API whose answer a test may change, and what it was asked. */
async function api(first: unknown) {
  const seen: Received[] = []
  const state = { status: 200, body: first, type: 'application/json', headers: {} as Record<string, string> }
  const url = await testServer((request, response) => {
    seen.push(request)
    const body = typeof state.body === 'string' ? state.body : JSON.stringify(state.body)
    response.writeHead(state.status, { 'content-type': state.type, ...state.headers }).end(body)
  })
  return { url, seen, state }
}

async function found(client: TestClient, zapId: string): Promise<unknown[]> {
  const { runs } = await client.runs.list({ zapId })
  const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output)
}

const now = (client: TestClient, id: string) => client.zaps.pollNow({ id, step: 'new' })

test('each new item of a list starts a run, with its place in it, and what was there at first none', async () => {
  const { url, state } = await api({ data: { items: [{ id: 1 }, { id: 2 }] } })
  const first = await testApp()
  const input = { url: `${url}/orders`, items: 'data.items', key: 'id' }
  const id = await enableZap(first.client, zapOf(input))
  await now(first.client, id)
  state.body = { data: { items: [{ id: 3, name: 'Ada' }, { id: '4' }, { id: 1 }] } }
  await now(first.client, id)
  await now(first.client, id)
  const expected = [
    { got: { id: 3, name: 'Ada' }, at: 0 },
    { got: { id: '4' }, at: 1 },
  ]
  await expect.poll(() => found(first.client, id)).toEqual(expected)
  await first.app.stop()

  // Another pause is no other list; what came while nothing ran is found once.
  state.body = { data: { items: [{ id: 5 }, { id: 2 }] } }
  const again = await testApp({ dataDir: first.folder })
  const { draft, draftRevision } = await again.client.zaps.get({ id })
  const steps = draft.steps.map((step) => (step.id === 'new' ? { ...step, input: { ...input, every: '2h' } } : step))
  await again.client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, steps } })
  await again.client.zaps.publish({ id })
  expect(await now(again.client, id)).toMatchObject({ everyMs: 7_200_000, failures: 0, error: null })
  await expect.poll(() => found(again.client, id)).toEqual([...expected, { got: { id: 5 }, at: 0 }])
})

test('all that is there at first starts runs where it should, also texts and a list that is the answer itself', async () => {
  const { url } = await api(['a', 'b', 'a'])
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url, first: 'all' }))
  await now(client, id)
  await expect
    .poll(async () => (await found(client, id)).sort())
    .toEqual([
      { got: 'a', at: 0 },
      { got: 'b', at: 1 },
    ])
})

test('a request is sent as its fields say, signed in by its credential', async () => {
  const { url, seen } = await api([])
  const { client } = await testApp()
  await client.credentials.set({ name: 'shop', type: 'bearer', secret: 'a-long-token' })
  const id = await enableZap(
    client,
    zapOf({
      url: `${url}/search?a=1`,
      method: 'POST',
      query: { b: 2 },
      headers: { 'x-shop': 'one' },
      body: { open: true },
      auth: { $credential: 'shop' },
      key: 'id',
    }),
  )
  await now(client, id)
  expect(seen.at(-1)).toMatchObject({
    method: 'POST',
    path: '/search?a=1&b=2',
    body: '{"open":true}',
    headers: { authorization: 'Bearer a-long-token', 'x-shop': 'one', 'content-type': 'application/json' },
  })
  // A poll changes nothing, so it has no key for repeats.
  expect(seen.at(-1)?.headers['idempotency-key']).toBeUndefined()
})

test.each<[string, unknown, Record<string, Json>, string, RegExp]>([
  [
    'an object in place of a list',
    { orders: [], n: 1 },
    {},
    'no-list',
    /The answer is an object.*There is one at orders\./,
  ],
  ['nothing at the path', { data: {} }, { items: 'data.items' }, 'no-list', /"data\.items" of the answer is nothing/],
  ['a page', '<h1>Sign in</h1>', {}, 'no-list', /The answer is a text, and not a list/],
  ['items without the key', [{ id: 1 }, { name: 'x' }], { key: 'id' }, 'no-key', /position 1 has as "id" nothing/],
  ['items that are no text', [{ id: 1 }], {}, 'no-key', /position 0 is an object.*choose a text or a number/],
  ['a key that every object inherits', [{ id: 1 }], { key: '__proto__' }, 'no-key', /nothing/],
])('a poll that cannot be read says what came and what to do: %s', async (_words, body, input, code, message) => {
  const { url } = await api(body)
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url, ...input }))
  const { error, failures } = await now(client, id)
  expect(error?.code).toBe(code)
  expect(error?.message).toMatch(message)
  expect(failures).toBeGreaterThan(0)
})

test('a service that asks to wait is not asked before, and a secret that it sends back is nowhere', async () => {
  const { url, state } = await api([])
  const clock = manualClock(Date.parse('2026-11-30T09:00:00Z'))
  const { client } = await testApp({ clock })
  await client.credentials.set({ name: 'shop', type: 'bearer', secret: 'a-long-token' })
  Object.assign(state, {
    status: 429,
    body: 'Slow down, a-long-token',
    type: 'text/plain',
    headers: { 'retry-after': '1800' },
  })
  const id = await enableZap(client, zapOf({ url, auth: { $credential: 'shop' } }))
  const { error, nextAt } = await now(client, id)
  expect(error?.code).toBe('http-429')
  expect(error?.message).toContain('[secret: shop]')
  expect(Date.parse(nextAt ?? '') - clock.now()).toBeGreaterThanOrEqual(1_800_000)
})

test('polls that keep failing are an incident, which the next good one closes', async () => {
  const { url, state } = await api([])
  state.status = 500
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url }))
  const open = async () => (await client.system.status()).incidents.map(({ kind, zapId }) => ({ kind, zapId }))
  while ((await now(client, id)).failures < 5) expect(await open()).toEqual([])
  await expect.poll(open).toEqual([{ kind: 'polling', zapId: id }])
  state.status = 200
  await now(client, id)
  await expect.poll(open).toEqual([])
})

/** A service with a list, the newest first, whose pages lead on in one of many ways. */
async function pagedApi(leadsOn: (at: number, url: string) => { headers?: Record<string, string>; body?: object }) {
  const state = {
    items: Array.from({ length: 25 }, (_, at) => ({ id: 25 - at })),
    isShown: (_item: { id: number }) => true,
    asked: [] as string[],
  }
  const url = await testServer(({ path, body }, response) => {
    state.asked.push(path)
    const query = new URL(path, 'http://x').searchParams
    const posted = body === '' ? {} : JSON.parse(body)
    const at = Number(query.get('at') ?? posted.at ?? (Number(query.get('page') ?? 1) - 1) * 10)
    const { headers = {}, body: more = {} } = at + 10 < state.items.length ? leadsOn(at + 10, url) : {}
    const answer = { list: state.items.slice(at, at + 10).filter(state.isShown), ...more }
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer))
  })
  return { url, state }
}

test.each<[string, Parameters<typeof pagedApi>[0], Record<string, Json>]>([
  ['the header Link', (at, url) => ({ headers: { link: `<${url}/?at=${at}>; rel="next"` } }), {}],
  ['an address in the answer', (at) => ({ body: { links: { next: `/?at=${at}` } } }), {}],
  ['a word in the answer', (at) => ({ body: { more: `${at}` } }), { pages: { next: 'cursor', at: 'more', as: 'at' } }],
  [
    'a word that goes into the body',
    (at) => ({ body: { more: `${at}` } }),
    { method: 'POST', body: { open: true }, pages: { next: 'cursor', at: 'more', as: 'at', in: 'body' } },
  ],
  ['the number of the page', () => ({}), { pages: { next: 'page', as: 'page' } }],
])('what came since the last poll is read on to its end, page by page, by %s', async (_words, leadsOn, input) => {
  const { url, state } = await pagedApi(leadsOn)
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url: `${url}/`, items: 'list', key: 'id', ...input }))
  await now(client, id)
  expect(state.asked).toHaveLength(1)
  // Those that move up when others are deleted are not new.
  state.items.splice(2, 3)
  await now(client, id)
  expect(state.asked).toHaveLength(2)
  state.items = [...Array.from({ length: 23 }, (_, at) => ({ id: 48 - at })), ...state.items]
  expect(await now(client, id)).toMatchObject({ error: null, note: null })
  expect(state.asked).toHaveLength(5)
  await expect
    .poll(async () => (await found(client, id)).map((one) => (one as { got: { id: number } }).got.id).sort())
    .toEqual(Array.from({ length: 23 }, (_, at) => 26 + at))
})

test('a page without items that names the next one does not end the list', async () => {
  const { url, state } = await pagedApi((at, address) => ({ headers: { link: `<${address}/?at=${at}>; rel="next"` } }))
  const { client } = await testApp()
  // The service hands over what is open, of pages of all.
  const shown = (isOpen: (id: number) => boolean): void => {
    state.isShown = ({ id }) => isOpen(id)
  }
  shown((id) => id <= 10)
  const id = await enableZap(client, zapOf({ url: `${url}/`, items: 'list', key: 'id' }))
  await now(client, id)
  expect(state.asked).toHaveLength(2)
  shown((id) => id <= 11)
  await now(client, id)
  await expect.poll(() => found(client, id)).toEqual([{ got: { id: 11 }, at: 0 }])
})

test('a next page that is none ends the list, and the poll says so', async () => {
  const { url, state } = await pagedApi(() => ({ body: { next: 'https://elsewhere.example/' } }))
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url: `${url}/`, items: 'list', key: 'id' }))
  await now(client, id)
  state.items = [...Array.from({ length: 12 }, (_, at) => ({ id: 40 - at })), ...state.items]
  expect(await now(client, id)).toMatchObject({
    error: null,
    note: expect.stringContaining('said to be at https://elsewhere.example'),
  })
  await expect.poll(async () => (await found(client, id)).length).toBe(10)
})

test('a service that lists what came since a time is told when it was asked last, a little earlier', async () => {
  const { url, seen, state } = await api([{ id: 1 }])
  const clock = manualClock(Date.parse('2026-11-30T09:00:00Z'))
  const { client } = await testApp({ clock })
  const id = await enableZap(client, zapOf({ url: `${url}/?a=1`, key: 'id', since: 'updated_after' }))
  await now(client, id)
  expect(seen.at(-1)?.path).toBe('/?a=1')
  clock.advance(3_600_000)
  state.body = [{ id: 1 }, { id: 2 }]
  await now(client, id)
  expect(seen.at(-1)?.path).toBe('/?a=1&updated_after=2026-11-30T08%3A55%3A00Z')
  await expect.poll(() => found(client, id)).toEqual([{ got: { id: 2 }, at: 1 }])
})

test('a zap that is off is not polled, and says so', async () => {
  const { url } = await api([])
  const { client } = await testApp()
  const id = await enableZap(client, zapOf({ url }))
  expect(await client.zaps.polls({ id })).toMatchObject([{ step: 'new', everyMs: 300_000 }])
  expect((await client.zaps.list()).find((zap) => zap.id === id)?.triggerSummary).toBe('asks every 5m')
  await expect(client.zaps.pollNow({ id, step: 'set' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await client.zaps.setEnabled({ id, enabled: false })
  expect(await client.zaps.polls({ id })).toEqual([])
  await expect(now(client, id)).rejects.toThrow(/switched off/)
})

test('a list with as many items as a poll can read becomes as many runs, and a larger one says so', async () => {
  const { url, state } = await api(Array.from({ length: 1_000 }, (_, n) => ({ id: n })))
  const { client, app } = await testApp()
  await app.setPaused(true)
  const id = await enableZap(client, zapOf({ url, key: 'id', first: 'all' }))
  await app.setPaused(false)
  await now(client, id)
  await expect.poll(async () => (await client.runs.list({ zapId: id, limit: 500 })).runs.length).toBe(500)
  state.body = Array.from({ length: 60_000 }, (_, n) => ({ id: n }))
  expect((await now(client, id)).error).toMatchObject({ code: 'too-large' })
})

test('where what is there at first is wanted, all pages of it are', async () => {
  const pages = [1, 2, 3].map((page) => [{ id: page * 2 - 1 }, { id: page * 2 }])
  const url = await testServer(({ path }, response) => {
    const page = Number(new URL(path, 'http://x').searchParams.get('page') ?? '1')
    if (page < pages.length) response.setHeader('link', `</?page=${page + 1}>; rel="next"`)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(pages[page - 1]))
  })
  const { client, app } = await testApp()
  await app.setPaused(true)
  const [all, none] = [
    await enableZap(client, zapOf({ url, key: 'id', first: 'all' })),
    await enableZap(client, zapOf({ url, key: 'id' })),
  ]
  await app.setPaused(false)
  for (const id of [all, none]) for (const _ of pages) await now(client, id)
  await expect.poll(async () => (await client.runs.list({ zapId: all })).runs.length).toBe(6)
  expect((await client.runs.list({ zapId: none })).runs).toEqual([])
})

test.each<[Record<string, Json>, RegExp]>([
  [{ url: 'ftp://x' }, /must begin with http/],
  [{ url: 'http://x/', every: '100ms' }, /at least 1s/],
  [{ url: 'http://x/', every: 'often' }, /must be a duration/],
  [{ url: 'http://x/', items: 'a..b' }, /is no path/],
  [{ url: 'http://x/', key: 'a[' }, /is no path/],
  [{ url: 'http://x/', first: 'some' }, /first|already/i],
  [{ url: 'http://x/', method: 'DELETE' }, /method/i],
  [{ url: '{{ hook.body }}' }, /trigger can read only its own event|must begin with/],
])('a draft with %j is not published', async (input, message) => {
  const { client } = await testApp()
  const content = { format: 'hookline/zap@1', ...zapOf(input) }
  const { zaps } = await client.zaps.import({ files: [{ file: 'x', content }] })
  const id = zaps[0]?.id
  const problems = id == null ? (zaps[0]?.problems ?? []) : (await client.zaps.get({ id })).problems
  expect(problems.map((problem) => problem.message).join(' ')).toMatch(message)
})
