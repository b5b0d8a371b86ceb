import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLargeValue } from '../domain/values/large-value.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import { parseForm, readFields } from './parse-form.ts'
import { bodyReader, keptFiles } from './test-bodies.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

test('any JSON value that is sent arrives as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(bodyReader().parse(bytes(text), 'application/json')).toEqual({
        body: JSON.parse(text),
        note: null,
        exactText: text,
      })
    }),
  )
})

const parse = async (raw: Uint8Array, type?: string) => bodyReader().parse(raw, type)

test('what claims to be JSON and is not stays text, with a note', async () => {
  const parsed = await parse(bytes('{"a": 1,}'), 'application/json; charset=utf-8')
  expect(parsed.body).toBe('{"a": 1,}')
  expect(parsed.note).toMatch(/not valid JSON/)
})

test.each([
  ['application/vnd.api+json', '{"a":1}', { a: 1 }],
  [undefined, ' [1,2]', [1, 2]],
  [undefined, 'hello', 'hello'],
  ['text/plain', 'hello {', 'hello {'],
  ['text/plain', '[hello]', '[hello]'],
  ['text/html', '[1]', '[1]'],
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
  const kept = keptFiles()
  const { body, note } = await bodyReader(kept).parse(Uint8Array.from(content), type)
  expect(isLargeValue(body)).toBe(true)
  expect(note).toBeNull()
  expect(kept.files).toEqual([Uint8Array.from(content)])
})

test.each([
  ['text/plain; charset=UTF-8', '{"Type":"Notification"}', { Type: 'Notification' }],
  ['text/json', ' [1, 2]', [1, 2]],
  ['text/x-json', '{}', {}],
  ['application/csp-report', '{"csp-report":{}}', { 'csp-report': {} }],
  ['application/x-amz-json-1.1', '{"a":1}', { a: 1 }],
  ['application/vnd.acme', '{"a":1}', { a: 1 }],
  ['application/x-ndjson', '{"a":1}\n\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
])('JSON that is sent as %s is JSON, and its text is kept beside it', async (type, text, body) => {
  expect(await parse(bytes(text), type)).toEqual({ body, note: null, rawBody: text })
})

test('a field of a form that holds JSON is that value, and the form is kept beside it', async () => {
  const sent = `payload=${encodeURIComponent('{"type":"block_actions"}')}&user=ada&n=1&tags=${encodeURIComponent('[1,[2]]')}`
  expect(await parse(bytes(sent), 'application/x-www-form-urlencoded')).toEqual({
    body: { payload: { type: 'block_actions' }, user: 'ada', n: '1', tags: [1, [2]] },
    note: null,
    rawBody: sent,
  })
})

test('numbers that a double cannot hold stay text, with a note, wherever JSON comes in', async () => {
  const exact = '{"id":9007199254740993,"price":1.10}'
  for (const [type, text, body] of [
    ['application/json', exact, { id: '9007199254740993', price: 1.1 }],
    ['text/plain', exact, { id: '9007199254740993', price: 1.1 }],
    ['application/x-www-form-urlencoded', `payload=${exact}`, { payload: { id: '9007199254740993', price: 1.1 } }],
    ['application/x-ndjson', exact, [{ id: '9007199254740993', price: 1.1 }]],
  ] as const) {
    const parsed = await parse(bytes(text), type)
    expect(parsed.body).toEqual(body)
    expect(parsed.note).toContain('9007199254740993')
  }
})

test('text that names no charset and is not UTF-8 is read as Windows-1252, and says so', async () => {
  for (const [type, body] of [
    ['text/plain', 'Café €'],
    ['text/csv; charset=utf-8', 'Café €'],
    ['application/json', { name: 'Café €' }],
  ] as const) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const raw = Buffer.from([...text].map((letter) => (letter === '€' ? 0x80 : letter.charCodeAt(0))))
    const parsed = await parse(raw, type)
    expect(parsed.body).toEqual(body)
    expect(parsed.note).toContain('Windows-1252')
  }
  const form = await parse(bytes('name=Caf%E9'), 'application/x-www-form-urlencoded')
  expect(form).toMatchObject({ body: { name: 'Café' }, note: expect.stringContaining('Windows-1252') })
  expect((await parse(bytes('é'), 'text/plain; charset=klingon')).note).toContain('klingon')
})

test('large JSON is read in a thread of its own, and of very many values only the file goes on', async () => {
  const kept = keptFiles()
  const reader = bodyReader(kept)
  const light = JSON.stringify({ text: 'x'.repeat(400_000), id: 1 })
  expect(await reader.parse(bytes(light), 'application/json')).toMatchObject({ body: JSON.parse(light), note: null })
  const heavy = `[${'{},'.repeat(100_000)}9007199254740993]`
  const parsed = await reader.parse(bytes(heavy), 'application/json')
  expect(isLargeValue(parsed.body) && parsed.body.type).toBe('json')
  expect(parsed.note).toContain('9007199254740993')
  expect(Buffer.from(kept.files[0] ?? []).toString()).toBe(heavy.replace('9007199254740993', '"9007199254740993"'))
  const broken = await reader.parse(bytes(heavy.slice(0, -1)), 'application/json')
  expect(broken.body).toBe(heavy.slice(0, -1))
  expect(broken.note).toMatch(/not valid JSON/)
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  expect((await reader.parse(bytes(deep), 'application/json')).isTooDeep).toBe(true)
  expect((await reader.parse(bytes(deep), 'text/plain')).body).toBe(deep)
})

test('a form is read as URLSearchParams reads it, but for what is no UTF-8', () => {
  const shared = ['a', 'b', '=', '&', '+', '%20', '%C3%A9', '%f0%9f%98%80']
  // Node's own reads letters beyond ASCII wrongly beside an escape that is none.
  const [broken, letters] = [
    ['%', '%zz', '%2'],
    ['é', '😀'],
  ].map((more) => fc.array(fc.constantFrom(...shared, ...more), { maxLength: 30 }))
  fc.assert(
    fc.property(fc.oneof(broken ?? fc.constant([]), letters ?? fc.constant([])), (pieces) => {
      const text = pieces.join('')
      const { fields, isGuessed } = readFields(text) ?? {}
      if (isGuessed === false) expect(fields).toEqual([...new URLSearchParams(text)])
    }),
  )
})

test.each([
  ['nothing but names', 'a&'],
  ['nothing but separators', '&='],
  ['names that are all different', ''],
  ['escapes', '%41%zz='],
])('a form of 5 MB of %s takes no longer than in proportion', async (_, unit) => {
  const make = (n: number): string =>
    unit === '' ? Array.from({ length: n / 8 }, (__, at) => `k${at}`).join('&') : unit.repeat(n / unit.length)
  const time = async (text: string): Promise<number> => {
    const started = performance.now()
    await parse(bytes(text), 'application/x-www-form-urlencoded')
    return performance.now() - started
  }
  const small = make(500_000)
  const least = Math.min(await time(small), await time(small), await time(small))
  const large = make(5_000_000)
  // In proportion to the square it would be a hundred times as long, and was: 18 and 60 seconds.
  expect(Math.min(await time(large), await time(large))).toBeLessThan(40 * Math.max(least, 20))
  const { body, note } = await parse(bytes('a&'.repeat(20_000)), 'application/x-www-form-urlencoded')
  expect(body).toBe('a&'.repeat(20_000))
  expect(note).toContain('too many fields')
})

test.each([
  `text/plain; charset=${' '.repeat(15_000)}"a"b`,
  `text/plain;${';'.repeat(15_000)}`,
  `text/plain; ${'charset="'.repeat(1_800)}`,
])('a content type of 16 KB is no work', async (type) => {
  const started = performance.now()
  for (let n = 0; n < 100; n++) await parse(bytes('x'), type)
  // Each took two seconds once.
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('an empty body is null', async () => {
  expect(await parse(new Uint8Array(), 'application/json')).toEqual({ body: null, note: null })
})

test('a form field called __proto__ is a field like any other', () => {
  expect(Object.keys(parseForm('__proto__=1') ?? {})).toEqual(['__proto__'])
  expect(Object.prototype).not.toHaveProperty('1')
})

test("the sender's id header is the dedupe key, and the same word of another header is another key", () => {
  const key = (headers: Record<string, string>): string | null => dedupeKeyOf(null, {}, headers).key
  expect(key({ 'x-github-delivery': 'abc' })).toBe('x-github-delivery:abc')
  expect(key({ 'webhook-id': 'abc' })).not.toBe(key({ 'x-github-delivery': 'abc' }))
  expect(key({ 'content-type': 'application/json' })).toBeNull()
  expect(key({ 'ce-id': '1', 'ce-source': '/a' })).not.toBe(key({ 'ce-id': '1', 'ce-source': '/b' }))
  expect(key({ 'ce-id': '1' })).toBeNull()
})

test('a template gives the dedupe key, and one that cannot be read says so and counts as new', () => {
  const data = { body: { order: { id: 7 } } }
  expect(dedupeKeyOf('{{ hook.body.order.id }}', { hook: data }, {})).toEqual({ key: '7', note: null })
  const missing = dedupeKeyOf('{{ hook.body.nothing }}', { hook: data }, {})
  expect(missing.key).toBeNull()
  expect(missing.note).toMatch(/hook\.body\.nothing/)
})
