import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dedupeKeyOf } from './dedupe-key.ts'
import { parseBody, parseForm } from './parse-body.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

test('any JSON value that is sent arrives as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(parseBody(bytes(text), 'application/json').body).toEqual(JSON.parse(text))
    }),
  )
})

test('what claims to be JSON and is not stays text, with a note', () => {
  const parsed = parseBody(bytes('{"a": 1,}'), 'application/json; charset=utf-8')
  expect(parsed.body).toBe('{"a": 1,}')
  expect(parsed.note).toMatch(/not valid JSON/)
})

test.each([
  ['application/vnd.api+json', '{"a":1}', { a: 1 }],
  [undefined, ' [1,2]', [1, 2]],
  [undefined, 'hello', 'hello'],
  ['text/plain', '{"a":1}', '{"a":1}'],
  ['application/xml', '<a/>', '<a/>'],
  ['application/x-www-form-urlencoded', 'a=1&b=x+y&b=%C3%A9', { a: '1', b: ['x y', 'é'] }],
])('a body of type %s is read as what it is', (type, text, expected) => {
  const { body, note } = parseBody(bytes(text), type)
  expect(body).toEqual(expected)
  expect(note).toBeNull()
})

test('a charset is honoured, and an unknown one does not lose the body', () => {
  expect(parseBody(Buffer.from([0xe9]), 'text/plain; charset=iso-8859-1').body).toBe('é')
  expect(parseBody(bytes('é'), 'text/plain; charset=klingon').body).toBe('é')
})

test('what is no text at all is kept as base64, with a note', () => {
  const parsed = parseBody(Buffer.from([0xff, 0xfe, 0x00]), 'image/png')
  expect(parsed.body).toBe('//4A')
  expect(parsed.note).toMatch(/base64/)
})

test('an empty body is null', () => {
  expect(parseBody(new Uint8Array(), 'application/json')).toEqual({ body: null, note: null })
})

test('a form field called __proto__ is a field like any other', () => {
  expect(Object.keys(parseForm('__proto__=1') ?? {})).toEqual(['__proto__'])
  expect(Object.prototype).not.toHaveProperty('1')
})

test("the sender's id header is the dedupe key, and the same word of another header is another key", () => {
  const key = (headers: Record<string, string>): string | null => dedupeKeyOf(null, 'hook', null, headers).key
  expect(key({ 'x-github-delivery': 'abc' })).toBe('x-github-delivery:abc')
  expect(key({ 'webhook-id': 'abc' })).not.toBe(key({ 'x-github-delivery': 'abc' }))
  expect(key({ 'content-type': 'application/json' })).toBeNull()
})

test('a template gives the dedupe key, and one that cannot be read says so and counts as new', () => {
  const data = { body: { order: { id: 7 } } }
  expect(dedupeKeyOf('{{ hook.body.order.id }}', 'hook', data, {})).toEqual({ key: '7', note: null })
  const missing = dedupeKeyOf('{{ hook.body.nothing }}', 'hook', data, {})
  expect(missing.key).toBeNull()
  expect(missing.note).toMatch(/hook\.body\.nothing/)
})
