import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import type { AppAnswer, AppRequest } from '../app-request.ts'
import { moment, number, text, texts, yesNo } from './fields.ts'
import { pollNewItems } from './operation.ts'
import { type Pages, readPages } from './pages.ts'
import { numbers } from './parts.ts'
import { type Entered, pathPart, requestOf } from './request.ts'

describe('a request of an operation', () => {
  const fields = {
    id: text('Id'),
    title: text('Title', { as: 'properties.title' }),
    tags: texts('Tags', { optional: true }),
    count: number('Count', { at: 'query', as: 'per_page' }),
    note: text('Note', { at: 'header', as: 'X-Note' }),
    quiet: yesNo('Quiet'),
  }

  it('has each field where it belongs', () => {
    const entered = { id: 'a/b', title: 'T', tags: ['x', 'y'], count: 5, note: 'n', quiet: false }
    expect(requestOf({ request: 'POST /v1/{id}/items?pretty=1', fields }, entered)).toEqual({
      method: 'POST',
      path: 'v1/a%2Fb/items',
      query: { pretty: '1', per_page: '5' },
      headers: { 'X-Note': 'n' },
      body: { properties: { title: 'T' }, tags: ['x', 'y'] },
      bodyType: 'json',
    })
    expect(requestOf({ request: 'GET /v1/items', fields: { tags: fields.tags } }, { tags: ['x', 'y'] })).toMatchObject({
      query: { tags: ['x', 'y'] },
    })
  })

  it('has no number where none came', () => {
    const fields = { id: text('Id', { send: Number }), ids: texts('Ids', { optional: true, send: numbers }) }
    const bodyOf = (entered: Entered) => requestOf({ request: 'POST /a', fields }, entered).body
    expect(bodyOf({ id: '42', ids: ['1', '-2.5'] })).toEqual({ id: 42, ids: [1, -2.5] })
    for (const wrong of ['abc', '1,5', 'Infinity', '9007199254740993', '{{ x }}']) {
      expect(() => bodyOf({ id: wrong })).toThrow(`"id" takes a number, but "${wrong}" came.`)
      expect(() => bodyOf({ id: '1', ids: ['1', wrong] })).toThrow('"ids" takes a number')
    }
  })

  it('makes one part of an address of whatever came, and goes nowhere else with it', () => {
    const own = { id: text('Id') }
    const pathOf = (id: string): string => requestOf({ request: 'DELETE /v1/{id}', fields: own }, { id }).path
    // Half a character is what a text that was cut off ends with.
    expect(pathOf('a\ud800')).toBe('v1/a%EF%BF%BD')
    expect(pathPart('id', 'a\ud800/b')).toBe('a%EF%BF%BD%2Fb')
    for (const id of ['', '.', '..']) {
      expect(() => pathOf(id)).toThrow(/"id" takes a name or an id, but .* came\./)
      expect(() => pathPart('id', id)).toThrow(/"id" takes a name or an id, but .* came\./)
    }
  })

  it('keeps slashes only where it says so, and leaves what a credential fills in', () => {
    const own = { path: text('Path') }
    expect(requestOf({ request: 'GET /bot{token}/files/{+path}', fields: own }, { path: 'a b/c?' }).path).toBe(
      'bot{token}/files/a%20b/c%3F',
    )
  })

  it.each(['..', '.', ''])('is refused where a field of its path is %j, which would lead elsewhere', (id) => {
    expect(() => requestOf({ request: 'GET /v1/users/{id}', fields }, { id })).toThrow(/takes a name or an id/)
  })

  it('stays below the path of its operation, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (id) => {
        let path: string
        try {
          path = requestOf({ request: 'GET /v1/users/{id}/repos', fields }, { id }).path
        } catch {
          return
        }
        const url = new URL(path, 'https://service.example/')
        expect(url.origin).toBe('https://service.example')
        expect(url.pathname.split('/')).toHaveLength(5)
        expect(url.search).toBe('')
      }),
    )
  })
})

describe('pages', () => {
  const all: Json[] = Array.from({ length: 25 }, (_, n) => ({ id: n }))

  /** A service that hands the list over as it is asked to. */
  function service(pages: Pages) {
    const asked: AppRequest[] = []
    const http = async (request: AppRequest): Promise<AppAnswer> => {
      asked.push(request)
      const query = { ...request.query, ...(request.body as object) } as Record<string, string | number>
      const size = Number(query.limit ?? 10)
      const address = new URL(request.path, 'https://service.example/')
      const from = Number(
        query.cursor ??
          address.searchParams.get('from') ??
          (query.page === undefined ? (query.offset ?? 0) : (Number(query.page) - 1) * size),
      )
      const next = from + size < all.length ? from + size : null
      const items = all.slice(from, from + size)
      const link =
        next === null
          ? undefined
          : `<https://service.example/list?from=${next}>; rel="next", <https://service.example/>; rel="first"`
      return {
        status: 200,
        headers: link === undefined ? {} : { link },
        body: { items, next: next === null ? '' : String(next), url: next === null ? null : `/list?from=${next}` },
        bytes: Buffer.alloc(0),
        as: (schema) => schema.parse({}),
      }
    }
    return {
      asked,
      read: (limit: number, request: AppRequest = { path: 'list' }) => readPages(http, request, pages, limit),
    }
  }
  const size = { as: 'limit', most: 10 }

  it.each<[string, Pages, AppRequest?]>([
    ['a cursor', { items: 'items', size, next: { by: 'cursor', at: 'next', as: 'cursor' } }],
    [
      'a cursor in the body',
      { items: 'items', size, next: { by: 'cursor', at: 'next', as: 'cursor' }, inBody: true },
      { method: 'POST', path: 'list', body: {} },
    ],
    ['an address in the answer', { items: 'items', next: { by: 'address', at: 'url' } }],
    ['a Link header', { items: 'items', next: { by: 'link' } }],
    ['numbers of pages', { items: 'items', size, next: { by: 'page', as: 'page' } }],
    ['an offset', { items: 'items', size, next: { by: 'offset', as: 'offset' } }],
  ])('by %s are read to the end, or as far as is asked', async (_words, pages, request) => {
    const whole = service(pages)
    expect(await whole.read(100, request)).toEqual({ items: all, hasMore: false })
    const part = service(pages)
    expect(await part.read(12, request)).toEqual({ items: all.slice(0, 12), hasMore: true })
    expect(part.asked).toHaveLength(2)
  })

  it('come to an end though a service always names a next one', async () => {
    let asked = 0
    let nextAfter = (page: number): string => `page ${page + 1}`
    const http = async (): Promise<AppAnswer> => {
      asked++
      return {
        status: 200,
        headers: {},
        body: { items: [1], next: nextAfter(asked) },
        bytes: Buffer.alloc(0),
        as: (schema) => schema.parse({}),
      }
    }
    const pages: Pages = { items: 'items', next: { by: 'cursor', at: 'next', as: 'cursor' } }
    expect((await readPages(http, { path: '' }, pages, 1_000_000)).hasMore).toBe(true)
    expect(asked).toBeLessThanOrEqual(1_000)
    nextAfter = () => 'again'
    await expect(readPages(http, { path: '' }, pages, 1_000_000)).rejects.toMatchObject({
      details: { code: 'pages-loop' },
    })
  })
})

it('a form of brackets has objects and lists in the names of its fields', () => {
  const fields = {
    price: text('Price', { as: 'items', send: (value) => [{ price: value, quantity: 2 }] }),
    note: text('Note', { as: 'metadata.note' }),
  }
  expect(
    requestOf({ request: 'POST /v1/links', bodyType: 'brackets', fields }, { price: 'p_1', note: 'n' }),
  ).toMatchObject({
    bodyType: 'form',
    body: { 'items[0][price]': 'p_1', 'items[0][quantity]': 2, 'metadata[note]': 'n' },
  })
})

it.each([
  ['ms', '2026-11-30T09:00:00+01:00', 1_796_025_600_000],
  ['s', 1_796_025_600, 1_796_025_600],
  ['day', '2026-12-01', '2026-12-01'],
  ['iso', '2026-12-01', '2026-12-01T00:00:00.000Z'],
] as const)('a moment is sent as %s: %j', (form, given, expected) => {
  const own = { at: moment('At', { form }) }
  expect(requestOf({ request: 'POST /v1/items', fields: own }, { at: given }).body).toEqual({ at: expected })
  expect(() => requestOf({ request: 'POST /v1/items', fields: own }, { at: 'soon' })).toThrow(/"At" takes a date/)
})

it.each<[string, Pages, (page: number) => Json]>([
  [
    'the last item names the next page',
    { items: 'data', end: { at: 'more', is: false }, next: { by: 'last', at: 'id', as: 'after' } },
    (page) => ({ data: [{ id: `i${page}` }], more: page < 2 }),
  ],
  [
    'a cursor goes into an object of the body',
    {
      items: 'data',
      end: { at: 'page.more', is: false },
      next: { by: 'cursor', at: 'page.end', as: 'variables.after' },
      inBody: true,
    },
    (page) => ({ data: [{ id: `i${page}` }], page: { end: `c${page}`, more: page < 2 } }),
  ],
  [
    'what counts stands one level down',
    { items: 'data', each: 'node', next: { by: 'page', as: 'page' } },
    (page) => ({ data: page < 3 ? [{ node: { id: `i${page}` } }] : [] }),
  ],
])('%s', async (_words, pages, answer) => {
  const asked: AppRequest[] = []
  const http = async (request: AppRequest): Promise<AppAnswer> => {
    const body = answer(asked.push(request) - 1)
    return { status: 200, headers: {}, body, bytes: Buffer.alloc(0), as: (schema) => schema.parse(body) }
  }
  const { items, hasMore } = await readPages(
    http,
    { method: 'POST', path: 'list', body: { variables: { x: 1 } } },
    pages,
    100,
  )
  expect(items).toEqual([{ id: 'i0' }, { id: 'i1' }, { id: 'i2' }])
  expect(hasMore).toBe(false)
  if (pages.inBody) expect(asked[2]?.body).toEqual({ variables: { x: 1, after: 'c1' } })
  if (pages.next?.by === 'last') expect(asked[1]?.query).toEqual({ after: 'i0' })
})

test('an item without a number does not make all others new at the next poll', async () => {
  const poll = (rows: readonly Json[], cursor: Json) =>
    pollNewItems(
      { key: 'row', order: (item) => Number(Object(item).row), list: async () => rows },
      { input: {}, http: async () => Promise.reject(new Error('asks nothing')), cursor, clock: manualClock(0) },
    )
  const { events, cursor } = await poll([{ row: 3 }, { row: 'x' }, { row: 2 }], 2)
  expect(events.map(({ key }) => key)).toEqual(['3'])
  expect(cursor).toBe(3)
  expect((await poll([{ row: 3 }, { row: 'x' }], cursor)).events).toEqual([])
})
