import { describe, expect, test } from 'vitest'
import type { Slice, SliceField } from '../../domain/openapi/api.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { JsonObject } from '../../domain/values/json.ts'
import { operationRequest } from './operation-request.ts'

const field = (name: string, more: Partial<SliceField> = {}): SliceField => ({
  name,
  key: name,
  in: 'query',
  required: false,
  shape: { type: 'any' },
  style: more.in === 'path' || more.in === 'header' ? 'simple' : 'form',
  explode: more.in !== 'path' && more.in !== 'header',
  ...more,
})
const slice = (fields: readonly SliceField[], more: Partial<Slice> = {}): Slice => ({
  operation: 'x',
  title: 'Do it',
  app: 'App',
  address: '',
  method: 'POST',
  path: '/do',
  fields: [...fields],
  body: null,
  keyHeader: null,
  list: null,
  ...more,
})
const BASE = 'https://api.example.com/v1'
const made = (fields: readonly SliceField[], input: JsonObject, more: Partial<Slice> = {}) =>
  operationRequest(slice(fields, more), BASE, input)
const addressOf = (...args: Parameters<typeof made>): string => made(...args).url.href.slice(BASE.length)
const list = { shape: { type: 'list', items: { type: 'string' } } } as const

describe('addresses', () => {
  test.each<[what: string, one: SliceField, value: JsonObject[string], address: string]>([
    ['a text', field('q'), 'a b&c', '/do?q=a%20b%26c'],
    ['a list, exploded', field('q', list), ['a', 'b'], '/do?q=a&q=b'],
    ['a list in one', field('q', { ...list, explode: false }), ['a', 'b,c'], '/do?q=a,b%2Cc'],
    ['with pipes', field('q', { ...list, explode: false, style: 'pipeDelimited' }), ['a', 'b'], '/do?q=a|b'],
    ['with blanks', field('q', { ...list, explode: false, style: 'spaceDelimited' }), ['a', 'b'], '/do?q=a%20b'],
    ['an object, exploded', field('q'), { a: 1, b: 2 }, '/do?a=1&b=2'],
    ['a deep object', field('q', { style: 'deepObject' }), { a: { b: [1, 2] } }, '/do?q[a][b][0]=1&q[a][b][1]=2'],
    ['JSON', field('q', { isJson: true }), { a: 1 }, '/do?q=%7B%22a%22%3A1%7D'],
    ['one that is reserved', field('q', { reserved: true }), 'a/b?c&d', '/do?q=a/b?c%26d'],
    ['nothing', field('q'), '', '/do'],
    ['one value for a list', field('q', list), 'a', '/do?q=a'],
    ['a list that a template wrote', field('q', list), '["a","b"]', '/do?q=a&q=b'],
  ])('%s in the query', (_what, one, value, address) => {
    expect(addressOf([one], { q: value })).toBe(address)
  })

  test('what stands in the path is one part of it', () => {
    expect(addressOf([field('id', { in: 'path' })], { id: 'a/b ?#' }, { path: '/x/{id}/y' })).toBe(
      '/x/a%2Fb%20%3F%23/y',
    )
  })

  test.each<[what: string, more: Partial<SliceField>, value: JsonObject[string], path: string]>([
    ['a list', { explode: false }, ['a', 'b/c'], ';id=a,b%2Fc'],
    ['a list, exploded', { explode: true }, ['a', 'b/c'], ';id=a;id=b%2Fc'],
    ['an object, exploded', { explode: true }, { x: 1, y: 2 }, ';x=1;y=2'],
  ])('%s as a matrix in the path', (_what, more, value, path) => {
    expect(addressOf([field('id', { in: 'path', style: 'matrix', ...more })], { id: value }, { path: '/x{id}' })).toBe(
      `/x${path}`,
    )
  })

  test('cookies and headers have lists and JSON as they are written', () => {
    const fields = [
      field('c', { in: 'cookie', explode: false, ...list }),
      field('X-J', { in: 'header', isJson: true }),
      field('X-L', { in: 'header', ...list }),
    ]
    expect(made(fields, { c: ['a', 'b;c'], 'X-J': { a: 1 }, 'X-L': ['a', 'b'] }).headers).toEqual({
      Cookie: 'c=a,b%3Bc',
      'X-J': '{"a":1}',
      'X-L': 'a,b',
    })
  })

  test.each(['..', '.', ''])('%j in a path is refused', (id) => {
    expect(() => made([field('id', { in: 'path', required: true })], { id }, { path: '/x/{id}' })).toThrow(StepError)
  })

  test.each([
    '@evil.example/',
    '//evil.example/a',
    '/../../admin',
    '/a/%2e%2e/%2e%2e/b',
    '\\\\evil.example',
    'https://evil.example',
  ])('a path of the description such as %s leads nowhere else', (path) => {
    let url: URL | undefined
    try {
      url = made([], {}, { path }).url
    } catch (error) {
      expect(error).toBeInstanceOf(StepError)
      return
    }
    expect(url.href.startsWith(`${BASE}/`)).toBe(true)
  })
})

describe('bodies', () => {
  const inBody = (name: string, more: Partial<SliceField> = {}) => field(name, { in: 'body', ...more })
  const json = { body: { type: 'application/json', isWhole: false } }

  test('texts become what their fields are', () => {
    const fields = [
      inBody('n', { shape: { type: 'integer' } }),
      inBody('b', { shape: { type: 'boolean' } }),
      inBody('t', { shape: { type: 'string' } }),
      inBody('o', { shape: { type: 'object', fields: { n: { type: 'number' } } } }),
    ]
    expect(made(fields, { n: '5', b: 'true', t: 7, o: { n: '1.5' } }, json).body).toEqual({
      kind: 'text',
      content: '{"n":5,"b":true,"t":"7","o":{"n":1.5}}',
      type: 'application/json',
    })
  })

  test('a number that would change stays text', () => {
    expect(made([inBody('n', { shape: { type: 'integer' } })], { n: '12345678901234567890' }, json).body).toMatchObject(
      { content: '{"n":"12345678901234567890"}' },
    )
  })

  test('forms have brackets for what is nested', () => {
    const form = { body: { type: 'application/x-www-form-urlencoded', isWhole: false } }
    expect(
      made([inBody('a'), inBody('m'), inBody('l')], { a: 'x y', m: { k: 'v' }, l: ['1', '2'] }, form).body,
    ).toMatchObject({ content: 'a=x+y&m[k]=v&l=1&l=2' })
  })

  test('files are parts of their own', () => {
    const form = { body: { type: 'multipart/form-data', isWhole: false } }
    const fields = [
      inBody('f', { shape: { type: 'file' } }),
      inBody('n'),
      inBody('o'),
      inBody('t', { contentType: 'a/b' }),
    ]
    expect(made(fields, { f: 'a.txt', n: 5, o: { a: 1 }, t: 'x' }, form).body).toEqual({
      kind: 'parts',
      parts: [
        { name: 'f', file: 'a.txt', field: 'f' },
        { name: 'n', value: '5' },
        { name: 'o', value: '{"a":1}', contentType: 'application/json' },
        { name: 't', value: 'x', contentType: 'a/b' },
      ],
    })
  })

  test('lines of JSON are lines', () => {
    const lines = { body: { type: 'application/x-ndjson', isWhole: true } }
    const content = (body: JsonObject[string]) => made([inBody('body')], { body }, lines).body
    expect(content([{ a: 1 }, { b: 2 }])).toMatchObject({ content: '{"a":1}\n{"b":2}\n' })
    expect(content('written out\n')).toMatchObject({ content: 'written out\n' })
  })

  test('a constant is sent without being asked for', () => {
    expect(made([inBody('kind', { constant: 'a', required: true })], {}, json).body).toMatchObject({
      content: '{"kind":"a"}',
    })
  })
})

test('what is needed and has a usual value is sent with that', () => {
  const version = field('Version', { in: 'header', required: true, fallback: '2022-06-28' })
  expect(made([version], {}).headers).toEqual({ Version: '2022-06-28' })
  expect(made([version], { Version: '2025-09-03' }).headers).toEqual({ Version: '2025-09-03' })
})

test.each<[input: JsonObject, says: RegExp]>([
  [{}, /"id" needs a value/],
  [{ id: 1, other: 2 }, /"other" is no field/],
  [JSON.parse('{"id":1,"__proto__":2}'), /"__proto__" is no field/],
])('%j is refused by the name of the field', (input, says) => {
  expect(() => made([field('id', { required: true })], input)).toThrow(says)
})

test('headers and cookies', () => {
  const request = made([field('X-List', { in: 'header', ...list }), field('a', { in: 'cookie' })], {
    'X-List': ['1', '2'],
    a: 'x;y',
  })
  expect(request.headers).toEqual({ 'X-List': '1,2', Cookie: 'a=x%3By' })
})
