import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLargeValue } from '../domain/large-value.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import { parseBody } from './parse-body.ts'
import { parseForm } from './parse-form.ts'
import { keptBytes } from './test-bodies.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

test('any JSON value that is sent arrives as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(parseBody(bytes(text), 'application/json', keptBytes().keep)).toEqual({
        body: JSON.parse(text),
        note: null,
      })
    }),
  )
})

const parse = async (raw: Uint8Array, type?: string) => parseBody(raw, type, keptBytes().keep)

test('what claims to be JSON and is not stays text, with a note', async () => {
  const parsed = await parse(bytes('{"a": 1,}'), 'application/json; charset=utf-8')
  expect(parsed.body).toBe('{"a": 1,}')
  expect(parsed.note).toMatch(/not valid JSON/)
})

test.each([
  ['application/vnd.api+json', '{"a":1}', { a: 1 }],
  [undefined, ' [1,2]', [1, 2]],
  [undefined, 'hello', 'hello'],
  ['text/plain', '{"a":1}', '{"a":1}'],
  ['application/xml', '<a/>', '<a/>'],
  ['application/x-www-form-urlencoded', '{"a":1}', { a: 1 }],
  ['application/x-www-form-urlencoded; charset=iso-8859-1', 'a=%E9+x&a=%e8&b', { a: ['é x', 'è'], b: '' }],
  ['application/x-www-form-urlencoded', 'a=1&b=x+y&b=%C3%A9', { a: '1', b: ['x y', 'é'] }],
])('a body of type %s is read as what it is', async (type, text, expected) => {
  const { body, note } = await parse(bytes(text), type)
  expect(body).toEqual(expected)
  expect(note).toBeNull()
})

test('a charset is honoured, also where XML or the bytes themselves name it, and an unknown one does not lose the body', async () => {
  expect((await parse(Buffer.from([0xe9]), 'text/plain; charset=iso-8859-1')).body).toBe('é')
  expect((await parse(bytes('é'), 'text/plain; charset=klingon')).body).toBe('é')
  const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><name>Ren\xe9</name>'
  expect((await parse(Buffer.from(xml, 'latin1'), 'text/xml')).body).toBe(xml)
  expect((await parse(Buffer.from([0xff, 0xfe, 0x41, 0, 0xe9, 0]), 'text/plain')).body).toBe('Aé')
  expect((await parse(Buffer.from('\xfe\xff\0A', 'latin1'), 'text/plain')).body).toBe('A')
  expect((await parse(Buffer.from('{"a":"\xe9"}', 'latin1'), 'application/json; charset="latin1"')).body).toEqual({
    a: 'é',
  })
})

test.each([
  ['image/png', [0x89, 0x50, 0xff, 0x00]],
  ['application/octet-stream', [0x41, 0x42]],
  ['text/plain', [0xff, 0x00, 0xfe]],
])('what is no text (%s) becomes a file with the very bytes', async (type, content) => {
  const kept = keptBytes()
  const { body, note } = await parseBody(Uint8Array.from(content), type, kept.keep)
  expect(isLargeValue(body)).toBe(true)
  expect(note).toBeNull()
  expect(kept.files).toEqual([Uint8Array.from(content)])
})

test('an empty body is null', async () => {
  expect(await parse(new Uint8Array(), 'application/json')).toEqual({ body: null, note: null })
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
  expect(key({ 'ce-id': '1', 'ce-source': '/a' })).not.toBe(key({ 'ce-id': '1', 'ce-source': '/b' }))
  expect(key({ 'ce-id': '1' })).toBeNull()
})

test('a template gives the dedupe key, and one that cannot be read says so and counts as new', () => {
  const data = { body: { order: { id: 7 } } }
  expect(dedupeKeyOf('{{ hook.body.order.id }}', 'hook', data, {})).toEqual({ key: '7', note: null })
  const missing = dedupeKeyOf('{{ hook.body.nothing }}', 'hook', data, {})
  expect(missing.key).toBeNull()
  expect(missing.note).toMatch(/hook\.body\.nothing/)
})
